/** The verifier: decides whether an attested document was signed by Azure, for this VM, now, for this nonce. */

import type {
  ErrorCode,
  FetchCode,
  NotFetchedCode,
  ServiceCode,
  TransportCode,
  UsageCode,
  VerifyCode,
} from "./codes.js";
import type { AttestedDocument } from "./records.js";

export type {
  ErrorCode,
  FetchCode,
  NotFetchedCode,
  ServiceCode,
  TransportCode,
  UsageCode,
  VerifyCode,
} from "./codes.js";

/**
 * Loads the WebAssembly module. To be awaited before anything else in browsers; in Node nothing is left to do.
 *
 * @param source Where the module is, or the module itself. Unless given it is beside the package's own files, where
 *   bundlers that know `new URL(.., import.meta.url)` put it.
 */
export function init(source?: InitSource): Promise<void>;

/**
 * Where the WebAssembly module comes from: an address (a text or a `URL`), a `Request`, a `Response` or the promise of
 * one, bytes, or a `WebAssembly.Module`. Not named by type, so that these types need no library of the browser's.
 */
export type InitSource = string | object;

/**
 * The caller does not check the nonce, and says so.
 *
 * Anybody who saw the document may then hand it in as well, for at most six hours and the skew after its creation: any
 * process on the VM can. Give a `maxAge`, and keep a list of the documents seen, by `VerifiedDocument.identity`: the
 * bytes of one can be rewritten, its identity can't.
 */
export const NONCE_NOT_CHECKED: unique symbol;

/**
 * Judge the chain at the time at which the document says it was created, and do not hold against it that it expired.
 * For archives, never for admission.
 */
export const AT_SIGNING_TIME: unique symbol;

/** An Azure cloud. */
export type CloudName = "public" | "usgov" | "china" | "germany";

/** Bytes. */
export type Bytes = Uint8Array | ArrayBuffer;

/** Certificates: PEM as text or bytes (any number), DER as bytes (one), or several of these. */
export type Certificates = string | Bytes | Iterable<string | Bytes>;

/** A plan of the Azure Marketplace, which the VM's image was sold under. */
export interface Plan {
  /** The plan. */
  readonly name: string;
  /** The offer. */
  readonly product: string;
  /** The publisher. */
  readonly publisher: string;
}

/** What is trusted. */
export interface VerifierOptions {
  /**
   * The roots to trust, and no others. Unless given those of `defaultAnchors()`; to add to these, give
   * `[...defaultAnchors(), mine]`. An empty list refuses every document. A root whose own validity is over is refused
   * like any other certificate.
   */
  anchors?: Certificates | null;
  /** Intermediates to have at hand. They are not trusted: they only help to find a path to an anchor. */
  issuers?: Certificates;
  /**
   * Whether missing issuers may be fetched: from known places of Azure's authorities (and `allowOrigins`) alone, and
   * only for a document of which everything else is in order. True unless given. Only in Node: browsers fetch nothing.
   */
  fetch?: boolean;
  /** Seconds that fetching and waiting for it may take for one document: 5 unless given. Only in Node. */
  fetchTimeout?: number | null;
  /** Further places to fetch issuers from, as `scheme://host:port/prefix`. Only in Node. */
  allowOrigins?: Iterable<string>;
  /**
   * Certificates and public keys that are shut out, by SHA-256: that of the whole certificate, or that of its
   * SubjectPublicKeyInfo; 64 hexadecimal digits each (colons between the octets allowed), or 32 bytes. It goes for
   * signers, issuers and anchors. A public key is the surer choice: a CA may certify it again, and a certificate signed
   * with ECDSA can be rewritten.
   */
  deny?: Iterable<string | Bytes>;
  /**
   * Called with each verified document that says that Azure changes its issuers: one with `document.newIssuers`. What
   * it returns is awaited; what it throws, or a promise that it rejects, rejects `verify`.
   */
  onUnknownIssuer?: ((document: VerifiedDocument) => void | Promise<void>) | null;
}

