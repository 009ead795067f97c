// The shared table of what is not given, or is nothing; and the module, for which nothing is never a wish.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { AT_SIGNING_TIME, NONCE_NOT_CHECKED, UsageError, Verifier, VerifyError } from "azure-imds";

import * as native from "../../bindings-wasm/dist/wasm/verifier.js";
import { vector } from "./suite.mjs";

native.initSync({ module: readFileSync(new URL("../../bindings-wasm/dist/wasm/verifier_bg.wasm", import.meta.url)) });

const TABLE = JSON.parse(readFileSync(new URL("../vectors/absences.json", import.meta.url), "utf8"));
const GOOD = vector(TABLE.document);
const TRUST = ["anchors", "issuers", "fetch", "fetchTimeout", "allowOrigins", "allowOrigin", "deny"];

const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

/** What becomes of the document with that one option so. */
async function verdict({ option, given, at, code }) {
  const name = camel(option);
  const trust = { ...GOOD.trust, fetch: false };
  const options = { ...GOOD.options, now: at === undefined ? GOOD.options.now : new Date(at * 1000) };
  const chosen = TRUST.includes(name) ? trust : options;
  delete chosen[name];
  if (given.undefined) chosen[name] = undefined;
  if ("value" in given) chosen[name] = given.value;
  try {
    await new Verifier(trust).verify(GOOD.document, options);
    return "verified";
  } catch (error) {
    if (error instanceof VerifyError && code === "refused") return "refused";
    assert.ok(error instanceof VerifyError || error instanceof UsageError, error);
    return error.code;
  }
}

for (const row of TABLE.cases.filter((it) => it.said_in.includes("node"))) {
  test(`${row.option}: ${JSON.stringify(row.given)}`, async () => {
    assert.equal(await verdict(row), row.but?.node ?? row.code);
  });
}

test("an option that is not one is noticed wherever it comes from", async () => {
  class Getter {
    get maxage() {
      return 600;
    }
  }
  const hidden = Object.defineProperty({}, "maxage", { value: 600, enumerable: false });
  const inherited = [{ maxage: 600 }, new Getter(), hidden, { [Symbol("maxAge")]: 600 }, { __proto__: { maxage: 1 } }];
  for (const parent of inherited) {
    const options = Object.assign(Object.create(parent), GOOD.options);
    await assert.rejects(new Verifier(GOOD.trust).verify(GOOD.document, options), { code: "argument_value" });
  }
  const orphan = Object.assign(Object.create(null), GOOD.options, { maxage: 600 });
  await assert.rejects(new Verifier(GOOD.trust).verify(GOOD.document, orphan), { code: "argument_value" });
  // What is inherited is read like the rest.
  const parent = Object.create({ ...GOOD.options, nonce: "other" });
  await assert.rejects(new Verifier(GOOD.trust).verify(GOOD.document, parent), { code: "nonce_mismatch" });
  assert.ok(await new Verifier(GOOD.trust).verify(GOOD.document, Object.create(GOOD.options)));
});

test("what somebody has put into Object.prototype is none of the caller's options", async () => {
  const { nonce: _, ...without } = GOOD.options;
  const set = (name, value) =>
    Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
  const odd = { nonce: NONCE_NOT_CHECKED, anchors: GOOD.trust.anchors, issuers: GOOD.trust.issuers };
  const found = (name) => ({
    code: "argument_value",
    message: new RegExp(`^the option ${name} is inherited from Obj`),
  });
  try {
    for (const [name, value] of Object.entries(odd)) set(name, value);
    await assert.rejects(new Verifier(GOOD.trust).verify(GOOD.document, without), found("nonce"));
    await assert.rejects(new Verifier(GOOD.trust).verify(GOOD.document), { code: "nonce_empty" });
    assert.throws(() => new Verifier({ fetch: false }), found("anchors"));
    await assert.rejects(new Verifier().verify("", GOOD.options), VerifyError);
  } finally {
    for (const name of Object.keys(odd)) delete Object.prototype[name];
  }
});

const WRONG = {
  text: [false, {}, [], 7, Symbol("nothing"), new Uint8Array(1), () => "a"],
  list: [false, {}, 7, "a", [7], [[]], Symbol("nothing")],
  whole: ["", false, {}, [], Symbol("nothing"), new Date()],
  object: ["", false, [], {}, 7, Symbol("nothing")],
};
const SOUND = {
  nonce: ["a", "text"],
  clouds: [["public"], "list"],
  skew: [300, "whole"],
  maxAge: [600, "whole"],
  vmId: ["a", "text"],
  subscriptionId: ["a", "text"],
  sku: ["a", "text"],
  plan: [{ name: "a", product: "b", publisher: "c" }, "object"],
};
const sound = Object.fromEntries(Object.entries(SOUND).map(([name, [value]]) => [name, value]));
const start = (expected) => new native.Verifier({ fetch: false }).start(new Uint8Array(), expected, 0, true);

test("the module takes nothing of another type for a wish", () => {
  assert.ok(start(sound));
  for (const [name, [, kind]] of Object.entries(SOUND)) {
    for (const value of WRONG[kind]) {
      assert.throws(() => start({ ...sound, [name]: value }), { code: "argument_type" }, `${name}: ${String(value)}`);
    }
    for (const nothing of [undefined, null]) {
      const other = { ...sound, [name]: nothing };
      const isList = name === "clouds" && nothing === null;
      if (name === "nonce") assert.throws(() => start(other), { code: "nonce_empty" });
      else if (isList) assert.throws(() => start(other), { code: "argument_type" });
      else assert.ok(start(other), name);
    }
  }
  for (const value of [Number.NaN, -1, 0.5, Infinity]) {
    for (const name of ["skew", "maxAge"]) {
      assert.throws(() => start({ ...sound, [name]: value }), { code: "argument_value" }, `${name}: ${value}`);
    }
  }
  for (const name of ["name", "product", "publisher"]) {
    for (const part of [undefined, null, 7]) {
      assert.throws(() => start({ ...sound, plan: { ...sound.plan, [name]: part } }), { code: "argument_type" }, name);
    }
  }
  assert.throws(() => start({ ...sound, vmid: "a" }), { code: "argument_value" });
  for (const expected of [{}, { nonce: "" }]) assert.throws(() => start(expected), { code: "nonce_empty" });
});

test("the module is told in so many words that the nonce is not checked, and that the time is that of signing", () => {
  assert.ok(start({ ...sound, nonce: NONCE_NOT_CHECKED, now: AT_SIGNING_TIME }));
  for (const nonce of [AT_SIGNING_TIME, Symbol(NONCE_NOT_CHECKED.description), NONCE_NOT_CHECKED.description.length]) {
    assert.throws(() => start({ ...sound, nonce }), { code: "argument_type" });
  }
  for (const now of [NONCE_NOT_CHECKED, "", "now", Number.NaN, -1, 0.5, true, {}]) {
    assert.throws(() => start({ ...sound, now }), { code: "argument_type" });
  }
});

test("the module trusts nothing that was not said", () => {
  const trusts = (given) => new native.Verifier(given);
  for (const name of ["anchors", "issuers", "allowOrigins", "deny"]) {
    for (const value of [false, {}, 7, [undefined], [7], Symbol("nothing")]) {
      assert.throws(() => trusts({ [name]: value }), { code: "argument_type" }, name);
    }
  }
  for (const fetch of ["", 0, 1, "no", {}]) assert.throws(() => trusts({ fetch }), { code: "argument_type" });
  assert.throws(() => trusts({ anchor: [] }), { code: "argument_value" });
});
