// What a verification found. Only a verification makes these.

import { briefly, hidden, INSPECT, lazily } from "./shown.js";

const MADE_HERE = Symbol("made by a verification");

/** A verified document. */
export class VerifiedDocument {
  #text;
  #form;

  constructor(mark, { text, ...members }, form, told, path) {
    onlyHere(mark, "VerifiedDocument");
    this.#text = text;
    this.#form = form;
    const ofPath = (digests) => () => Object.freeze(this.chain.filter((it) => digests.includes(it.sha256)));
    this.identity = told.identity;
    Object.assign(this, frozen(members), {
      nonceChecked: told.nonce_checked,
      createdOn: new Date(told.created_on),
      expiresOn: new Date(told.expires_on),
      cloud: told.cloud,
      region: told.region ?? undefined,
      names: Object.freeze(told.names),
      isDefaultAnchor: told.trust.default_anchor,
      timeBasis: told.time_basis,
      judgedAt: new Date(told.judged_at),
    });
    lazily(this, "chain", path);
    lazily(this, "unknownIssuers", ofPath(told.unknown_issuers));
    lazily(this, "newIssuers", ofPath(told.new_issuers));
    Object.freeze(this);
  }

  /** The root that the verdict rests on: the last of the chain. */
  get anchor() {
    return this.chain.at(-1);
  }

  /** The signed JSON as values. It may hold claims that this package does not know. */
  get claims() {
    return JSON.parse(this.content);
  }

  toString() {
    return this.#text;
  }

  /** The one JSON form, which is that of a report's document. */
  toJSON() {
    return this.#form();
  }

  [INSPECT](...how) {
    const { vmId, subscriptionId, cloud, createdOn, nonceChecked, isDefaultAnchor, identity } = this;
    const members = { vmId, subscriptionId, cloud, createdOn, nonceChecked, isDefaultAnchor, identity };
    return briefly("VerifiedDocument", members, ...how);
  }
}

/** Every check with its outcome, whether the document was accepted or not. */
export class Report {
  #text;
  #form;

  constructor(mark, { text, form, document, unverified, ders, steps, pageStep, pageSteps }) {
    onlyHere(mark, "Report");
    this.#text = text;
    this.#form = form;
    const told = JSON.parse(form);
    this.verified = document !== undefined;
    this.headline = Object.freeze(told.headline);
    const chain = Object.freeze(told.chain.map((it, place) => certificate(it, ders[place])));
    const alone = () => {
      const { schema_version, document } = JSON.parse(form);
      return { schema_version, ...document };
    };
    this.document = document && new VerifiedDocument(mark, document, alone, told.document, () => chain);
    this.error = told.error ? frozen({ ...failure(told.error), pageStep }) : undefined;
    this.unverified = unverified;
    this.checks = frozen(
      told.checks.map((line, at) => {
        return { ...line, code: line.code ?? undefined, nextStep: steps[at], pageStep: pageSteps[at] };
      }),
    );
    this.chain = chain;
    this.fetches = frozen(told.fetches.map(fetched));
    this.notFetched = told.not_fetched?.message;
    this.notFetchedCode = told.not_fetched?.code;
    Object.freeze(this);
  }

  toString() {
    return this.#text;
  }

  /** The one JSON form. `JSON.stringify` gives the name of a member instead of options. */
  toJSON(options) {
    const { unverified, ...form } = JSON.parse(this.#form);
    return options?.unverified === true ? { ...form, unverified } : form;
  }

  [INSPECT](...how) {
    const { verified, headline, error, document } = this;
    const members = { verified, headline: headline.title, code: error?.code, message: error?.message, document };
    return briefly("Report", members, ...how);
  }
}

/** Why a document is refused, out of its form. */
export function failure({ code, message, summary, next_step, retryable, missing }) {
  const named = missing.map(({ name, sha256, url }) => ({ name, sha256: sha256 ?? undefined, url: url ?? undefined }));
  return { code, message, summary, nextStep: next_step, retryable, missing: named };
}

function fetched({ url, error, remembered }) {
  return { url, code: error?.code, message: error?.message, remembered };
}

/** A report out of what the WebAssembly module gives. */
export function report(plain) {
  return new Report(MADE_HERE, plain);
}

/** A verified document out of what the WebAssembly module gives. `describe` makes a certificate of its bytes. */
export function verified({ document, form, ders }, describe) {
  const path = () => Object.freeze(ders.map(describe));
  return new VerifiedDocument(MADE_HERE, document, () => JSON.parse(form), JSON.parse(form), path);
}

/** A certificate as it is shown, out of its form. Its PEM is made when it is looked at. */
export function certificate(form, der) {
  const { public_key_sha256: publicKeySha256, not_before, not_after, ...members } = form;
  const times = { notBefore: new Date(not_before), notAfter: new Date(not_after) };
  const made = lazily({ ...members, publicKeySha256, ...times, der }, "pem", () => pem(der));
  const { subject, sha256 } = members;
  hidden(made, "toJSON", () => ({ ...form }));
  hidden(made, INSPECT, (...how) => briefly("Certificate", { subject, notAfter: times.notAfter, sha256 }, ...how));
  return Object.freeze(made);
}

/** A known issuer, with its JSON form. */
export function knownIssuer(known) {
  const toJSON = () => {
    const { name, subject, sha256, url = null, issuer, kind } = known;
    const [not_before, not_after] = [known.notBefore, known.notAfter].map(rfc3339);
    const { defaultAnchor: default_anchor } = known;
    return { schema_version: 1, name, subject, sha256, not_before, not_after, url, issuer, kind, default_anchor };
  };
  return Object.freeze(Object.defineProperty(known, "toJSON", { value: toJSON }));
}

function rfc3339(time) {
  return time.toISOString().replace(".000", "");
}

function onlyHere(mark, name) {
  if (mark !== MADE_HERE) throw new TypeError(`only a verification makes a ${name}`);
}

/** Objects and arrays that can't be changed, all the way down; a Date or bytes can't be frozen, an error stays open. */
export function frozen(value) {
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Date || value instanceof Uint8Array || value instanceof Error) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}

function pem(der) {
  let binary = "";
  for (let at = 0; at < der.length; at += LINE) binary += String.fromCharCode(...der.subarray(at, at + LINE));
  return `-----BEGIN CERTIFICATE-----\n${btoa(binary).replace(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----\n`;
}

/** Bytes that a function takes as arguments at once. */
const LINE = 4096;
