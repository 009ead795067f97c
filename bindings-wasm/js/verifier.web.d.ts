/**
 * The verifier in browsers: what `azure-imds/verifier` has, without what only Node can do.
 *
 * TypeScript takes these types where it is told of a browser: `"customConditions": ["browser"]` in `compilerOptions`.
 */
import type { Bytes, Certificates, Report, VerifiedDocument, VerifyOptions } from "./verifier.js";

export * from "./verifier.js";

/** What is trusted. */
export interface VerifierOptions {
  /**
   * The roots to trust, and no others. Unless given those of `defaultAnchors()`; to add to these, give
   * `[...defaultAnchors(), mine]`. An empty list refuses every document.
   */
  anchors?: Certificates | null;
  /** Intermediates to have at hand: nothing is fetched. They are not trusted, they only help to find a path. */
  issuers?: Certificates;
}

/** Decides whether a document was signed by Azure for the VM it names. Make one and keep it: it remembers chains. */
export class Verifier {
  /**
   * Fixes what is trusted.
   *
   * @throws {UsageError} `argument_type`, `argument_value`, `bundle_empty`, `certificate_unreadable`, `not_loaded`.
   */
  constructor(options?: VerifierOptions);

  /**
   * Verifies a document: the service's JSON answer, its base64 `signature` alone, PEM or DER.
   *
   * The promise is rejected with a `VerifyError` if the document is refused (the first check that failed), with a
   * `UsageError` if what was asked makes no sense; whatever the document holds is never the cause of that.
   */
  verify(document: string | Bytes, options: VerifyOptions): Promise<VerifiedDocument>;

  /** Says what became of every check, for accepted and refused documents alike. Takes what `verify` takes. */
  explain(document: string | Bytes, options: VerifyOptions): Promise<Report>;
}