/** What an `AbortSignal` has that is needed here. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** What is expected of a document. */
export interface VerifyOptions {
  /**
   * The nonce that the document was asked for with, or `NONCE_NOT_CHECKED`. This side makes it, of 32 letters and
   * digits: `Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("hex")`.
   */
  nonce: string | typeof NONCE_NOT_CHECKED;
  /** The time to judge at; this machine's clock unless given. */
  now?: Date | typeof AT_SIGNING_TIME | null;
  /** The clouds whose documents are accepted: the public one unless given. */
  clouds?: Iterable<CloudName>;
  /** Accept no document created more than so many seconds ago. The skew is not added. */
  maxAge?: number | null;
  /** Accept a document of this VM alone. */
  vmId?: string | null;
  /** Accept a document of this subscription alone. */
  subscriptionId?: string | null;
  /** Accept a document of this image SKU alone. */
  sku?: string | null;
  /** Accept a document of this marketplace plan alone. */
  plan?: Plan | null;
  /**
   * Seconds by which this machine's clock may differ from Azure's: 300 unless given, at most an hour. SECURITY.md says
   * "how long a document is good".
   */
  skew?: number | null;
  /** Calls it off while it waits for an issuer, an `AbortSignal`: it is then rejected with the signal's reason. */
  signal?: Signal | null;
}

/** Decides whether a document was signed by Azure for the VM it names. Make one and keep it: it remembers chains. */
export class Verifier {
  /**
   * Fixes what is trusted.
   *
   * @throws {UsageError} `argument_type`, `argument_value`, `bundle_empty`, `certificate_unreadable`,
   *   `origin_malformed`, `fingerprint_malformed`.
   */
  constructor(options?: VerifierOptions);

  /**
   * Verifies a document: the service's JSON answer, its base64 `signature` alone, PEM or DER; or what a `Client` gave.
   *
   * The promise is rejected with a `VerifyError` if the document is refused (the first check that failed), with a
   * `UsageError` if what was asked makes no sense; whatever the document holds is never the cause of that.
   */
  verify(document: string | Bytes | AttestedDocument, options: VerifyOptions): Promise<VerifiedDocument>;

  /** Says what became of every check, for accepted and refused documents alike. Takes what `verify` takes. */
  explain(document: string | Bytes | AttestedDocument, options: VerifyOptions): Promise<Report>;
}

/**
 * A document that Azure signed, or somebody under a root that was added. Only a verification makes one.
 *
 * Under a default anchor it proves that the metadata service of `cloud` said this of the VM `vmId`, and with a nonce
 * that it said so after the nonce was made. It does not prove who handed it in: every process on that VM can read such
 * a document.
 */
