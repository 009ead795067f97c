// What a verification found. Only a verification makes these.

const MADE_HERE = Symbol("made by a verification");

/** A verified document. */
export class VerifiedDocument {
  #text;

  constructor(mark, { text, chain, unknownIssuers, newIssuers, ...members }) {
    onlyHere(mark, "VerifiedDocument");
    this.#text = text;
    const [path, unknown, fresh] = [chain, unknownIssuers, newIssuers].map(certificates);
    Object.assign(this, frozen(members), { chain: path, unknownIssuers: unknown, newIssuers: fresh });
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
}

/** Every check with its outcome, whether the document was accepted or not. */
export class Report {
  #text;

  constructor(mark, { text, document, error, unverified, chain, ...members }) {
    onlyHere(mark, "Report");
    this.#text = text;
    this.verified = document !== undefined;
    this.document = document && new VerifiedDocument(mark, document);
    this.error = error && frozen(error);
    this.unverified = unverified;
    Object.assign(this, frozen(members), { chain: certificates(chain) });
    Object.freeze(this);
  }

  toString() {
    return this.#text;
  }

  /** The same JSON as `azure-imds verify --json --explain` prints. */
  toJSON() {
    const { document, error } = this;
    const unverified = object(this.unverified);
    return {
      verdict: this.verified ? "verified" : "refused",
      error: error ? { code: error.code, message: error.message, missing: error.missing.map(nulled) } : null,
      document: document ? document.claims : null,
      identity: document ? document.identity : null,
      trust: document ? trust(document) : null,
      ...(unverified ? { unverified } : {}),
      checks: this.checks.map(({ name, outcome, code, detail }) => ({ name, outcome, code: code ?? null, detail })),
      chain: this.chain.map((it) => ({
        subject: it.subject,
        issuer: it.issuer,
        serial: it.serial,
        key: it.key,
        not_before: rfc3339(it.notBefore),
        not_after: rfc3339(it.notAfter),
        sha256: it.sha256,
        public_key_sha256: it.publicKeySha256,
      })),
      unknown_issuers: document ? document.unknownIssuers.map((it) => it.sha256) : [],
    };
  }
}

/** What a verdict rests on. */
function trust({ isDefaultAnchor, anchor }) {
  return { default_anchor: isDefaultAnchor, subject: anchor.subject, sha256: anchor.sha256 };
}

function nulled({ name, sha256 = null, url = null }) {
  return { name, sha256, url };
}

/** A report out of what the WebAssembly module gives. */
export function report(plain) {
  return new Report(MADE_HERE, plain);
}

/** A verified document out of what the WebAssembly module gives. */
export function verified(plain) {
  return new VerifiedDocument(MADE_HERE, plain);
}

/** Certificates as they are shown, with their PEM, which is made when it is looked at. */
export function certificates(chain) {
  return Object.freeze(chain.map(certificate));
}

function certificate(plain) {
  let made;
  const get = () => (made ??= pem(plain.der));
  return Object.freeze(Object.defineProperty(plain, "pem", { get, enumerable: true }));
}

function onlyHere(mark, name) {
  if (mark !== MADE_HERE) throw new TypeError(`only a verification makes a ${name}`);
}

/** Objects and arrays that can't be changed, all the way down; a Date or bytes can't be frozen. */
export function frozen(value) {
  if (value === null || typeof value !== "object" || value instanceof Date || value instanceof Uint8Array) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}

function pem(der) {
  const base64 = btoa(Array.from(der, (byte) => String.fromCharCode(byte)).join(""));
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----\n`;
}

function object(text) {
  try {
    const value = text === undefined ? undefined : JSON.parse(text);
    return value !== null && typeof value === "object" ? value : undefined;
  } catch {
    return undefined; // Content that is no JSON is no claims: the check "claims" says so.
  }
}

function rfc3339(date) {
  return date.toISOString().replace(".000Z", "Z");
}
