// How values show themselves where they are printed and in JSON: in short, without bytes and without secrets.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inspect } from "node:util";

import { Client, describeCertificates, Instance, knownIssuers, recognise, TransportError, Verifier } from "azure-imds";
import { Emulator } from "azure-imds/emulator";

import { SHAPES } from "../../bindings-wasm/dist/records.js";
import { certificate, vector } from "./suite.mjs";

const GOOD = vector("attested::valid::as_azure_signs");
const verifier = new Verifier({ ...GOOD.trust, fetch: false });
const document = await verifier.verify(GOOD.document, GOOD.options);
const report = await verifier.explain(GOOD.document, GOOD.options);
const refused = await verifier.verify(GOOD.document, { ...GOOD.options, nonce: "other" }).catch((it) => it);
const instance = new Instance(
  readFileSync(new URL("../vectors/instance_2025-04-07.json", import.meta.url), "utf8"),
  "2025-04-07",
);
const emulator = new Emulator({ seed: new Uint8Array(32).fill(83), limits: false });
const request = { method: "POST", target: "/metadata/instance", body: new Uint8Array(100).fill(83) };
const reply = emulator.handle(request);

const SIGNED = { text: "S".repeat(4000), signature: "S".repeat(3900), form: "{}" };

/** Bytes as Node and `JSON.stringify` write them, which nobody reads. */
const BYTES = /Uint8Array|<Buffer|"0":\s*\d|\b\d+,\s*\d+,\s*\d+/;

for (const [name, value, lines, told] of [
  ["a verified document", document, 9, ["VerifiedDocument", document.vmId, document.identity]],
  ["a report", report, 16, ["Report", "verified: true", document.vmId]],
  ["the report of a refusal", refused.report, 6, ["Report", "verified: false", "nonce_mismatch"]],
  ["a certificate", document.chain[0], 5, ["Certificate", document.chain[0].sha256]],
  ["a described certificate", describeCertificates(certificate("root"))[0], 5, ["Certificate"]],
  ["an instance", instance, 7, ["Instance", instance.compute.vmId, "2025-04-07"]],
  ["an attested document", SHAPES.attestedDocument(SIGNED), 1, []],
  ["what is recognised", recognise(`HTTP/1.1 200 OK\r\n\r\n${GOOD.document}`), 8, ["inside a whole HTTP answer"]],
  ["an emulator", emulator, 1, [emulator.url]],
  ["its answer", reply, 20, [" bytes>"]],
  ["its journal", emulator.requests, 20, ["POST", "<100 bytes>"]],
  ["its trust", emulator.trust, 2, [" bytes>"]],
  ["a client", new Client({ environment: { AZURE_IMDS_ENDPOINT: "http://x" } }), 1, []],
  ["a verifier", verifier, 1, []],
]) {
  test(`${name} is printed in short`, () => {
    const shown = inspect(value);
    assert.ok(shown.split("\n").length <= lines, shown);
    assert.doesNotMatch(shown, BYTES);
    assert.doesNotMatch(shown, /SSSS|BEGIN CERTIFICATE/);
    for (const text of told) assert.ok(shown.includes(text), shown);
    // Where it is deep inside other values, or all levels are asked for.
    assert.ok(inspect({ a: { b: { c: value } } }).length < 400);
    assert.doesNotMatch(inspect(value, { depth: null }), BYTES);
  });

  test(`${name} as JSON has no bytes`, () => {
    assert.doesNotMatch(JSON.stringify(value), BYTES);
  });
}

test("a certificate in JSON is as in a report", () => {
  assert.equal(report.document.chain, report.chain);
  const { chain } = report.toJSON();
  assert.deepEqual(JSON.parse(JSON.stringify(document.chain)), chain);
  assert.deepEqual(JSON.parse(JSON.stringify(report.chain)), chain);
  assert.deepEqual(JSON.parse(JSON.stringify(describeCertificates(document.chain[0].der))), [chain[0]]);
});

test("an error is printed with its code, the next step and what was tried", () => {
  const shown = inspect(refused);
  assert.ok(shown.startsWith("VerifyError: nonce mismatch: "), shown);
  assert.match(shown, /\(nonce_mismatch\)\n/);
  assert.ok(shown.includes(`\n  next step: ${refused.nextStep}`), shown);
  assert.equal(shown.split("\n").length, refused.stack.split("\n").length + 1);
  assert.match(inspect({ a: { b: { c: refused } } }), /\[VerifyError: nonce_mismatch\]/);
  const attempts = [
    { code: "throttled", status: 429 },
    { code: undefined, status: 200 },
  ];
  const error = new TransportError("no way", { code: "refused", attempts, cause: new Error("why") });
  assert.match(inspect(error), /\n {2}attempts: throttled, 200\n {2}cause: why$/);
});

test("rows of a table stay what they are", () => {
  assert.equal(JSON.parse(JSON.stringify(knownIssuers()[0])).sha256, knownIssuers()[0].sha256);
});