export class VerifiedDocument {
  private constructor();
  /**
   * What the document is known by, 64 hexadecimal digits: the same however it is written down, and no other document's.
   * The key of a list of documents seen; their bytes are not fit for that.
   */
  readonly identity: string;
  /** The VM's UUID, as written. */
  readonly vmId: string;
  /** The subscription, if the document names one. */
  readonly subscriptionId: string | undefined;
  /** The SKU of the image, if the document names one. */
  readonly sku: string | undefined;
  /** The plan of the image, if it is of the marketplace. */
  readonly plan: Plan | undefined;
  /** The licence type, with Azure Hybrid Benefit. */
  readonly licenseType: string | undefined;
  /** The nonce, if the document has one: see `nonceChecked`. */
  readonly nonce: string | undefined;
  /** Whether the nonce was compared with one that the caller gave. */
  readonly nonceChecked: boolean;
  /** When the document was created. */
  readonly createdOn: Date;
  /**
   * What the document says of its end, `expiresOn`. It is accepted for six hours and the skew after `createdOn` at most.
   */
  readonly expiresOn: Date;
  /** The cloud whose metadata service signed. */
  readonly cloud: CloudName;
  /** The region of the signer, if its names tell one. */
  readonly region: string | undefined;
  /** The names of the signer, in lower case. */
  readonly names: readonly string[];
  /** The verified path, from the signer's certificate to the anchor. */
  readonly chain: readonly ChainCertificate[];
  /** The certificates above the signer's that `knownIssuers()` does not have. The document is verified all the same. */
  readonly unknownIssuers: readonly ChainCertificate[];
  /**
   * Those of them that say that Azure changes its issuers: all if the chain ends in a root that `knownIssuers()` has,
   * none under any other root.
   */
  readonly newIssuers: readonly ChainCertificate[];
  /** The root that the verdict rests on: the last of the chain. */
  get anchor(): ChainCertificate;
  /** Whether that is one of `defaultAnchors()`. Under another the document is worth what that root is worth. */
  readonly isDefaultAnchor: boolean;
  /** Which time the verdict speaks of. At `signing_time` it is open whether the document has expired. */
  readonly timeBasis: "now" | "signing_time";
  /** The time the verdict speaks of. */
  readonly judgedAt: Date;
  /** The signed JSON, as the service wrote it. */
  readonly content: string;
  /** The signed JSON as values. It may hold claims that this package does not know. */
  get claims(): Record<string, unknown>;
  /** One sentence for people. */
  toString(): string;
  /** The document in its JSON form, for `JSON.stringify` too. */
  toJSON(): VerifiedDocumentJson;
}

/** A certificate of a chain. Names are bounded and escaped, fit to show. */
export interface ChainCertificate {
  /** Subject in the form of RFC 4514. */
  readonly subject: string;
  /** Issuer in the form of RFC 4514. */
  readonly issuer: string;
  /** Serial number in hexadecimal. */
  readonly serial: string;
  /** SHA-256 of the whole certificate, in hexadecimal. */
  readonly sha256: string;
  /** SHA-256 of its SubjectPublicKeyInfo, in hexadecimal. */
  readonly publicKeySha256: string;
  /** First moment of its validity. */
  readonly notBefore: Date;
  /** Last moment of its validity. */
  readonly notAfter: Date;
  /** Kind and size of its key: `RSA-2048`, `P-256`; empty if the key is of no accepted kind. */
  readonly key: string;
  /** The whole certificate, DER. */
  readonly der: Uint8Array;
  /** The whole certificate, PEM. */
  readonly pem: string;
  /** The certificate in its JSON form, for `JSON.stringify` too. */
  toJSON(): ChainCertificateJson;
}

/**
 * What a verification found, whether the document was accepted or not. After `if (report.verified)`, TypeScript knows
 * which.
 */
export type Report = VerifiedReport | RefusedReport;
export const Report: ReportClass;

/** The class of reports. Only a verification makes one. */
export interface ReportClass {
  readonly prototype: Report;
  [Symbol.hasInstance](value: unknown): value is Report;
}

/** What a verification found that accepted the document. */
export interface VerifiedReport extends ReportMembers {
  /** Whether the document is accepted. */
  readonly verified: true;
  /** The document. */
  readonly document: VerifiedDocument;
  readonly error?: undefined;
  readonly unverified?: undefined;
}

/** What a verification found that refused the document. */
export interface RefusedReport extends ReportMembers {
  /** Whether the document is accepted. */
  readonly verified: false;
  readonly document?: undefined;
  /** The first failure in the order of the checks. */
  readonly error: Failure;
  /** The content of the document, which nobody vouches for. As it came: show it by `quoted`. */
  readonly unverified: string | undefined;
}

/** What every report has. */
export interface ReportMembers {
  /** What the report comes to, in words. */
  readonly headline: Headline;
  /** Every check, in order. */
  readonly checks: readonly CheckLine[];
  /** The verified path; for a refused document what was found, of which nothing is proven. */
  readonly chain: readonly ChainCertificate[];
  /** The attempts to fetch issuers, those of other verifications included that are remembered. */
  readonly fetches: readonly Fetch[];
  /** Why no request, or no further one, was made for a missing issuer. Nothing where each address was asked. */
  readonly notFetched: string | undefined;
  /** The stable name of that reason. */
  readonly notFetchedCode: NotFetchedCode | undefined;
  /** Plain text for people: verdict, checks, chain, next step. */
  toString(): string;
  /**
   * The report in its JSON form, for `JSON.stringify` too. With `unverified` the content of a refused document, which
   * nobody vouches for, goes along.
   */
  toJSON(options?: { unverified?: boolean }): ReportJson;
}

