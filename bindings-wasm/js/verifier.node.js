// The entry of Node: the module loads by itself.

import { readFileSync } from "node:fs";

import { bind } from "./bind.js";
import { BUNDLED_ISSUERS } from "./bundled.js";
import { carrier } from "./fetch.js";
import * as native from "./wasm/verifier.js";

native.initSync({ module: readFileSync(new URL("./wasm/verifier_bg.wasm", import.meta.url)) });

/** Nothing is left to be loaded here. There for code that runs in browsers too. */
export async function init() {}

export const {
  Verifier,
  bundledIssuers,
  defaultAnchors,
  describeCertificates,
  knownIssuers,
  quoted,
  readCertificates,
  version,
} = bind(() => native, carrier(native.version()), BUNDLED_ISSUERS);
export { AT_SIGNING_TIME, NONCE_NOT_CHECKED } from "./arguments.js";
export { ImdsError, ServiceError, TransportError, UsageError, VerifyError } from "./errors.js";
export { Report, VerifiedDocument } from "./report.js";
