// What a consumer in TypeScript writes; `tsc --noEmit` must accept it, and refuse the lines that are marked.

import {
  type AccessToken,
  AT_SIGNING_TIME,
  type AttestedDocument,
  type Certificates,
  Client,
  type CloudName,
  ImdsError,
  init,
  Instance,
  type Json,
  knownIssuers,
  NONCE_NOT_CHECKED,
  type Plan,
  recognise,
  type Report,
  type ScheduledEvents,
  ServiceError,
  type Transport,
  TransportError,
  UsageError,
  type VerifiedDocument,
  Verifier,
  VerifyError,
} from "azure-imds";
import { Emulator, type ServedEmulator, startEmulator } from "azure-imds/emulator";
import { Verifier as Alone, VerifyError as AloneError } from "azure-imds/verifier";

/** These types need no library but that of the language. */
declare const console: { log(...values: unknown[]): void };

export async function admit(answer: string | Uint8Array, nonce: string): Promise<string> {
  await init();
  const anchors: Certificates = [new Uint8Array(), "-----BEGIN CERTIFICATE-----"];
  const verifier = new Verifier({ anchors, issuers: "", fetch: false, allowOrigins: ["https://mirror.test/"] });
  const plan: Plan = { name: "a", product: "b", publisher: "c" };
  const clouds: CloudName[] = ["public", "usgov"];
  try {
    const document: VerifiedDocument = await verifier.verify(answer, { nonce, maxAge: 600, clouds, plan });
    const created: Date = document.createdOn;
    const claim: unknown = document.claims["vmId"];
    const der: Uint8Array | undefined = document.chain[0]?.der;
    return `${document.vmId} ${created.toISOString()} ${String(claim)} ${der?.length ?? 0}`;
  } catch (error) {
    if (error instanceof VerifyError) return `${error.code} ${error.summary} ${error.report?.headline.title ?? ""}`;
    if (error instanceof UsageError || error instanceof ImdsError) return error.code;
    throw error;
  }
}

export async function explain(answer: ArrayBuffer): Promise<Report> {
  const report = await new Alone().explain(answer, { nonce: NONCE_NOT_CHECKED, now: AT_SIGNING_TIME });
  for (const line of report.checks) {
    const outcome: "passed" | "failed" | "not_checked" | "not_reached" = line.outcome;
    console.log(line.name, outcome, line.detail);
  }
  return report;
}

/** What an `AbortSignal` has, where the surroundings have no type of that name. */
interface Aborting {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: string, listener: (event: object) => void): void;
  removeEventListener(type: string, listener: (event: object) => void): void;
}

export async function ask(signal: Aborting): Promise<string> {
  const transport: Transport = async (request, options) => {
    if (options.signal?.aborted) throw new TransportError("called off", { code: "unreachable" });
    return { status: 200, headers: [["Server", request.url]], body: new Uint8Array(request.maxBody) };
  };
  const client = new Client({ timeoutMs: 5_000, environment: { AZURE_IMDS_ENDPOINT: undefined }, transport });
  try {
    const instance: Instance = await client.instance({ signal, extended: true });
    const size: number | undefined = instance.compute.storageProfile.dataDisks[0]?.diskSizeGb;
    const value: Json = await client.get("compute/tagsList");
    const token: AccessToken = await client.token("https://vault.azure.net", { clientId: "x", signal });
    const signed: AttestedDocument = await client.attestedDocument({ nonce: "1", signal });
    console.log(await new Verifier().verify(signed, { nonce: "1" }), await new Alone().explain(signed, { nonce: "1" }));
    const expires: Date | undefined = token.expiresOn;
    for (const [name, tag] of await client.tags()) console.log(name, tag);
    for await (const events of client.watchEvents({ intervalMs: 5_000, signal })) {
      const all: ScheduledEvents = events;
      await client.approve(all.events);
      if (all.events[0]?.notBefore instanceof Date) break;
    }
    await client.watchEvents()[Symbol.asyncDispose]();
    return `${size} ${String(value)} ${expires?.toISOString()} ${token.secret} ${instance.tags.get("env") ?? ""}`;
  } catch (error) {
    if (error instanceof ServiceError || error instanceof TransportError) {
      return error.attempts.map((attempt) => `${attempt.afterMs} ${attempt.status ?? attempt.code}`).join();
    }
    throw error;
  }
}

export async function emulate(): Promise<void> {
  const emulator: ServedEmulator = await startEmulator({ machine: { compute: { name: "a" } }, faults: ["token:429"] });
  const verifier: Verifier = new Verifier({ ...emulator.trust, fetch: false });
  const event: string = emulator.schedule("live-migration", { notice: 60 });
  console.log(verifier, event, emulator.requests[0]?.target, new Emulator({ limits: false }).fetch);
  await emulator.close();
  await emulator.unref()[Symbol.asyncDispose]();
}

export const same: typeof VerifyError = AloneError;
export const names: string[] = knownIssuers().map((it) => it.name);
export const material: string = recognise("x").material;

export function refused(verifier: Verifier, document: VerifiedDocument, report: Report): void {
  // @ts-expect-error The nonce can't be left out.
  void verifier.verify("", {});
  // @ts-expect-error Nor can it be undefined.
  void verifier.verify("", { nonce: undefined });
  // @ts-expect-error Nor the options.
  void verifier.verify("");
  // @ts-expect-error Decoded JSON is no document.
  void verifier.verify({ encoding: "pkcs7", signature: "" }, { nonce: "1" });
  // @ts-expect-error Nor is what looks like a client's.
  void verifier.verify({ text: "", signature: "", toString: () => "" }, { nonce: "1" });
  // @ts-expect-error No number is a time: seconds or milliseconds?
  void verifier.verify("", { nonce: "1", now: 5 });
  // @ts-expect-error There is no such cloud.
  void verifier.verify("", { nonce: "1", clouds: ["moon"] });
  // @ts-expect-error Misspelt.
  void verifier.verify("", { nonce: "1", maxage: 5 });
  // @ts-expect-error A verified document can't be changed.
  document.vmId = "other";
  // @ts-expect-error Nor made.
  new (document.constructor as typeof VerifiedDocument)();
  // @ts-expect-error A report may have no document.
  report.document.vmId;
  // @ts-expect-error Seconds or milliseconds?
  new Client({ timeout: 5 });
  // @ts-expect-error A field may be absent.
  new Instance("{}").compute.vmId.length;
  // @ts-expect-error Misspelt.
  void new Client().token("r", { clientID: "x" });
}
