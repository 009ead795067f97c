// The WebAssembly module of all parts, loaded once for whatever in Node needs it.

import { readFileSync } from "node:fs";

import { quoteBy } from "./arguments.js";
import * as native from "./wasm/azure_imds.js";

native.initSync({ module: readFileSync(new URL("./wasm/azure_imds_bg.wasm", import.meta.url)) });
quoteBy(native.quoted);

export { native };
