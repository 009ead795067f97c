// The samples of the page, picked out of the shared vectors: minted for tests, by nobody that counts.

import { readFileSync } from "node:fs";

const vectors = new URL("../../tests/vectors/", import.meta.url);
const OWN_ROOT =
  "A sample, made for tests. Its root is trusted here for this sample alone; the time is that of the sample.";
const OWN_NAME =
  "A sample, made for tests. Its signer names that issuer, which never signed it; so no certificate completes it.";

/** Name, label, vector, and what differs from the vector. */
const PICKED = [
  ["good", "Good", "attested::valid::as_azure_signs"],
  ["expired", "Expired", "attested::valid::as_azure_signs", { at: "2026-09-21T21:00:00Z" }],
  ["tampered", "Tampered", "attested::signature::content_changed"],
  ["wrong-signer", "Wrong signer", "attested::signer::attacker_brings_his_chain"],
  ["missing-issuer", "Missing issuer", "attested::chain::no_issuers_known_name", { trust: OWN_NAME }],
];

/** The samples as the page takes them. */
export function samples() {
  const suite = JSON.parse(readFileSync(new URL("attested.json", vectors), "utf8"));
  const pem = (name) => `-----BEGIN CERTIFICATE-----\n${suite.certificates[name]}\n-----END CERTIFICATE-----\n`;
  const picked = PICKED.map(([name, label, id, { at, trust = OWN_ROOT } = {}]) => {
    const vector = suite.cases.find((it) => it.id === id);
    if (!vector?.input.text) throw new Error(`no vector with text is named ${id}`);
    return {
      name,
      label,
      document: vector.input.text,
      anchors: vector.anchors.map(pem),
      issuers: vector.issuers.map(pem),
      nonce: vector.expect.nonce,
      now: at ?? new Date(vector.at * 1000).toISOString(),
      trust,
    };
  });
  const documentation = readFileSync(new URL("specification_sample.json", vectors), "utf8");
  const trust = "The sample of the service’s documentation, of 2018.";
  const now = "2018-11-20T22:08:39Z";
  return [
    ...picked,
    { name: "documentation", label: "From the documentation", document: documentation, issuers: [], now, trust },
  ];
}
