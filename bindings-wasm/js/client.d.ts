/** The client: asks the Instance Metadata Service of this VM. Only in Node: browsers reach no metadata service. */

import "./dispose.js";
import type {
  AccessToken,
  AttestedDocument,
  Availability,
  Diagnosis,
  IdentityInfo,
  Instance,
  Json,
  LoadBalancer,
  ScheduledEvent,
  ScheduledEvents,
  Tags,
  Versions,
} from "./records.js";
import type { Signal } from "./verifier.js";

/** What every call takes. */
export interface CallOptions {
  /** Calls it off, an `AbortSignal`: the call is rejected with the signal's reason, and nothing is left behind. */
  signal?: Signal | undefined;
}

/** The address and the policy of a client. */
export interface ClientOptions {
  /**
   * The address of the service, `http://host[:port][/prefix]`. Unless given: that of `AZURE_IMDS_ENDPOINT`; for tokens
   * that of `AZURE_POD_IDENTITY_AUTHORITY_HOST`; else `http://169.254.169.254`.
   */
  baseUrl?: string;
  /** The api-version to ask for, wherever it exists; the newest documented one unless given. */
  version?: string;
  /** Milliseconds for a whole call with all its attempts: 90,000 unless given, for scheduled events 200,000. */
  timeoutMs?: number;
  /** Milliseconds for one attempt: 5,000 unless given, for a token 15,000, for scheduled events 125,000. */
  attemptTimeoutMs?: number;
  /** Milliseconds for connecting: 2,000 unless given. */
  connectTimeoutMs?: number;
  /** Bytes of an answer: 1 MiB unless given. */
  maxBody?: number;
  /** Attempts after the first when the service is throttling or in trouble: 4 unless given. */
  retries?: number;
  /** Attempts after the first when the service can't be reached: 2 unless given. */
  transportRetries?: number;
  /** Milliseconds of the first wait, doubled each time up to a minute: 1,000 unless given. */
  backoffMs?: number;
  /** Whether to ask for another version when the service refuses one: true unless given. */
  negotiate?: boolean;
  /** Whether to keep the calls of this client within what the service allows a VM, five a second: true unless given. */
  paced?: boolean;
  /** For programs that run while the VM is being set up: tries for 20 minutes. */
  provisioning?: boolean;
  /**
   * Whether `get` and `text` ask only once for a field that stays the same while the machine runs, such as
   * `compute/vmId`: true unless given. `explain(name)` tells which do: `Field.fixed`.
   */
  cache?: boolean;
  /** Environment variables to read instead of those of this process. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** What carries requests instead of `node:http`. */
  transport?: Transport;
}

/** A request for a transport to carry, with the limits to keep. */
export interface TransportRequest {
  readonly method: "GET" | "POST";
  /** The address, to be asked as it is. */
  readonly url: string;
  /** The header fields, in order. */
  readonly headers: readonly (readonly [string, string])[];
  /** The body; empty for none. */
  readonly body: Uint8Array;
  /** `direct`: never through a proxy. */
  readonly route: "direct" | "internet";
  /** Milliseconds for connecting. */
  readonly connectTimeoutMs: number;
  /** When the whole answer has to be there, on the clock of `performance.now()`. */
  readonly deadlineMs: number;
  /** Bytes that the answer's body may have. */
  readonly maxBody: number;
}

/** What came back. */
export interface TransportResponse {
  /** The status code. */
  status: number;
  /** The header fields, in order. */
  headers: Iterable<readonly [string, string]>;
  /** The whole body after transfer decoding; of a longer one at most one byte more than the request allows. */
  body: Uint8Array;
}

/**
 * Carries a request.
 *
 * It keeps the limits of the request, uses no proxy, follows no redirect, and adds no `X-Forwarded-For`. If there is no
 * whole answer it rejects with a `TransportError` with one of the codes `connect_timeout`, `read_timeout`, `refused`
 * (only if nothing was sent), `truncated`, `too_long`, `unreachable` and `local_failure` (both again only if nothing was
 * sent; the latter for what says nothing of the server, such as too many open files). Whatever else it rejects with ends
 * the call and reaches the caller. The signal tells that nobody waits for the answer any more.
 */
export type Transport = (
  request: TransportRequest,
  options: { readonly signal: Signal | undefined },
) => Promise<TransportResponse>;

/**
 * Asks the Instance Metadata Service of this VM.
 *
 * Make one and keep it: it remembers which api-version the service accepts, keeps its calls within what the service
 * allows a VM, and asks only once for what stays the same while the machine runs.
 *
 * A call is rejected with a `TransportError` if the service can't be reached and with a `ServiceError` if its answer is
 * of no use, after it has tried again as long as that makes sense; `error.attempts` tells what was tried. It is
 * rejected with a `UsageError`, before anything is sent, if what was asked makes no sense.
 */
