// The package's functions and its verifier around one WebAssembly module.

import * as args from "./arguments.js";
import { asking, VerifyError } from "./errors.js";
import { Waiting } from "./flights.js";
import { Refusals } from "./refusals.js";
import { certificates, failure, knownIssuer, report, verified } from "./report.js";

const EXPECTED = ["nonce", "now", "clouds", "maxAge", "vmId", "subscriptionId", "sku", "plan", "skew", "signal"];
const TRUSTED = ["anchors", "issuers", "deny", "onUnknownIssuer"];
const FETCHED = ["fetch", "fetchTimeout", "allowOrigins"];

/**
 * Binds a module. `native` gives it, once it is loaded; `carry` carries requests, where there is a way to; `bundled` is
 * PEM of the issuers that the package was built with.
 */
export function bind(native, carry, bundled) {
  args.quoteBy((text) => native().quoted(text));

  class Verifier {
    #native;
    #fetch;
    #onUnknownIssuer;
    #fetchTimeoutMs;
    #waiting = new Waiting();
    #refusals = new Refusals();

    constructor(given) {
      const trust = args.options(given, carry ? [...TRUSTED, ...FETCHED] : TRUSTED);
      const { anchors, issuers = [], deny = [], fetch = carry !== undefined, allowOrigins = [] } = trust;
      this.#fetch = args.flag("fetch", fetch);
      this.#onUnknownIssuer = args.optional(args.callback, "onUnknownIssuer", trust.onUnknownIssuer);
      this.#fetchTimeoutMs = args.optional(args.inMilliseconds, "fetchTimeout", trust.fetchTimeout) ?? null;
      const trusted = {
        anchors: anchors === undefined || anchors === null ? null : args.bundles("anchors", anchors),
        bundled: args.bundles("bundled", bundled ? [bundled] : []),
        issuers: args.bundles("issuers", issuers),
        allowOrigins: args.texts("allowOrigins", allowOrigins),
        deny: args.fingerprints("deny", deny),
      };
      this.#native = asking(() => new (native().Verifier)(trusted));
    }

    async verify(document, given) {
      const question = this.#question(document, given);
      const verification = this.#start(question, this.#fetch, false);
      const { done, standsAlone } = await this.#driven(verification, question.signal);
      if (done.document) {
        verification.free();
        return await this.#told(verified(done));
      }
      const { message, ...members } = failure(JSON.parse(done.error));
      const again = standsAlone ? () => this.#refusedAgain(question) : undefined;
      return refuse(new VerifyError(message, members), this.#refusals.keep(verification, again));
    }

    async explain(document, given) {
      const question = this.#question(document, given);
      const verification = this.#start(question, this.#fetch, true);
      const { done } = await this.#driven(verification, question.signal);
      verification.free();
      const made = report(done);
      await this.#told(made.document);
      return made;
    }

    #question(document, given) {
      const asked = args.options(given, EXPECTED);
      const signal = args.abortSignal(asked.signal);
      signal?.throwIfAborted();
      const bytes = args.documentBytes(document).slice(); // The caller may write over his own.
      return { bytes, at: args.moment(asked.now), expected: args.expectations(asked), signal };
    }

    #start({ bytes, expected, at }, fetches, explains) {
      return asking(() => this.#native.start(bytes, expected, at, fetches, this.#fetchTimeoutMs, explains));
    }

    /** Drives a verification to its last step. Unless it gets there, it leaves nothing behind. */
    async #driven(verification, signal) {
      let isDone = false;
      let isOut = false;
      try {
        for (;;) {
          const step = verification.poll(nowMs());
          isDone = step.done !== undefined;
          if (isDone) return step;
          if (step.wait !== undefined) {
            await this.#waiting.until(step.wait - nowMs(), signal);
            continue;
          }
          isOut = true;
          const answer = await carry(step.send, signal);
          signal?.throwIfAborted();
          handIn(verification, step, answer);
          isOut = false;
          this.#waiting.wake();
        }
      } finally {
        if (!isDone) verification.free();
        if (isOut) this.#waiting.wake(); // Somebody else makes the request that was called off.
      }
    }

    /** Tells of issuers that are new to Azure. */
    async #told(document) {
      if (document?.newIssuers.length) await this.#onUnknownIssuer?.(document);
      return document;
    }

    /** The same question once more, where the refusal does not depend on issuers. */
    #refusedAgain(question) {
      const verification = this.#start(question, this.#fetch, false);
      verification.poll(nowMs());
      return verification;
    }
  }

  return {
    Verifier,
    bundledIssuers: () => (bundled ? native().readCertificates(args.bundle("bundled", bundled)) : []),
    describeCertificates: (bundle) =>
      certificates(asking(() => native().describeCertificates(args.bundle("the bundle", bundle)))),
    defaultAnchors: () => native().defaultAnchors(),
    knownIssuers: () => native().knownIssuers().map(knownIssuer),
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

/** Refuses a document. The report is made when it is looked at. */
function refuse(error, explain) {
  let made;
  const get = () => (made ??= report(explain()));
  Object.defineProperty(error, "report", { get, configurable: true });
  throw error;
}

function handIn(verification, { id, send }, answer) {
  if (answer instanceof Error) verification.fail(id, nowMs(), answer.code, answer.message, send.maxBody);
  else verification.receive(id, nowMs(), answer.status, answer.body);
}
