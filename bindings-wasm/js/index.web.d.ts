/**
 * The Azure Instance Metadata Service (IMDS) in browsers: the verifier of attested documents. There is no client, since
 * browsers reach no metadata service.
 */
export * from "./verifier.web.js";