/** What a report comes to. */
export interface Headline {
  /** Its stable name. */
  readonly name:
    | "verified"
    | "verified_at_signing"
    | "verified_by_added_root"
    | "verified_at_signing_by_added_root"
    | "nothing_checked"
    | "not_acceptable"
    | "wrong_signature"
    | "not_azure"
    | "issuer_missing"
    | "root_not_trusted"
    | "no_valid_path"
    | "claims_unreadable"
    | "not_valid_now"
    | "not_expected";
  /** It in words. */
  readonly title: string;
  /** What that means. */
  readonly meaning: string;
}

/** Why a document is refused. */
export interface Failure {
  /** The stable name of the error. */
  readonly code: VerifyCode;
  /** The error with the compared values, bounded and escaped. */
  readonly message: string;
  /** The error without any value, of the document or of what was expected: fit for the one who handed it in. */
  readonly summary: string;
  /** What to do about it, as fit for a stranger's eyes. */
  readonly nextStep: string;
  /** Whether the same call may well succeed later. */
  readonly retryable: boolean;
  /** The next step for people who see no code: for a page. */
  readonly pageStep: string;
  /** The certificates that are missing, or the root that is not trusted, if that is the reason. */
  readonly missing: readonly MissingCertificate[];
}

/**
 * A certificate that is missing between a signer and a root, or a root that is not trusted. Several of one name are
 * certificates of one issuer, any of which does; one of another name is missing above them.
 */
export interface MissingCertificate {
  /** Its subject, bounded and escaped. */
  readonly name: string;
  /** Its SHA-256 in hexadecimal, where it is a known one. */
  readonly sha256: string | undefined;
  /** Where it can be fetched. */
  readonly url: string | undefined;
}

/** The checks of a verification. */
export type CheckName =
  | "input"
  | "signed_data"
  | "signer_certificate"
  | "algorithms"
  | "key_strength"
  | "content_signature"
  | "content"
  | "names"
  | "chain"
  | "claims"
  | "nonce"
  | "window"
  | "max_age"
  | "vm_id"
  | "subscription_id"
  | "sku"
  | "plan";

/** One line of a report. */
export interface CheckLine {
  /** The check. */
  readonly name: CheckName;
  /** What became of it. */
  readonly outcome: "passed" | "failed" | "not_checked" | "not_reached";
  /** The code of its error, if it failed. */
  readonly code: VerifyCode | undefined;
  /** The evidence, bounded and escaped; for a failure the text of its error. */
  readonly detail: string;
  /** What to do about it, if it failed. */
  readonly nextStep: string | undefined;
  /** The next step for people who see no code: for a page. */
  readonly pageStep: string | undefined;
}

/** An attempt to fetch an issuer. */
export interface Fetch {
  /** The address asked. */
  readonly url: string;
  /** The code of the error; nothing if the issuer came. */
  readonly code: FetchCode | undefined;
  /** The text of the error; nothing if the issuer came. */
  readonly message: string | undefined;
  /** Whether this was learnt from a request of another verification, within the last five minutes. */
  readonly remembered: boolean;
}

/**
 * A report in the JSON form that Rust, Python, Node and the program `azure-imds` share: `docs/schema/report.json` is its
 * schema.
 */
