// What callers give and get: documents, options, errors, reports.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import {
  AT_SIGNING_TIME,
  ImdsError,
  NONCE_NOT_CHECKED,
  Report,
  UsageError,
  VerifiedDocument,
  Verifier,
  VerifyError,
  bundledIssuers,
  defaultAnchors,
  describeCertificates,
  knownIssuers,
  quoted,
  readCertificates,
  recognise,
  version,
} from "azure-imds";

import { bind } from "../../bindings-wasm/dist/bind.js";
import { certificate, vector } from "./suite.mjs";

const GOOD = vector("attested::valid::as_azure_signs");
const verifier = new Verifier({ ...GOOD.trust, fetch: false });

async function usage(code, call) {
  await assert.rejects(
    async () => call(),
    (error) => {
      assert.ok(error instanceof UsageError && error instanceof ImdsError, inspect(error));
      assert.equal(error.code, code, error.message);
      assert.equal(error.retryable, false);
      assert.equal(error.name, "UsageError");
      return true;
    },
  );
}

test("a verified document", async () => {
  const document = await verifier.verify(GOOD.document, GOOD.options);
  assert.equal(document.vmId, "02aab8a4-74ef-476e-8182-f6d2ba4166a6");
  assert.equal(document.subscriptionId, "8d10da13-8125-4ba9-a717-bf7490507b3d");
  assert.equal(document.sku, "22_04-lts-gen2");
  assert.equal(document.plan, undefined);
  assert.equal(document.licenseType, undefined);
  assert.equal(document.nonce, "9876543210");
  assert.equal(document.nonceChecked, true);
  assert.deepEqual(document.createdOn, new Date("2026-09-21T12:00:00Z"));
  assert.deepEqual(document.expiresOn, new Date("2026-09-21T18:00:00Z"));
  assert.equal(document.cloud, "public");
  assert.equal(document.region, "eastus");
  assert.deepEqual(document.names, ["eastus.metadata.azure.com", "metadata.azure.com"]);
  assert.equal(document.timeBasis, "now");
  assert.deepEqual(document.judgedAt, GOOD.options.now);
  assert.equal(document.claims.vmId, document.vmId);
  const { anchor } = document;
  assert.deepEqual([anchor, document.isDefaultAnchor], [document.chain.at(-1), false]);
  const told = `verified against a root you added: ${anchor.subject}, SHA-256 ${anchor.sha256}; `;
  assert.ok(String(document).startsWith("signed for the VM 02aab8a4") && String(document).includes(told), document);
  const [leaf, , root] = document.chain;
  assert.equal(document.chain.length, 3);
  assert.equal(leaf.key, "RSA-2048");
  assert.deepEqual(root.der, certificate("root"));
  assert.deepEqual(readCertificates(root.pem), [root.der]);
  assert.match(root.sha256, /^[0-9a-f]{64}$/);
  assert.throws(() => (document.vmId = "other"), TypeError);
  assert.throws(() => document.chain.push(leaf), TypeError);
});

test("nobody but a verification makes a document or a report", () => {
  assert.throws(() => new VerifiedDocument(), TypeError);
  assert.throws(() => new Report(Symbol(), { document: {} }), TypeError);
});

test("documents come as text or bytes", async () => {
  const bytes = new TextEncoder().encode(GOOD.document);
  for (const document of [GOOD.document, bytes, Buffer.from(bytes), bytes.buffer]) {
    assert.ok(await verifier.verify(document, GOOD.options));
  }
  for (const document of [undefined, null, 7, JSON.parse(GOOD.document), ["a"]]) {
    await usage("argument_type", () => verifier.verify(document, GOOD.options));
  }
});

test("the nonce can't be left out", async () => {
  const without = (nonce) => ({ ...GOOD.options, nonce });
  for (const options of [undefined, {}, without(undefined), without(null), without("")]) {
    await usage("nonce_empty", () => verifier.verify(GOOD.document, options));
    await usage("nonce_empty", () => verifier.explain(GOOD.document, options));
  }
  for (const nonce of [0, 9876543210, false, Symbol.for("another"), {}]) {
    await usage("argument_type", () => verifier.verify(GOOD.document, without(nonce)));
  }
  const document = await verifier.verify(GOOD.document, without(NONCE_NOT_CHECKED));
  assert.equal(document.nonceChecked, false);
});

