// The entry of browsers and bundlers: `await init()` first. There is no code in it that could send anything, but for
// the one request of `init` for the module.

import { bind } from "./bind.js";
import { BUNDLED_ISSUERS } from "./bundled.js";
import { UsageError } from "./errors.js";
import * as native from "./wasm/web.js";

let loading;
let isLoaded = false;

/** Loads the module: from beside this file, or from what is given. To be awaited once; more often does no harm. */
export function init(source) {
  // Written like this, bundlers see that the file is needed.
  const module_or_path = source ?? new URL("./wasm/web_bg.wasm", import.meta.url);
  loading ??= native.default({ module_or_path }).then(
    () => {
      isLoaded = true;
    },
    (error) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

function loaded() {
  if (!isLoaded) throw new UsageError("the module is not loaded; call `await init()` first", { code: "not_loaded" });
  return native;
}

export const {
  Verifier,
  bundledIssuers,
  defaultAnchors,
  describeCertificates,
  knownIssuers,
  quoted,
  readCertificates,
  recognise,
  version,
} = /* @__PURE__ */ bind(loaded, undefined, BUNDLED_ISSUERS);
export { codes, fetchCodes, findingCodes, notFetchedCodes } from "./codes.js";
export { AT_SIGNING_TIME, NONCE_NOT_CHECKED } from "./arguments.js";
export { ImdsError, ServiceError, TransportError, UsageError, VerifyError } from "./errors.js";
export { Report, VerifiedDocument } from "./report.js";
