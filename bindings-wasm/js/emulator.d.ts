/**
 * A metadata service of one's own, to develop and test against: it answers as the service does, faults included.
 *
 * ```js
 * import { startEmulator } from "azure-imds/emulator";
 *
 * const emulator = await startEmulator({ machine: { compute: { name: "web-1" } }, faults: ["token:429x2"] });
 * // ask emulator.url with any HTTP client
 * await emulator.close(); // or `await using emulator = ..`
 * ```
 *
 * Only in Node. The program `azure-imds serve` is the same on a command line.
 */

import "./dispose.js";
import type { Signal } from "./verifier.js";

/** What an emulator is made of. */
export interface EmulatorOptions {
  /**
   * What differs from the default machine, in the service's own words, such as `{ compute: { location: "westus3" } }`;
   * an object or the text of a JSON file. Beside the machine's parts it may hold `choices` and `limits`.
   */
  machine?: object | string;
  /** 32 bytes that all keys and identifiers follow from; random unless given. */
  seed?: Uint8Array;
  /** Whether more requests than the service takes are throttled: true unless given. */
  limits?: boolean;
  /** How many times as fast scheduled events run. */
  speed?: number;
  /** Rules in text, such as `"token:429x2"`. */
  faults?: Iterable<string>;
  /** Names of events to schedule now, such as `"live-migration"`. */
  scenarios?: Iterable<string>;
  /** Where it is reached, `http://127.0.0.1:8080` unless given. Certificates and tokens name it. */
  origin?: string;
  /** Key and certificates to sign with, PEM; made from the seed unless given. */
  authority?: string;
}

/**
 * What `startEmulator` takes. Where it is reached follows from the port. Those that are given neither seed nor
 * authority have one random seed for the whole process, so that keys, which take a second, are made once.
 */
export interface ServeOptions extends Omit<EmulatorOptions, "origin"> {
  /** The port of 127.0.0.1; a free one unless given. */
  port?: number;
  /** Takes a line for each request. */
  log?: ((line: string) => void) | undefined;
}

/** What of a `Request` is needed here. */
export interface FetchRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Iterable<[string, string]>;
  readonly body: AsyncIterable<Uint8Array> | object | null;
  readonly signal?: Signal;
}

/** A `Response`, where the surroundings have a type of that name. */
export type FetchResponse = typeof globalThis extends { Response: { prototype: infer R } } ? R : object;

/** A request as a server receives it. */
export interface Incoming {
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  readonly headers?: Iterable<readonly [string, string]>;
  readonly body?: Uint8Array;
}

/** An answer, and how it is to be delivered. */
export interface Reply {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
  /** Milliseconds to wait before the first byte. */
  readonly delayMs: number;
  /** How the answer ends. */
  readonly ending: "drop" | "endless" | "hang" | "slow" | "truncate" | "whole";
  /** Bytes a second for `slow`, bytes in all for `truncate`. */
  readonly amount: number | undefined;
  /** The part of the service. */
  readonly part: string;
  /** The fault that is played, as it would be written. */
  readonly fault: string | undefined;
}

/** What came, and what was answered. */
export interface JournalEntry {
  readonly at: Date;
  /** The same on the monotonic clock, in milliseconds. */
  readonly atMs: number;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  /** The first 4,096 bytes. */
  readonly body: Uint8Array;
  /** The part of the service: `instance`, `token`, ... */
  readonly part: string;
  readonly status: number;
  /** The fault that was played; nothing for the service's own answer. */
  readonly fault: string | undefined;
}

/** An event that is under way. */
export interface EmulatedEvent {
  readonly id: string;
  readonly eventType: string;
  readonly status: "Scheduled" | "Started";
  readonly notBefore: Date;
  readonly resources: readonly string[];
}

/** What a verifier needs to accept the emulator's documents: `new Verifier(emulator.trust)`. */
export interface EmulatorTrust {
  /** The emulator's root, DER. No default anchor leads to it. */
  readonly anchors: Uint8Array;
  /** The certification authority that issues its signers, DER. */
  readonly issuers: Uint8Array;
}

/** What differs from a scenario. */
export interface Scenario {
  /** The machines that it is about; this one unless given. */
  resources?: Iterable<string>;
  eventType?: string;
  eventSource?: string;
  description?: string;
  durationInSeconds?: number;
  /** Seconds from now to `NotBefore`. */
  notice?: number;
  /** Seconds that it stays `Started`. */
  started?: number;
  course?: string;
}