test("options that make no sense", async () => {
  const asked = (more) => () => verifier.verify(GOOD.document, { ...GOOD.options, ...more });
  await usage("argument_value", asked({ max_age: 600 }));
  await usage("argument_value", asked({ maxage: 600 }));
  await usage("argument_type", () => verifier.verify(GOOD.document, null));
  await usage("argument_type", asked({ now: 1789992060 }));
  await usage("argument_value", asked({ now: new Date("no date") }));
  await usage("argument_value", asked({ now: new Date(-1) }));
  await usage("clouds_empty", asked({ clouds: [] }));
  await usage("cloud_unknown", asked({ clouds: ["moon"] }));
  await usage("argument_type", asked({ clouds: "public" }));
  await usage("skew_too_large", asked({ skew: 3601 }));
  await usage("argument_value", asked({ skew: -1 }));
  await usage("argument_value", asked({ maxAge: 0.5 }));
  await usage("argument_type", asked({ maxAge: "600" }));
  await usage("argument_type", asked({ vmId: 7 }));
  await usage("argument_value", asked({ vmId: "\ud800" }));
  await usage("argument_type", asked({ plan: "free" }));
  await usage("argument_type", asked({ plan: { name: "a", product: "b" } }));
  for (const nothing of [undefined, null]) assert.ok(await asked({ maxAge: nothing, vmId: nothing, plan: nothing })());
});

test("trust that makes no sense", async () => {
  for (const [code, options] of [
    ["argument_type", { anchors: 7 }],
    ["argument_type", { issuers: [7] }],
    ["argument_type", { fetch: "no" }],
    ["argument_type", { allowOrigins: "http://mirror.test/" }],
    ["argument_value", { anchor: [] }],
    ["bundle_empty", { anchors: "no certificate" }],
    ["bundle_empty", { issuers: new Uint8Array() }],
    ["certificate_unreadable", { issuers: new Uint8Array([0x30, 0]) }],
    ["origin_malformed", { allowOrigins: ["ftp://mirror.test/"] }],
    ["argument_type", { deny: "00".repeat(32) }],
    ["argument_type", { deny: new Uint8Array(32) }],
    ["argument_type", { deny: null }],
    ["argument_type", { deny: [7] }],
    ["fingerprint_malformed", { deny: [""] }],
    ["fingerprint_malformed", { deny: ["00".repeat(32), "00".repeat(31)] }],
    ["fingerprint_malformed", { deny: [new Uint8Array(31)] }],
    ["argument_type", { onUnknownIssuer: "log" }],
  ]) {
    await usage(code, () => new Verifier(options));
  }
  await usage("bundle_empty", () => new Verifier({ issuers: [certificate("root"), "x"] })).catch(() => {});
  assert.throws(() => new Verifier({ issuers: [certificate("root"), "x"] }), /^UsageError: issuers, item 2: /);
});

test("no anchors refuse everything", async () => {
  const error = await new Verifier({ anchors: [], fetch: false }).verify(GOOD.document, GOOD.options).catch((it) => it);
  assert.equal(error.code, "no_trust_anchors");
});

test("a refusal tells what, why and what to do", async () => {
  const options = { ...GOOD.options, nonce: "0000000000" };
  const error = await verifier.verify(GOOD.document, options).catch((it) => it);
  assert.ok(error instanceof VerifyError);
  assert.equal(error.name, "VerifyError");
  assert.equal(error.code, "nonce_mismatch");
  assert.equal(error.message, 'nonce mismatch: asked "0000000000", document has "9876543210"');
  assert.equal(error.summary, "The document's nonce is not the one asked for.");
  assert.match(error.nextStep, /replay/);
  assert.ok(!inspect(error).includes("checks:"), "the report does not drown the error where it is printed");
  const { report } = error;
  assert.equal(report.headline.title, "Signed, but not what was expected");
  assert.equal(JSON.parse(report.unverified).nonce, "9876543210");
  assert.match(String(report), /^refused \(nonce_mismatch\): /);
  const json = JSON.parse(JSON.stringify(report));
  assert.deepEqual([json.verdict, json.document, json.error.check], ["refused", null, "nonce"]);
  assert.equal(json.error.next_step, error.nextStep);
  assert.equal(json.chain[0].not_after, "2027-01-28T00:00:00Z");
});

