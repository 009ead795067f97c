// The package's functions and its verifier around one WebAssembly module.

import * as args from "./arguments.js";
import { asking, made } from "./errors.js";
import { drive, nowMs, unixSeconds } from "./exchange.js";
import { Waiting } from "./flights.js";
import { Refusals } from "./refusals.js";
import { certificate, failure, knownIssuer, report, verified } from "./report.js";
import { withBytes } from "./shown.js";

const EXPECTED = ["nonce", "now", "clouds", "maxAge", "vmId", "subscriptionId", "sku", "plan", "skew", "signal"];
const PLAN = ["name", "product", "publisher"];
/** Where null is a mistake, since it could be meant to let more pass. */
const SOMETHING = ["clouds", "issuers", "fetch", "allowOrigins", "deny"];
const TRUSTED = ["anchors", "issuers", "deny", "onUnknownIssuer"];
const TRUSTED_OR_FETCHED = [...TRUSTED, "fetch", "fetchTimeout", "allowOrigins"];

/**
 * Binds a module. `native` gives it, once it is loaded; `carry` carries requests, where there is a way to; `bundled` is
 * PEM of the issuers that the package was built with.
 */
export function bind(native, carry, bundled) {
  args.quoteBy((text) => native().quoted(text));
  const describe = (bytes) =>
    asking(() => native().describeCertificates(bytes)).map(({ form, der }) => certificate(JSON.parse(form), der));

  class Verifier {
    #native;
    #onUnknownIssuer;
    #waiting = new Waiting();
    #refusals = new Refusals();

    constructor(given) {
      const { onUnknownIssuer, fetchTimeout, ...trusted } = args.options(given, carry ? TRUSTED_OR_FETCHED : TRUSTED);
      this.#onUnknownIssuer = args.optional(args.callback, "onUnknownIssuer", onUnknownIssuer);
      const plain = args.plainly(trusted, SOMETHING);
      const fetchTimeoutMs = args.optional(args.inMilliseconds, "fetchTimeout", fetchTimeout);
      if (fetchTimeoutMs !== undefined) plain.fetchTimeoutMs = fetchTimeoutMs;
      const issuers = bundled && args.bundle("bundled", bundled);
      if (!carry) plain.fetch = false;
      this.#native = asking(() => new (native().Verifier)(plain, issuers));
    }

    async verify(document, given) {
      const question = this.#question(document, given);
      const verification = this.#start(question, false);
      const { done, standsAlone } = await this.#driven(verification, question.signal);
      if (done.document) {
        verification.free();
        return await this.#told(verified(done, (der) => describe(der)[0]));
      }
      const error = made({ kind: "verify", ...failure(JSON.parse(done.error)) });
      const again = standsAlone ? () => this.#refusedAgain(question) : undefined;
      throw explainedBy(error, this.#refusals.keep(verification, again));
    }

    async explain(document, given) {
      const question = this.#question(document, given);
      const verification = this.#start(question, true);
      const { done } = await this.#driven(verification, question.signal);
      verification.free();
      const found = report(done);
      await this.#told(found.document);
      return found;
    }

    #question(document, given) {
      const { signal, ...expected } = args.options(given, EXPECTED);
      args.abortSignal(signal)?.throwIfAborted();
      const plan = args.optional((_, it) => args.options(it, PLAN), "plan", expected.plan);
      const plain = args.plainly({ ...expected, plan }, SOMETHING);
      return { bytes: args.documentBytes(document), expected: plain, unix: unixSeconds(), signal };
    }

    #start({ bytes, expected, unix }, explains) {
      return asking(() => this.#native.start(bytes, expected, unix, explains));
    }

    /** Drives a verification, which may wait for the request of another: that one then lets it look again. */
    #driven(verification, signal) {
      const pause = (ms) => this.#waiting.until(ms, signal);
      return drive(verification, { carry, signal, pause, ended: () => this.#waiting.wake() });
    }

    /** Tells of issuers that are new to Azure. */
    async #told(document) {
      if (this.#onUnknownIssuer && document?.newIssuers.length) await this.#onUnknownIssuer(document);
      return document;
    }

    /** The same question once more, where the refusal does not depend on issuers. */
    #refusedAgain(question) {
      const verification = this.#start(question, false);
      verification.poll(nowMs());
      return verification;
    }
  }

  return {
    Verifier,
    bundledIssuers: () => (bundled ? native().readCertificates(args.bundle("bundled", bundled)) : []),
    describeCertificates: (bundle) => Object.freeze(describe(args.bundle("the bundle", bundle))),
    defaultAnchors: () => native().defaultAnchors(),
    knownIssuers: () => native().knownIssuers().map(knownIssuer),
    quoted: (text) => native().quoted(String(text)),
    readCertificates: (bundle) => asking(() => native().readCertificates(args.bundle("the bundle", bundle))),
    recognise: (input) => Object.freeze(withBytes(native().recognise(args.documentBytes(input)))),
    version: () => native().version(),
  };
}

/** The error with the report, which is made when it is looked at. */
function explainedBy(error, explain) {
  let made;
  const get = () => (made ??= report(explain()));
  return Object.defineProperty(error, "report", { get, configurable: true });
}
