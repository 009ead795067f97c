// The shared table of what is not given, or is nothing; and the module, for which nothing is never a wish.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { NONCE_NOT_CHECKED, UsageError, Verifier, VerifyError } from "azure-imds";

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

const WRONG = [undefined, "", false, {}, [undefined], Number.NaN, -1, 0.5, Symbol("nothing")];
const SOUND = {
  nonce: "a",
  nonceNotChecked: false,
  clouds: ["public"],
  skew: 300,
  maxAge: 600,
  vmId: "a",
  subscriptionId: "a",
  sku: "a",
  plan: { name: "a", product: "b", publisher: "c" },
};
const TRUSTED = { anchors: [], bundled: [], issuers: [], allowOrigins: [], deny: [] };
const begin = (...asked) => new native.Verifier(TRUSTED).start(new Uint8Array(), ...asked);
const start = (expected, at = 0) => begin(expected, at, false, null, true);

test("the module takes no member as given that is not", () => {
  assert.ok(start(SOUND));
  for (const name of Object.keys(SOUND)) {
    const { [name]: _, ...without } = SOUND;
    const code = name === "nonce" ? "nonce_empty" : "argument_type";
    assert.throws(() => start(without), { code }, name);
    assert.throws(() => start({ ...SOUND, [name]: undefined }), { code }, name);
    const accepted = typeof SOUND[name] === "string" ? [""] : typeof SOUND[name] === "boolean" ? [false] : [];
    for (const value of WRONG.slice(1).filter((it) => !accepted.includes(it))) {
      assert.throws(() => start({ ...SOUND, [name]: value }), { code: "argument_type" }, `${name}: ${String(value)}`);
    }
  }
  for (const name of ["maxAge", "vmId", "subscriptionId", "sku", "plan", "skew"]) {
    assert.ok(start({ ...SOUND, [name]: null }), name);
  }
  for (const name of ["nonce", "clouds", "nonceNotChecked"]) {
    assert.throws(() => start({ ...SOUND, [name]: null }), { code: /^(nonce_empty|argument_type)$/ }, name);
  }
  for (const name of ["name", "product", "publisher"]) {
    for (const part of [undefined, null, 7]) {
      assert.throws(() => start({ ...SOUND, plan: { ...SOUND.plan, [name]: part } }), { code: "argument_type" }, name);
    }
  }
  for (const expected of [undefined, null, "", 7, []]) assert.throws(() => start(expected), { code: "argument_type" });
});

test("the module is told in so many words that the nonce is not checked, and that the time is that of signing", () => {
  assert.ok(start({ ...SOUND, nonce: null, nonceNotChecked: true }));
  assert.throws(() => start({ ...SOUND, nonceNotChecked: true }), { code: "argument_type" });
  assert.throws(() => start({ ...SOUND, nonce: "" }), { code: "nonce_empty" });
  assert.ok(start(SOUND, "signing_time"));
  for (const at of [undefined, null, "", "now", Number.NaN, -1, 0.5, true, {}]) {
    assert.throws(() => begin(SOUND, at, false, null, true), { code: "argument_type" });
  }
  for (const flag of [undefined, null, "", 0, 1, "no", {}]) {
    assert.throws(() => begin(SOUND, 0, flag, null, true), { code: "argument_type" });
    assert.throws(() => begin(SOUND, 0, false, null, flag), { code: "argument_type" });
  }
  for (const timeout of [undefined, "", false, Number.NaN, -1, 0.5, {}]) {
    assert.throws(() => begin(SOUND, 0, false, timeout, true), { code: "argument_type" });
  }
});

test("the module trusts nothing that was not said", () => {
  assert.ok(new native.Verifier({ ...TRUSTED, anchors: null }), "the default ones, said so");
  for (const name of Object.keys(TRUSTED)) {
    for (const value of [undefined, "", false, {}, 7]) {
      assert.throws(() => new native.Verifier({ ...TRUSTED, [name]: value }), { code: "argument_type" }, name);
    }
    if (name !== "anchors") {
      assert.throws(() => new native.Verifier({ ...TRUSTED, [name]: null }), { code: "argument_type" });
    }
    assert.throws(() => new native.Verifier({ ...TRUSTED, [name]: [undefined] }), { code: /./ }, name);
  }
});