export type ReportJson = (
  | { verdict: "verified"; error: null; document: VerifiedDocumentJson; judged_at: string; chain_verified: true }
  | { verdict: "refused"; error: FailureJson; document: null; judged_at: string | null; chain_verified: boolean }
) & {
  /** The version of the form. It grows when a member changes its meaning or goes, not when one is added. */
  schema_version: 1;
  headline: Headline;
  time_basis: VerifiedDocument["timeBasis"];
  checks: { name: CheckName; outcome: CheckLine["outcome"]; code: VerifyCode | null; detail: string }[];
  chain: ChainCertificateJson[];
  fetches: { url: string; issuer: string; error: { code: FetchCode; message: string } | null; remembered: boolean }[];
  not_fetched: { code: NotFetchedCode; message: string } | null;
  /** If it was asked for: what a refused document holds, as text where that is not one JSON object. */
  unverified?: Record<string, unknown> | string | null;
};

/** A certificate of a chain in its JSON form. */
export interface ChainCertificateJson {
  subject: string;
  issuer: string;
  serial: string;
  key: string;
  not_before: string;
  not_after: string;
  sha256: string;
  public_key_sha256: string;
}

/** A verified document in its JSON form. Alone it says the version of the form; in a report, the report does. */
export interface VerifiedDocumentJson {
  schema_version?: 1;
  identity: string;
  cloud: CloudName;
  region: string | null;
  names: string[];
  created_on: string;
  expires_on: string;
  nonce_checked: boolean;
  time_basis: VerifiedDocument["timeBasis"];
  judged_at: string;
  trust: { default_anchor: boolean; subject: string; sha256: string };
  unknown_issuers: string[];
  new_issuers: string[];
  claims: Record<string, unknown>;
}

/** Why a document is refused, in the JSON form. */
export interface FailureJson {
  code: VerifyCode;
  check: CheckName;
  summary: string;
  message: string;
  next_step: string;
  retryable: boolean;
  missing: { name: string; sha256: string | null; url: string | null }[];
}

/** A certification authority behind Azure's documents. To be in the table gives no trust: only anchors do. */
export interface KnownIssuer {
  /** Its common name. */
  readonly name: string;
  /** Its subject in the form of RFC 4514. Several certificates may share it. */
  readonly subject: string;
  /** SHA-256 of its certificate, in hexadecimal. */
  readonly sha256: string;
  /** First moment of its validity. */
  readonly notBefore: Date;
  /** Last moment of its validity. */
  readonly notAfter: Date;
  /** Where its certificate can be fetched, DER. */
  readonly url: string | undefined;
  /** The common name of its issuer; of itself for a root. */
  readonly issuer: string;
  /** What it is in a chain. */
  readonly kind: "intermediate" | "root";
  /** Whether it is one of the roots trusted by default. */
  readonly defaultAnchor: boolean;
  /** The one JSON form, the same in every language; `JSON.stringify` writes it. */
  toJSON(): KnownIssuerJson;
}

/** A known issuer in its JSON form. Its schema is `docs/schema/known_issuer.json`. */
export interface KnownIssuerJson {
  readonly schema_version: 1;
  readonly name: string;
  readonly subject: string;
  readonly sha256: string;
  readonly not_before: string;
  readonly not_after: string;
  readonly url: string | null;
  readonly issuer: string;
  readonly kind: "intermediate" | "root";
  readonly default_anchor: boolean;
}

/** The certification authorities that have issued Azure's documents or are listed for them, and their roots. */
export function knownIssuers(): readonly KnownIssuer[];

/** The four roots that are trusted by default, DER. */
export function defaultAnchors(): Uint8Array[];

/** The issuers that this package was built with, DER. None if it was built without them. */
export function bundledIssuers(): Uint8Array[];

/**
 * The certificates of a bundle (one in DER, or any number in PEM), DER, sorted and each once.
 *
 * @throws {UsageError} `argument_type`, `bundle_empty`, `certificate_unreadable`.
 */
export function readCertificates(bundle: string | Bytes): Uint8Array[];

/**
 * The certificates of a bundle as they are shown. Nothing is proven of them.
 *
 * @throws {UsageError} `argument_type`, `bundle_empty`, `certificate_unreadable`.
 */
