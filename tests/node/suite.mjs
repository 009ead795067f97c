// The shared vectors as the package takes them.

import { readFileSync } from "node:fs";

import { AT_SIGNING_TIME, NONCE_NOT_CHECKED } from "azure-imds";

export const FILE = new URL("../vectors/attested.json", import.meta.url);
const TEXT = readFileSync(FILE, "utf8");
const SUITE = JSON.parse(TEXT);

/** How often a verdict is written in the file, counted without reading it as JSON. */
export const WRITTEN = TEXT.split('"verdict":').length - 1;

/** A certificate of the vectors, DER. */
export const certificate = (name) => Uint8Array.from(Buffer.from(SUITE.certificates[name], "base64"));

/** The vectors. */
export const VECTORS = SUITE.cases.map((it) => ({
  id: it.id,
  verdict: it.verdict,
  document: it.input.text ?? Uint8Array.from(Buffer.from(it.input.base64, "base64")),
  identity: it.identity,
  trust: { anchors: it.anchors.map(certificate), issuers: it.issuers.map(certificate), deny: it.deny ?? [] },
  options: {
    nonce: it.expect.nonce ?? NONCE_NOT_CHECKED,
    now: it.at === "signing-time" ? AT_SIGNING_TIME : new Date(it.at * 1000),
    clouds: it.expect.clouds,
    maxAge: it.expect.max_age,
    skew: it.expect.skew,
    vmId: it.expect.vm_id,
    subscriptionId: it.expect.subscription_id,
    sku: it.expect.sku,
    plan: it.expect.plan,
  },
}));

/** The vector of that id. */
export function vector(id) {
  const found = VECTORS.find((it) => it.id === id);
  if (!found) throw new Error(`no vector is named ${id}`);
  return found;
}
