// What a consumer in TypeScript writes; `tsc --noEmit` must accept it, and refuse the lines that are marked.

import {
  AT_SIGNING_TIME,
  type Certificates,
  type CloudName,
  ImdsError,
  init,
  knownIssuers,
  NONCE_NOT_CHECKED,
  type Plan,
  recognise,
  type Report,
  UsageError,
  type VerifiedDocument,
  Verifier,
  VerifyError,
} from "azure-imds";
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
}
