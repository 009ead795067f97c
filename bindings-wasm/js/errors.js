// Errors by blame: the caller's, the transport's, the service's, the document's. One set for all modules of the package.

/** Any error of this package. */
export class ImdsError extends Error {
  constructor(message, { code, retryable = false, cause }) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryable = retryable;
  }

  get name() {
    return this.constructor.name;
  }
}

/** The caller asked for something that makes no sense. */
export class UsageError extends ImdsError {}

/** A request could not be carried to its end. */
export class TransportError extends ImdsError {
  constructor(message, { attempts = [], ...rest }) {
    super(message, rest);
    this.attempts = attempts;
  }
}

/** A server gave an answer that is of no use. */
export class ServiceError extends ImdsError {
  constructor(message, { attempts = [], ...rest }) {
    super(message, rest);
    this.attempts = attempts;
  }
}

/** The document is not accepted. */
export class VerifyError extends ImdsError {
  constructor(message, { summary, nextStep, missing = [], report, ...rest }) {
    super(message, rest);
    this.summary = summary;
    this.nextStep = nextStep;
    this.missing = missing;
    Object.defineProperty(this, "report", { value: report, configurable: true });
  }
}

/** Calls the WebAssembly module, and makes what it throws an error of ours. */
export function asking(call) {
  try {
    return call();
  } catch (error) {
    if (error === null || typeof error !== "object" || error instanceof Error) throw error;
    throw made(error);
  }
}

/** An error out of what the WebAssembly module says of it. */
export function made({ kind = "UsageError", message, ...members }) {
  return new KINDS[kind](message, members);
}

const KINDS = { ImdsError, UsageError, TransportError, ServiceError, VerifyError };
