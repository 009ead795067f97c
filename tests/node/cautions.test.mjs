// What the page says beside a verdict, for reports that no vector gives: they end at a root of Azure's own.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cautions } from "../../bindings-wasm/page/cautions.js";

const DOCUMENT = { timeBasis: "now", newIssuers: [] };
const told = (document, checks = []) => cautions({ checks, document: document && { ...DOCUMENT, ...document } });

test("issuers that are new to Azure are told", () => {
  const newIssuers = [{ subject: "CN=One" }, { subject: "CN=Two" }];
  assert.deepEqual(
    told({ newIssuers }),
    ["One", "Two"].map((it) => `Not in the table of known issuers: CN=${it}. Azure may be changing its issuers.`),
  );
  assert.deepEqual([told({ unknownIssuers: newIssuers }), told({}), told(undefined)], [[], [], []]);
});

test("what was not asked for is told", () => {
  const nonce = { name: "nonce", outcome: "not_checked" };
  assert.match(told({}, [nonce]).join(), /hand it in again until it expires\.$/);
  assert.match(told({}, [nonce, { name: "max_age", outcome: "passed" }]).join(), /again until it is too old\.$/);
  assert.match(told({}, [nonce, { name: "max_age", outcome: "not_checked" }]).join(), /until it expires\.$/);
  assert.deepEqual(told({}, [{ name: "nonce", outcome: "passed" }]), []);
  assert.match(told({ timeBasis: "signing_time" }).join(), /whether it has expired is open/);
});
