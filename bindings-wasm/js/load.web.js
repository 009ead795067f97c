// What the entries for browsers and bundlers share: `await init()` first. Nothing here can send a request, except for
// the one by which `init` loads the module.

import { bind } from "./bind.js";
import { BUNDLED_ISSUERS } from "./bundled.js";
import { UsageError } from "./errors.js";

/** The functions and the verifier of a module that `init` loads: from `address()`, or from what it is given. */
export function entry(native, address) {
  let loading;
  let isLoaded = false;

  /** Loads the module. To be awaited once; more often does no harm. */
  function init(source) {
    loading ??= native.default({ module_or_path: source ?? address() }).then(
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

  return { init, ...bind(loaded, undefined, BUNDLED_ISSUERS) };
}