/** A metadata service for one machine. */
export class Emulator {
  /**
   * Makes a machine's service.
   *
   * @throws {UsageError} `configuration_malformed`, `fault_malformed`, `scenario_malformed`, `origin_malformed`,
   *   `authority_unusable`, `argument_type`, `argument_value`.
   */
  constructor(options?: EmulatorOptions);
  /** Where it is reached, without a slash at the end. */
  get url(): string;
  /** The seed. */
  get seed(): Uint8Array;
  /** The variables by which clients find it. */
  get environment(): Record<string, string>;
  /**
   * The machine, with `choices` and `limits`; to be read only.
   *
   * What is set takes the place of all of it: parts that are not given are those of the default machine. `change` keeps
   * them.
   */
  get machine(): Machine;
  set machine(machine: object | string);
  /** The paths of what the machine has and the list of fields does not know. It is served as it was given. */
  get unknown(): readonly string[];
  /** Lays changes over the machine: objects are merged, everything else is replaced. The next answer shows it. */
  change(changes: object): void;
  /** Lets something go wrong: adds a rule after those there are. */
  fault(rule: string): void;
  /** The rules. */
  get faults(): readonly string[];
  /** Lets everything be well again. */
  clearFaults(): void;
  /** Schedules an event, `live-migration` unless another is named, and gives its `EventId`. */
  schedule(scenario?: string, changes?: Scenario): string;
  /** Takes an event back. Says whether it was there. */
  cancel(eventId: string): boolean;
  /** The events under way, as of the last request. */
  get events(): readonly EmulatedEvent[];
  /** What was asked, oldest first: the last thousand requests. */
  get requests(): readonly JournalEntry[];
  /** Forgets what was asked. */
  clearRequests(): void;
  /** What a verifier needs to accept its documents. The keys are made when they are first needed. */
  get trust(): EmulatorTrust;
  /** The root of its documents, PEM. */
  get rootPem(): string;
  /** Key and certificates of its authority, as `authority` takes them. Not for strangers. */
  get authorityPem(): string;
  /** Sets its clocks forward: events go on, tokens age, limits are forgotten, without waiting. */
  advance(ms: number): void;
  /** Makes all keys now, which the first document and the first token else wait for. */
  makeKeys(): void;
  /** Answers a request: what servers call. */
  handle(request: Incoming): Reply;
  /**
   * Answers a `Request` of `fetch`; to be passed on as a function.
   *
   * Faults are played as whoever calls `fetch` sees them: `drop` rejects, `hang` lasts until the request is called off,
   * the body of `truncate` breaks off.
   */
  readonly fetch: (request: FetchRequest) => Promise<FetchResponse>;
}

/** A machine as its service tells of it. */
export interface Machine {
  readonly classic: boolean;
  readonly compute: Readonly<Record<string, unknown>>;
  readonly network: Readonly<Record<string, unknown>>;
  readonly extended: Readonly<Record<string, unknown>>;
  readonly identity: Readonly<Record<string, unknown>>;
  readonly loadBalancer?: Readonly<Record<string, unknown>>;
  readonly limits: Readonly<Record<string, number>>;
  readonly choices: Readonly<Record<string, unknown>>;
}

/**
 * An emulator that listens. It does not keep the process: where nothing else does, call `ref()`.
 *
 * ```js
 * await using emulator = await startEmulator(); // closed at the end of the block, whatever ends it
 * ```
 */
export interface ServedEmulator extends Emulator {
  /** From now on the process goes on until the emulator is closed. */
  ref(): this;
  /** From now on the emulator does not keep the process, as after `startEmulator`. */
  unref(): this;
  /** Ends it. Answers under way may take as many milliseconds as are given, none unless they are. */
  close(options?: { graceMs?: number }): Promise<void>;
  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Serves an emulator on 127.0.0.1. To be closed.
 *
 * Rejected with `address_unusable` if the port can't be listened on, and with what `Emulator` throws.
 */
export function startEmulator(options?: ServeOptions): Promise<ServedEmulator>;

/** The variables by which clients find a service at another address than the usual one. */
export function environmentOf(url: string): Record<string, string>;

/** The names of scenarios. */
export function scenarios(): readonly string[];

/** What can be made wrong with an attested document. */
export function tampers(): readonly string[];

/** The header field of a request that asks for a fault, one step in text. */
export const FAULT_HEADER: string;