test("what is missing is named", async () => {
  const { document, options } = vector("attested::chain::no_issuers");
  const { error } = await new Verifier({ anchors: certificate("root"), fetch: false }).explain(document, options);
  assert.equal(error.retryable, false);
  const [missing] = error.missing;
  assert.match(missing.name, /azure-imds test Issuing CA 01/);
  assert.match(error.nextStep, /as issuers:, or let it be fetched \(fetch: true\)/);
  assert.match(error.pageStep, /by dropping it here/);
  assert.match(missing.url, /^http:\/\/www\.microsoft\.com\/pkiops\/certs\//);
});

test("every certificate of a missing issuer is named with its own digest and address", async () => {
  const { document, options, trust } = vector("attested::chain::no_issuers_known_name");
  const report = await new Verifier({ ...trust, fetch: false }).explain(document, options);
  const rows = knownIssuers().filter((it) => it.name === "Microsoft Azure RSA TLS Issuing CA 08");
  const expected = rows.map(({ subject, sha256, url }) => ({ name: subject, sha256, url }));
  assert.deepEqual([expected.length, report.error.missing], [2, expected]);
  assert.deepEqual(JSON.parse(JSON.stringify(report)).error.missing, expected);
});

test("an anchor whose own time is over is refused", async () => {
  const { document, options, trust } = vector("attested::chain::anchor_expired");
  const { error } = await new Verifier({ ...trust, fetch: false }).explain(document, options);
  assert.equal(error.code, "certificate_expired");
  assert.match(error.message, /azure-imds test Root CA 02/);
});

test("what is given instead of a document is named", async () => {
  const refusal = (document) => verifier.verify(document, GOOD.options).catch((it) => it);
  const utf16 = new Uint8Array([0xff, 0xfe, ...[...GOOD.document].flatMap((it) => [it.charCodeAt(0), 0])]);
  for (const [document, told] of [
    [utf16, /in UTF-16 or behind a byte order mark$/],
    ["<!doctype html><title>Sign in</title>", /this is a web page$/],
    [JSON.stringify(GOOD.document), /inside other JSON$/],
  ]) {
    const error = await refusal(document);
    assert.equal(error.code, "base64_malformed");
    assert.match(error.message, told);
  }
});

test("what is not seen is escaped, by Unicode's own property", { skip: Number(process.versions.unicode) > 17 }, () => {
  const property = /\p{Default_Ignorable_Code_Point}|\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u;
  for (let code = 0; code < 0x110000; code += 1) {
    const character = String.fromCodePoint(code);
    if (property.test(character)) assert.equal(quoted(character), `\\u{${code.toString(16)}}`);
  }
  for (const filler of "\u2800\u3164\u{16fe4}\u{1d159}\u00a0") assert.match(quoted(filler), /^\\u\{/);
  assert.equal(quoted("aé漢 ☎"), "aé漢 ☎");
});

test("archives are judged at their signing time", async () => {
  const document = await verifier.verify(GOOD.document, { ...GOOD.options, now: AT_SIGNING_TIME });
  assert.equal(document.timeBasis, "signing_time");
  const report = await verifier.explain(GOOD.document, { ...GOOD.options, now: AT_SIGNING_TIME });
  assert.equal(report.headline.name, "verified_at_signing_by_added_root");
});

test("this machine's clock is the time unless one is given", async () => {
  const { now: _, ...options } = GOOD.options;
  const before = Math.floor(Date.now() / 1000) * 1000;
  const { checks, error } = await verifier.explain(GOOD.document, { ...options, nonce: NONCE_NOT_CHECKED });
  const told = /it is (\S+) now/.exec(error.message ?? "")?.[1] ?? /at (\S+)$/.exec(checks[8].detail)[1];
  assert.ok(new Date(told).getTime() >= before, error.message);
});

test("known issuers, default anchors, bundles", () => {
  const known = knownIssuers();
  assert.equal(known.length, 43);
  assert.equal(known.filter((it) => it.defaultAnchor).length, 4);
  assert.ok(known.every((it) => it.notBefore < it.notAfter && /^[0-9a-f]{64}$/.test(it.sha256)));
  assert.equal(defaultAnchors().length, 4);
  assert.deepEqual(bundledIssuers(), []);
  assert.deepEqual(readCertificates(defaultAnchors()[0]), [defaultAnchors()[0]]);
  assert.match(describeCertificates(defaultAnchors()[0])[0].subject, /^CN=DigiCert Global Root G2,/);
  assert.throws(() => describeCertificates("nothing"), { code: "bundle_empty" });
  assert.throws(() => readCertificates("nothing"), { code: "bundle_empty" });
  assert.match(version(), /^\d+\.\d+\.\d+/);
});

test("what people paste is recognised", () => {
  const found = recognise(`HTTP/1.1 200 OK\r\n\r\n${GOOD.document}`);
  assert.equal(found.material, "document");
  assert.equal(found.wrapping, "inside a whole HTTP answer");
  assert.equal(new TextDecoder().decode(found.document), GOOD.document);
  assert.equal(recognise("<html>").material, "html");
  assert.equal(quoted("a\u202eb\u001b[31m"), "a\\u{202e}b\\u{1b}[31m");
});

test("a verifier takes many documents at once", async () => {
  const documents = Array.from({ length: 20 }, () => verifier.verify(GOOD.document, GOOD.options));
  assert.equal(new Set((await Promise.all(documents)).map((it) => it.vmId)).size, 1);
});

test("a document has one identity in all its forms", async () => {
  const { signature } = JSON.parse(GOOD.document);
  const forms = [GOOD.document, signature, Buffer.from(signature, "base64"), ` ${GOOD.document}\n`];
  const identities = await Promise.all(forms.map(async (it) => (await verifier.verify(it, GOOD.options)).identity));
  assert.deepEqual(new Set(identities), new Set([GOOD.identity]));
  const report = await verifier.explain(GOOD.document, GOOD.options);
  assert.match(String(report), new RegExp(`^identity: ${GOOD.identity}$`, "m"));
  const json = JSON.parse(JSON.stringify(report));
  assert.equal(json.document.identity, GOOD.identity);
  assert.deepEqual(
    json.document.unknown_issuers,
    json.chain.slice(1).map((it) => it.sha256),
  );
});

test("what is denied is refused", async () => {
  const { chain } = await verifier.verify(GOOD.document, GOOD.options);
  for (const digest of chain.flatMap((it) => [it.sha256, it.publicKeySha256])) {
    const bytes = Buffer.from(digest, "hex");
    for (const form of [digest, digest.toUpperCase().match(/../g).join(":"), bytes, new Uint8Array(bytes).buffer]) {
      const denying = new Verifier({ ...GOOD.trust, deny: ["00".repeat(32), form], fetch: false });
      for (const _ of [1, 2]) {
        const error = await denying.verify(GOOD.document, GOOD.options).catch((it) => it);
        assert.equal(error.code, "certificate_denied");
        assert.ok(error.message.includes(digest), error.message);
      }
    }
  }
});

test("issuers that the table does not know say nothing of Azure's under a root that was added", async () => {
  const told = [];
  const telling = new Verifier({ ...GOOD.trust, onUnknownIssuer: (it) => told.push(it), fetch: false });
  const document = await telling.verify(GOOD.document, GOOD.options);
  assert.deepEqual(document.unknownIssuers, document.chain.slice(1));
  assert.ok(document.unknownIssuers.every((it) => it.pem.startsWith("-----BEGIN CERTIFICATE-----")));
  assert.deepEqual([document.newIssuers, told], [[], []]);
});

/** A module whose verifier finds a document with new issuers of these names: no test can sign under a root of Azure's. */
function moduleThatFinds(names) {
  const form = JSON.stringify({ names: [], trust: {}, unknown_issuers: [], new_issuers: names });
  const verification = { poll: () => ({ done: { document: {}, form, ders: names } }), free() {} };
  return () => ({
    describeCertificates: (subject) => [{ form: JSON.stringify({ subject, sha256: subject }), der: subject }],
    Verifier: class {
      start() {
        return verification;
      }
    },
  });
}

test("an issuer that is new to Azure is told", async () => {
  const told = [];
  const options = { nonce: "N" };
  const telling = (onUnknownIssuer, names = ["CN=New"]) => {
    const { Verifier } = bind(moduleThatFinds(names), undefined, undefined);
    return new Verifier({ onUnknownIssuer });
  };
  const document = await telling((it) => told.push(it)).verify("MAA=", options);
  assert.deepEqual([told, document.newIssuers[0].subject], [[document], "CN=New"]);
  await telling(async (it) => told.push(it)).verify("MAA=", options);
  assert.equal(told.length, 2);
  await telling((it) => told.push(it), []).verify("MAA=", options);
  assert.equal(told.length, 2);
  const refuse = () => {
    throw new RangeError("not yet");
  };
  for (const refusing of [refuse, async () => refuse()]) {
    await assert.rejects(telling(refusing).verify("MAA=", options), RangeError);
  }
});