export class Client {
  /**
   * Fixes the address and the policy. Nothing is sent.
   *
   * @throws {UsageError} `argument_type`, `argument_value`, `endpoint_malformed`, `version_malformed`.
   */
  constructor(options?: ClientOptions);

  /** The address asked, up to `/metadata`. */
  get baseUrl(): string;

  /** Everything about the instance. */
  instance(options?: InstanceOptions): Promise<Instance>;

  /**
   * The value at a path below the instance, as plain values: object, array, or text for a single value.
   *
   * Rejected with `path_not_found` if there is no such path in the answer, with `path_malformed` if it is none.
   *
   * @param path Keys and indexes from zero: `compute/vmId`, `network/interface/0/macAddress`.
   */
  get(path: string, options?: CallOptions): Promise<Json>;

  /** The text at a path below the instance: of a single value itself, of anything else a listing of its keys. */
  text(path: string, options?: CallOptions): Promise<string>;

  /** The tags of the VM. */
  tags(options?: CallOptions): Promise<Tags>;

  /**
   * A signed document, for a `Verifier` elsewhere to check.
   *
   * The service caches. A document with another nonce is asked for again until the time is over, then `nonce_stale`.
   */
  attestedDocument(options?: AttestedDocumentOptions): Promise<AttestedDocument>;

  /**
   * A token of one of the VM's managed identities: the system-assigned one, or the only one, unless one is named.
   *
   * The service keeps tokens and gives the same one again; this client keeps none.
   *
   * @param resource The App ID URI of what the token is shown to, as in `https://management.azure.com/`; a slash at its
   *   end matters.
   */
  token(resource: string, options?: TokenOptions): Promise<AccessToken>;

  /** The tenant of the VM's managed identities. */
  identityInfo(options?: CallOptions): Promise<IdentityInfo>;

  /** The maintenance to come. The first reading ever may take two minutes. */
  scheduledEvents(options?: CallOptions): Promise<ScheduledEvents>;

  /**
   * Approves events, so that they start without waiting for their time; for all the VMs that they concern.
   *
   * Tried again only where the service has certainly not acted on the request.
   */
  approve(events: string | ScheduledEvent | Iterable<string | ScheduledEvent>, options?: CallOptions): Promise<void>;

  /**
   * Gives the scheduled events now, and again whenever they have changed. Never ends by itself.
   *
   * An error of a call is thrown and does not end the watch: ask for the next value to go on.
   */
  watchEvents(options?: WatchOptions): EventsWatch;

  /** The load balancer and the public addresses. Most VMs have none: `load_balancer_absent`. */
  loadBalancer(options?: CallOptions): Promise<LoadBalancer>;

  /** The versions that the service names, which need not be all that it accepts. */
  versions(options?: CallOptions): Promise<Versions>;

  /** Whether the service is there, within a second. Never rejected for an absent one, and never remembered. */
  isAvailable(options?: CallOptions): Promise<boolean>;

  /** The same, with the reason and the name of what answers. */
  availability(options?: CallOptions): Promise<Availability>;

  /**
   * Examines why the service can't be reached, or whether all is well. Takes a few seconds at most.
   *
   * Looks at the proxy variables, the routes and the firmware's name of this machine, and asks the service twice.
   */
  diagnose(options?: CallOptions): Promise<Diagnosis>;
}

/** What `instance` takes. */
export interface InstanceOptions extends CallOptions {
  /**
   * Ask for what provisioning agents need as well. Fails where the plain call would answer in part, while the service
   * is not ready.
   */
  extended?: boolean;
}

/** What `attestedDocument` takes. */
export interface AttestedDocumentOptions extends CallOptions {
  /**
   * What the document is to hold: 32 random letters and digits of the verifying party; the service takes at most 32
   * printable characters of ASCII. Without one it puts a time there.
   */
  nonce?: string;
}

/** What `token` takes: at most one of the first three. */
export interface TokenOptions extends CallOptions {
  /** The identity by its client ID. */
  clientId?: string;
  /** The identity by its object ID. */
  objectId?: string;
  /** The identity by its resource ID, `/subscriptions/...`. */
  resourceId?: string;
  /** Have a new token made instead of the one that the service keeps. */
  bypassCache?: boolean;
}

/** The scheduled events whenever they have changed. Leaving the loop ends it, and so does `await using`. */
export interface EventsWatch extends AsyncIterableIterator<ScheduledEvents> {
  /** Ends the watch: what it waits for is called off. */
  return(): Promise<IteratorResult<ScheduledEvents>>;
  /** The same as `return()`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What `watchEvents` takes. */
export interface WatchOptions extends CallOptions {
  /** Milliseconds from one reading to the next: 1,000 unless given. */
  intervalMs?: number;
}
