// Errors by blame: the caller's, the transport's, the service's, the document's. One set for all modules of the package.

import { INSPECT } from "./shown.js";

/** Any error of this package. */
export class ImdsError extends Error {
  constructor(message, { code, retryable = false, cause }) {
    // `structuredClone` keeps an error's stack and message, and nothing of ours: so the code is in the stack's first line,
    // which Node writes when it is first asked for, of the message that there is then.
    super(`${message} (${code})`, cause === undefined ? undefined : { cause });
    void this.stack;
    this.message = message;
    this.code = code;
    this.retryable = retryable;
  }

  get name() {
    return this.constructor.name;
  }

  /** The one JSON form of errors, whatever kind they are of: written here, for errors that no module knows. */
  toJSON() {
    const { kind, code, summary = null, message, nextStep: next_step = null, retryable } = this;
    const missing = (this.missing ?? []).map(({ name, sha256 = null, url = null }) => ({ name, sha256, url }));
    const attempts = (this.attempts ?? []).map(({ afterMs: after_ms, apiVersion: api_version = null, ...it }) => {
      const { status = null, code = null, message = null } = it;
      return { after_ms, api_version, status, code, message };
    });
    return { schema_version: 1, kind, code, summary, message, next_step, retryable, missing, attempts };
  }

  [INSPECT](depth) {
    if (depth < 0) return `[${this.name}: ${this.code}]`;
    const { nextStep, attempts = [], cause } = this;
    const tried = attempts.map(({ code, status }) => code ?? status).join(", ");
    const told = [
      ["next step", nextStep],
      ["attempts", tried],
      ["cause", cause?.message],
    ];
    const lines = told.filter(([, text]) => text).map(([name, text]) => `\n  ${name}: ${text}`);
    return `${this.stack}${lines.join("")}`;
  }
}

/** The caller asked for something that makes no sense. */
export class UsageError extends ImdsError {
  get kind() {
    return "usage";
  }
}

/** A request could not be carried to its end. */
export class TransportError extends ImdsError {
  constructor(message, { attempts = [], ...rest }) {
    super(message, rest);
    this.attempts = attempts;
  }

  get kind() {
    return "transport";
  }
}

/** A server gave an answer that is of no use. */
export class ServiceError extends ImdsError {
  constructor(message, { attempts = [], ...rest }) {
    super(message, rest);
    this.attempts = attempts;
  }

  get kind() {
    return "service";
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

  get kind() {
    return "verify";
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
export function made({ kind, message, ...members }) {
  return new KINDS[kind](message, members);
}

const KINDS = { usage: UsageError, transport: TransportError, service: ServiceError, verify: VerifyError };
