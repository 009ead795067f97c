/**
 * The Azure Instance Metadata Service (IMDS) as an embeddable library: a verifier of attested documents.
 *
 * ```js
 * import { Verifier } from "azure-imds";
 *
 * const verifier = new Verifier(); // make one, keep it
 * const document = await verifier.verify(answer, { nonce }); // or VerifyError
 * console.log(document.vmId, document.subscriptionId);
 * ```
 */
export * from "./verifier.js";
