/**
 * The Azure Instance Metadata Service (IMDS) in browsers: the verifier of attested documents. There is no client, since
 * browsers reach no metadata service.
 */
export * from "./codes.js";
export * from "./recognise.js";
export * from "./verifier.web.js";
