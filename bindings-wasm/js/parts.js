// What all entries export that is the same whatever module they load.

export { AT_SIGNING_TIME, NONCE_NOT_CHECKED } from "./arguments.js";
export { ImdsError, ServiceError, TransportError, UsageError, VerifyError } from "./errors.js";
export { Report, VerifiedDocument } from "./report.js";
