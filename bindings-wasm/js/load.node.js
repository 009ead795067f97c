// What the entries of Node have in common: a module loads by itself, and requests are carried.

import { readFileSync } from "node:fs";

import { quoteBy } from "./arguments.js";
import { bind } from "./bind.js";
import { BUNDLED_ISSUERS } from "./bundled.js";
import { carrier } from "./transport.js";

/** Loads a module from its file in the folder `wasm`. */
export function loaded(native, file) {
  native.initSync({ module: readFileSync(new URL(`./wasm/${file}`, import.meta.url)) });
  quoteBy(native.quoted);
  return native;
}

/** The functions and the verifier of a module that is loaded. */
export function entry(native) {
  return bind(() => native, carrier(native.version()), BUNDLED_ISSUERS);
}

/** Nothing is left to be loaded here. There for code that runs in browsers too. */
export async function init() {}
