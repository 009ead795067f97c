// The entry of browsers and bundlers: the verifier, and what an input is. `await init()` first.

import { entry } from "./load.web.js";
import * as native from "./wasm/web.js";

export const {
  Verifier,
  bundledIssuers,
  defaultAnchors,
  describeCertificates,
  init,
  knownIssuers,
  quoted,
  readCertificates,
  recognise,
  version,
  // Written like this, bundlers see that the file is needed.
} = /* @__PURE__ */ entry(native, () => new URL("./wasm/web_bg.wasm", import.meta.url));
export { codes, fetchCodes, findingCodes, notFetchedCodes } from "./codes.js";
export * from "./parts.js";
