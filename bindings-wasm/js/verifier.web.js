// The entry of browsers and bundlers that has the verifier alone. `await init()` first.

import { entry } from "./load.web.js";
import * as native from "./wasm/verifier.js";

export const {
  Verifier,
  bundledIssuers,
  defaultAnchors,
  describeCertificates,
  init,
  knownIssuers,
  quoted,
  readCertificates,
  version,
  // Written like this, bundlers see that the file is needed.
} = /* @__PURE__ */ entry(native, () => new URL("./wasm/verifier_bg.wasm", import.meta.url));
export * from "./parts.js";
