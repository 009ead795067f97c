// What a verification found. Only a verification makes these.

const MADE_HERE = Symbol("made by a verification");

/** A verified document. */
export class VerifiedDocument {
  #text;
  #form;

  constructor(mark, { text, ...members }, form, told, path) {
    onlyHere(mark, "VerifiedDocument");
    this.#text = text;
    this.#form = form;
    const ofPath = (digests) => Object.freeze(path.filter((it) => digests.includes(it.sha256)));
    this.identity = told.identity;
    Object.assign(this, frozen(members), {
      nonceChecked: told.nonce_checked,
      createdOn: new Date(told.created_on),
      expiresOn: new Date(told.expires_on),
      cloud: told.cloud,
      region: told.region ?? undefined,
      names: Object.freeze(told.names),
      chain: path,
      unknownIssuers: ofPath(told.unknown_issuers),
      newIssuers: ofPath(told.new_issuers),
      isDefaultAnchor: told.trust.default_anchor,
      timeBasis: told.time_basis,
      judgedAt: new Date(told.judged_at),
    });
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
    this.document = document && new VerifiedDocument(mark, document, alone, told.document, chain);
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

/** A verified document out of what the WebAssembly module gives. */
export function verified({ document, form, chain }) {
  return new VerifiedDocument(MADE_HERE, document, () => JSON.parse(form), JSON.parse(form), certificates(chain));
}

/** Certificates as they are shown, with their PEM, which is made when it is looked at. */
export function certificates(chain) {
  return Object.freeze(chain.map(({ form, der }) => certificate(JSON.parse(form), der)));
}

function certificate({ public_key_sha256: publicKeySha256, not_before, not_after, ...members }, der) {
  const times = { notBefore: new Date(not_before), notAfter: new Date(not_after) };
  let made;
  const get = () => (made ??= pem(der));
  const found = { ...members, publicKeySha256, ...times, der };
  return Object.freeze(Object.defineProperty(found, "pem", { get, enumerable: true }));
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
  const base64 = btoa(Array.from(der, (byte) => String.fromCharCode(byte)).join(""));
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----\n`;
}
