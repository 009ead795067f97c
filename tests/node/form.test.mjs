// The JSON form of verdicts, against its schema by a published validator.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import Ajv from "ajv/dist/2020.js";
import { Verifier } from "azure-imds";

import { VECTORS, vector } from "./suite.mjs";

const SCHEMA = JSON.parse(readFileSync(new URL("../../docs/schema/report.json", import.meta.url), "utf8"));
const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false });
const isReport = ajv.compile(SCHEMA);
const isDocument = ajv.compile({ ...SCHEMA.$defs.document, $defs: SCHEMA.$defs });

/** Every tenth vector, and the first of each verdict. */
const CHOSEN = VECTORS.filter(
  ({ verdict }, number) => number % 10 === 0 || VECTORS.findIndex((it) => it.verdict === verdict) === number,
);

const explained = ({ document, options, trust }) => new Verifier({ ...trust, fetch: false }).explain(document, options);

/** The objects of a form, without what the service wrote. */
function* objects(value) {
  if (value === null || typeof value !== "object") return;
  if (!Array.isArray(value)) yield value;
  for (const [name, inner] of Object.entries(value)) {
    if (!["claims", "unverified"].includes(name)) yield* objects(inner);
  }
}

test("reports are as the schema says", async () => {
  const headlines = new Set();
  for (const it of CHOSEN) {
    const report = await explained(it);
    const { unverified, ...form } = report.toJSON({ unverified: true });
    assert.ok(isReport({ ...form, unverified }), `${it.id}: ${ajv.errorsText(isReport.errors)}`);
    headlines.add(form.headline.name);
    assert.equal(form.error?.code ?? "verified", it.verdict);
    assert.equal(unverified === null, report.unverified === undefined);
    assert.deepEqual(JSON.parse(JSON.stringify({ report })), { report: form });
    if (!report.document) continue;
    const alone = JSON.parse(JSON.stringify(report.document));
    assert.ok(isDocument(alone), `${it.id}: ${ajv.errorsText(isDocument.errors)}`);
    assert.deepEqual(alone, { schema_version: 1, ...form.document });
    assert.deepEqual(alone.claims, report.document.claims);
    const verified = await new Verifier({ ...it.trust, fetch: false }).verify(it.document, it.options);
    assert.deepEqual(verified.toJSON(), alone);
  }
  assert.ok(CHOSEN.length > 100 && headlines.size > 10);
});

for (const id of ["attested::chain::no_issuers", "attested::valid::as_azure_signs"]) {
  test(`a changed member is refused: ${id}`, async () => {
    const form = (await explained(vector(id))).toJSON({ unverified: true });
    assert.ok(isReport(form));
    for (const members of objects(form)) {
      for (const [name, value] of Object.entries(members)) {
        if (name === "unverified") continue;
        for (const changed of [1.5, [0], ...(name === "claims" ? [] : [{ "": 0 }])]) {
          members[name] = changed;
          assert.ok(!isReport(form), name);
        }
        delete members[name];
        assert.ok(!isReport(form), name);
        members[name] = value;
      }
      members.another = null;
      assert.ok(!isReport(form));
      delete members.another;
    }
    assert.ok(isReport(form));
    const { document, error } = form;
    for (const changed of [{ verdict: "perhaps" }, { document: error && {}, error: document && {} }]) {
      assert.ok(!isReport({ ...form, ...changed }));
    }
  });
}

test("a report can be made JSON without options that fit", async () => {
  const report = await explained(vector("attested::chain::no_issuers"));
  for (const options of [undefined, null, "unverified", {}, { unverified: 1 }]) {
    assert.ok(!("unverified" in report.toJSON(options)));
  }
});
