// The entry of Node that has the verifier alone.

import { entry, loaded } from "./load.node.js";
import * as native from "./wasm/verifier.js";

export const {
  Verifier,
  bundledIssuers,
  defaultAnchors,
  describeCertificates,
  knownIssuers,
  quoted,
  readCertificates,
  version,
} = entry(loaded(native, "verifier_bg.wasm"));
export { init } from "./load.node.js";
export * from "./parts.js";
