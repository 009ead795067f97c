// The WebAssembly module of all parts, loaded once for whatever in Node needs it.

import { loaded } from "./load.node.js";
import * as module from "./wasm/azure_imds.js";

export const native = loaded(module, "azure_imds_bg.wasm");