export function describeCertificates(bundle: string | Bytes): readonly ChainCertificate[];

/** Text from outside, bounded to 120 characters and escaped so that it can be shown anywhere. */
export function quoted(text: string): string;

/** The version of this package. */
export function version(): string;

/**
 * Any error of this package.
 *
 * Of an error, `structuredClone` and so `postMessage` keep message and stack alone: the stack's first line ends with the
 * code.
 */
export class ImdsError extends Error {
  constructor(message: string, options: { code: ErrorCode; retryable?: boolean; cause?: unknown });
  /** The stable name of the error, the same in Rust, Python and JavaScript. */
  readonly code: ErrorCode;
  /** Whether the same call may well succeed later. */
  readonly retryable: boolean;
  /** Whose error it is; every class below has it. */
  get kind(): ErrorJson["kind"];
  /** The one JSON form, the same in every language and for every kind of error; `JSON.stringify` writes it. */
  toJSON(): ErrorJson;
}

/** An error in its JSON form. Its schema is `docs/schema/error.json`. */
export interface ErrorJson {
  readonly schema_version: 1;
  readonly kind: "usage" | "transport" | "service" | "verify";
  readonly code: string;
  readonly summary: string | null;
  readonly message: string;
  readonly next_step: string | null;
  readonly retryable: boolean;
  readonly missing: readonly { readonly name: string; readonly sha256: string | null; readonly url: string | null }[];
  readonly attempts: readonly {
    readonly after_ms: number;
    readonly api_version: string | null;
    readonly status: number | null;
    readonly code: string | null;
    readonly message: string | null;
  }[];
}

/** The caller asked for something that makes no sense. */
export class UsageError extends ImdsError {
  constructor(message: string, options: { code: UsageCode; retryable?: boolean; cause?: unknown });
  readonly code: UsageCode;
}

/** One request of a call, and what became of it. */
export interface Attempt {
  /** Milliseconds after the first one. */
  readonly afterMs: number;
  /** The version asked for. */
  readonly apiVersion: string | undefined;
  /** The status of the answer, if one came. */
  readonly status: number | undefined;
  /** The code of the error; nothing for a good answer. */
  readonly code: ErrorCode | undefined;
  /** The text of the error. */
  readonly message: string | undefined;
}

/** What the errors of a call are made with. */
export interface CallErrorOptions<C extends ErrorCode> {
  code: C;
  retryable?: boolean;
  cause?: unknown;
  attempts?: readonly Attempt[];
}

/** A request could not be carried to its end. Verifying throws none: `Report.fetches` tells them. */
export class TransportError extends ImdsError {
  constructor(message: string, options: CallErrorOptions<TransportCode>);
  readonly code: TransportCode;
  /** What was tried, the first 64 requests; empty for an error that is of no call. */
  readonly attempts: readonly Attempt[];
}

/** A server gave an answer that is of no use. Verifying throws none, as with `TransportError`. */
export class ServiceError extends ImdsError {
  constructor(message: string, options: CallErrorOptions<ServiceCode>);
  readonly code: ServiceCode;
  /** What was tried, the first 64 requests; empty for an error that is of no call. */
  readonly attempts: readonly Attempt[];
}

/** The document is not accepted. The message holds the compared values, bounded and escaped. */
export class VerifyError extends ImdsError {
  constructor(
    message: string,
    options: Omit<Failure, "message" | "pageStep" | "missing"> & { missing?: readonly MissingCertificate[] } & {
      report?: Report;
    },
  );
  readonly code: VerifyCode;
  /** What is wrong without any value, of the document or of what was expected: fit for the one who handed it in. */
  readonly summary: string;
  /** What to do about it, as fit for a stranger's eyes. */
  readonly nextStep: string;
  /** The certificates that are missing, or the root that is not trusted, if that is the reason. */
  readonly missing: readonly MissingCertificate[];
  /**
   * Every check with its outcome, made when it is looked at, however late. Nothing in an error that no verification made.
   */
  readonly report: Report | undefined;
}
