// The JavaScript runner of the shared vectors: both modules must give the verdict that stands in the file.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as whole from "azure-imds";
import * as alone from "azure-imds/verifier";

import { VECTORS, WRITTEN } from "./suite.mjs";

/** The headlines that a refusal can have, by the first failed check. */
const HEADLINES = {
  input: ["nothing_checked"],
  signed_data: ["nothing_checked"],
  signer_certificate: ["nothing_checked"],
  algorithms: ["not_acceptable"],
  key_strength: ["not_acceptable"],
  content_signature: ["wrong_signature"],
  content: ["wrong_signature"],
  names: ["not_azure"],
  chain: ["issuer_missing", "root_not_trusted", "no_valid_path"],
  claims: ["claims_unreadable"],
  window: ["not_valid_now"],
  max_age: ["not_valid_now"],
  nonce: ["not_expected"],
  vm_id: ["not_expected"],
  subscription_id: ["not_expected"],
  sku: ["not_expected"],
  plan: ["not_expected"],
};

test("verify gives the verdict of every vector", async () => {
  let ran = 0;
  for (const vector of VECTORS) {
    const verifier = new whole.Verifier({ ...vector.trust, fetch: false });
    let verdict = "verified";
    try {
      const document = await verifier.verify(vector.document, vector.options);
      assert.ok(document instanceof whole.VerifiedDocument, vector.id);
      assert.equal(document.identity, vector.identity, vector.id);
    } catch (error) {
      assert.ok(error instanceof whole.VerifyError, `${vector.id}: ${error}`);
      verdict = error.code;
      assert.equal(error.retryable, false, `${vector.id}: nothing is fetched here`);
      assert.ok(error.message && error.nextStep && error.summary && error.report, vector.id);
    }
    assert.equal(verdict, vector.verdict, vector.id);
    ran += 1;
  }
  assert.ok(WRITTEN > 500 && ran === WRITTEN, `${ran} of ${WRITTEN} vectors ran`);
});

test("explain gives the verdict of every vector, twice with one verifier", async () => {
  const headlines = new Set();
  let ran = 0;
  for (const vector of VECTORS) {
    const verifier = new alone.Verifier({ ...vector.trust, fetch: false });
    for (const report of [
      await verifier.explain(vector.document, vector.options),
      await verifier.explain(vector.document, vector.options),
    ]) {
      const failed = report.checks.filter((line) => line.outcome === "failed");
      assert.equal(report.checks.length, 17, vector.id);
      assert.equal(report.fetches.length, 0, vector.id);
      assert.equal(report.error?.code ?? "verified", vector.verdict, vector.id);
      assert.equal(report.verified, vector.verdict === "verified", vector.id);
      headlines.add(report.headline.name);
      if (report.verified) {
        assert.deepEqual(failed, [], vector.id);
        assert.equal(report.document.identity, vector.identity, vector.id);
        assert.match(report.headline.name, /^verified(_at_signing)?_by_added_root$/, vector.id);
        assert.equal(report.document.isDefaultAnchor, false, vector.id);
        assert.deepEqual(report.document.claims, JSON.parse(report.document.content), vector.id);
      } else {
        assert.equal(failed[0].code, vector.verdict, vector.id);
        const [expected] = Object.entries(HEADLINES).filter(([name]) => name === failed[0].name);
        assert.ok(expected[1].includes(report.headline.name), `${vector.id}: ${report.headline.name}`);
        if (failed[0].name === "chain" && ["issuer_missing", "root_not_trusted"].includes(vector.verdict)) {
          assert.equal(report.headline.name, vector.verdict, vector.id);
          assert.ok(report.error.missing[0].name, vector.id);
        }
      }
    }
    ran += 1;
  }
  assert.equal(ran, WRITTEN);
  assert.equal(headlines.size, 12, [...headlines].join(", "));
});

test("what is a document is recognised as one, and reaches the strict reader as it came", () => {
  const others = new Map();
  for (const vector of VECTORS) {
    const found = whole.recognise(vector.document);
    if (found.material !== "document") others.set(vector.id, found.material);
    else if (vector.verdict === "verified") assert.notEqual(found.document.length, 0, vector.id);
  }
  // Only what is no document in its own form either may be taken for something else.
  for (const [id, material] of others) {
    const { verdict } = VECTORS.find((it) => it.id === id);
    assert.notEqual(verdict, "verified", `${id} is taken for ${material}`);
  }
});
