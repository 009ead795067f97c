// The package's functions and its verifier around one WebAssembly module.

import * as args from "./arguments.js";
import { asking, UsageError, VerifyError } from "./errors.js";
import { certificates, report } from "./report.js";

const EXPECTED = ["nonce", "now", "clouds", "maxAge", "vmId", "subscriptionId", "sku", "plan", "skew"];
const TRUSTED = ["anchors", "issuers", "deny", "onUnknownIssuer"];
const FETCHED = ["fetch", "allowOrigins"];

/**
 * Binds a module. `native` gives it, once it is loaded; `carry` carries requests, where there is a way to; `bundled` is
 * PEM of the issuers that the package was built with.
 */
export function bind(native, carry, bundled) {
  class Verifier {
    #native;
    #fetch;
    #onUnknownIssuer;

    constructor(given) {
      const trust = args.options(given, carry ? [...TRUSTED, ...FETCHED] : TRUSTED);
      const { anchors, issuers = [], deny = [], fetch = carry !== undefined, allowOrigins = [] } = trust;
      this.#fetch = args.flag("fetch", fetch);
      this.#onUnknownIssuer = args.optional(args.callback, "onUnknownIssuer", trust.onUnknownIssuer);
      const trusted = {
        anchors: anchors === undefined || anchors === null ? null : bundles("anchors", anchors),
        issuers: [...bundles("issuers", bundled ? [bundled] : []), ...bundles("issuers", issuers)],
        allowOrigins: args.texts("allowOrigins", allowOrigins),
        deny: args.fingerprints("deny", deny),
      };
      this.#native = asking(() => new (native().Verifier)(trusted));
    }

    async verify(document, given) {
      const found = await this.explain(document, given);
      if (found.document) return found.document;
      const { message, ...members } = found.error;
      throw new VerifyError(message, { ...members, report: found });
    }

    async explain(document, given) {
      const verification = this.#start(document, args.options(given, EXPECTED));
      try {
        for (;;) {
          const step = verification.poll(nowMs());
          if (step.done) return this.#told(report(step.done));
          if (step.wait !== undefined) await sleep(step.wait - nowMs());
          else await handIn(verification, step.id, await carry(step.send));
        }
      } finally {
        verification.free();
      }
    }

    /** Tells of issuers that the table does not know. */
    #told(found) {
      if (found.document?.unknownIssuers.length) this.#onUnknownIssuer?.(found.document);
      return found;
    }

    #start(document, given) {
      const [bytes, at, expected] = [args.documentBytes(document), args.moment(given.now), args.expectations(given)];
      return asking(() => this.#native.start(bytes, expected, at, this.#fetch, undefined, true));
    }
  }

  function bundles(name, given) {
    return args.bundles(name, given).map((item, index) => {
      try {
        asking(() => native().readCertificates(item));
        return item;
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        throw new UsageError(`${name}, item ${index + 1}: ${error.message}`, { code: error.code });
      }
    });
  }

  return {
    Verifier,
    bundledIssuers: () => (bundled ? native().readCertificates(args.bundle("bundled", bundled)) : []),
    describeCertificates: (bundle) =>
      certificates(asking(() => native().describeCertificates(args.bundle("the bundle", bundle)))),
    defaultAnchors: () => native().defaultAnchors(),
    knownIssuers: () => native().knownIssuers().map(Object.freeze),
    quoted: (text) => native().quoted(String(text)),
    readCertificates: (bundle) => asking(() => native().readCertificates(args.bundle("the bundle", bundle))),
    recognise: (input) => native().recognise(args.documentBytes(input)),
    version: () => native().version(),
  };
}

/** The monotonic clock, as the core counts it. */
function nowMs() {
  return Math.floor(performance.now());
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, Math.max(ms, 0)));
}

function handIn(verification, id, answer) {
  if (answer instanceof Error) verification.fail(id, nowMs(), answer.code, answer.message);
  else verification.receive(id, nowMs(), answer.status, answer.body);
}
