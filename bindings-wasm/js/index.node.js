// The entry of Node: the module loads by itself.

import { bind } from "./bind.js";
import { BUNDLED_ISSUERS } from "./bundled.js";
import { carrier } from "./fetch.js";
import { native } from "./native.node.js";

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
  recognise,
  version,
} = bind(() => native, carrier(native.version()), BUNDLED_ISSUERS);
export { Client } from "./client.js";
export { codes, fetchCodes, findingCodes, notFetchedCodes } from "./codes.js";
export { AttestedDocument } from "./attested.js";
export { AT_SIGNING_TIME, NONCE_NOT_CHECKED } from "./arguments.js";
export { ImdsError, ServiceError, TransportError, UsageError, VerifyError } from "./errors.js";
export { Report, VerifiedDocument } from "./report.js";
export { AccessToken, cloudOf, eventAffects, explain, Instance, Tags, vmIdMatches } from "./records.js";
