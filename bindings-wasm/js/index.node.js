// The entry of Node: all parts but the emulator.

import { entry } from "./load.node.js";
import { native } from "./native.node.js";

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
} = entry(native);
export { AttestedDocument } from "./attested.js";
export { Client } from "./client.js";
export { codes, fetchCodes, findingCodes, notFetchedCodes } from "./codes.js";
export { init } from "./load.node.js";
export * from "./parts.js";
export { AccessToken, cloudOf, eventAffects, explain, Instance, Tags, vmIdMatches } from "./records.js";
