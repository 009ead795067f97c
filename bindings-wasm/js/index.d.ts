/**
 * The Azure Instance Metadata Service (IMDS) as an embeddable library: a client, and a verifier of attested documents.
 *
 * ```js
 * import { Client, Verifier } from "azure-imds";
 *
 * const client = new Client(); // on a VM, in Node
 * console.log((await client.instance()).compute.vmId);
 *
 * const verifier = new Verifier(); // anywhere; make one, keep it
 * const document = await verifier.verify(answer, { nonce }); // or VerifyError
 * console.log(document.vmId, document.subscriptionId);
 * ```
 *
 * In browsers there are the verifier's parts alone: those of `azure-imds/verifier`, and `recognise`.
 */
export * from "./client.js";
export * from "./codes.js";
export * from "./recognise.js";
export * from "./records.js";
export * from "./verifier.js";
