// The page in a real browser: verdicts, every way in, every way out.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { certificate, vector } from "../node/suite.mjs";
import { counts, drop, FILE, launch, open, paste, reads, serve, shows, until } from "./browser.mjs";

const GOOD = vector("attested::valid::as_azure_signs");
const SAMPLES = {
  good: "Verified",
  expired: "Signed, but not valid at this time",
  tampered: "The signature is wrong",
  "wrong-signer": "Signature right, root not trusted",
  "missing-issuer": "Signature right, issuer missing",
  documentation: "Signed in a way that is not accepted",
};

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Sets the form for the good vector, with its root as an anchor and its issuer at hand. */
async function trustTheGood(page) {
  for (const [role, name] of [
    ["anchors", "root"],
    ["issuers", "issuing"],
  ]) {
    await drop(page, `${name}.cer`, certificate(name));
    await page.click(`dialog[open] button[value=${role}]`);
    await reads(page, "#certificates-hint", `1 added as ${role}.`);
  }
  await page.fill("#nonce", GOOD.options.nonce);
  await page.selectOption("#time", "given");
  await page.fill("#given", "2026-09-21T12:01:00");
}

for (const [kind, address] of [
  ["from a disk", () => ({ url: FILE.href, close() {} })],
  ["from a server", () => serve()],
]) {
  test(`each sample has its verdict, ${kind}`, async () => {
    const { url, close } = await address();
    const { page, context, errors } = await open(browser, url);
    await shows(page, "Waiting for a document");
    for (const [name, title] of Object.entries(SAMPLES)) {
      await page.click(`#samples button[value=${name}]`);
      await shows(page, title);
      await counts(page, "#samples button[aria-pressed=true]", 1);
    }
    assert.deepEqual(errors, []);
    await context.close();
    close();
  });
}

test("the report of a sample: claims, checks, certificates, next step", async () => {
  const { page, context } = await open(browser);
  await page.click("button[value=good]");
  await shows(page, "Verified");
  await reads(page, "#report", /What it says.*expires in 5 hours/s);
  await counts(page, ".checks > li.passed", 12);
  await counts(page, ".chain .certificate", 3);
  await reads(page, ".chain", /root, trusted for this sample/);
  await page.click("button[value=expired]");
  await shows(page, "Signed, but not valid at this time");
  await reads(page, ".unverified", /Refused\..*expired 3 hours ago/s);
  await page.click("button[value=tampered]");
  await shows(page, "The signature is wrong");
  await reads(page, ".unverified .banner", /Anybody can have written this/);
  await reads(page, ".chain", /metadata\.azure\.com/);
  await page.click("button[value=missing-issuer]");
  await shows(page, "Signature right, issuer missing");
  await reads(page, "#verdict-more", /www\.microsoft\.com\/pkiops/);
  await reads(page, ".chain .missing", /Missing: CN=azure-imds test Issuing CA 01/);
  await page.click("button[value=wrong-signer]");
  await shows(page, "Signature right, root not trusted");
  await reads(page, "#verdict-more", /[0-9a-f]{64}/);
  await context.close();
});

test("a real paste by the keyboard verifies at once", async () => {
  const { url, close } = await serve();
  const { page, context } = await open(browser, url, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.evaluate(
    (it) => navigator.clipboard.writeText(it),
    `HTTP/1.1 200 OK\r\nServer: IMDS\r\n\r\n${GOOD.document}`,
  );
  await page.keyboard.press("Control+V");
  await shows(page, "Signature right, issuer missing");
  await reads(page, "#recognised", /the service's JSON envelope, inside a whole HTTP answer/);
  await until(
    () => page.inputValue("#document"),
    (it) => /^HTTP\/1\.1 200 OK/.test(it),
    "the pasted text",
  );
  await context.close();
  close();
});

test("typing verifies too, and clearing forgets", async () => {
  const { page, context } = await open(browser);
  await page.fill("#document", GOOD.document);
  await shows(page, "Signature right, issuer missing");
  await page.click("#clear");
  await shows(page, "Waiting for a document");
  await counts(page, "#report > *", 0);
  await context.close();
});

test("whatever is pasted is named, with what was expected", async () => {
  const { page, context, errors } = await open(browser);
  const certificates = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----";
  for (const [input, what, step] of [
    ["<!DOCTYPE html><title>Sign in</title>", /a web page/, /proxy/],
    ['{"compute":{"vmId":"x"}}', /\/metadata\/instance/, /attested\/document/],
    ['{"error":"invalid_request"}', /an error that the metadata service answered with/, /Metadata: true/],
    ["eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", /a token/, /secret/],
    ["-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----", /a private key/, /Take it away/],
    [certificates, /X\.509 certificates/, /as issuers/],
    ["02aab8a4-74ef-476e-8182-f6d2ba4166a6", /a UUID/, /Expect it/],
    ["a\u202eb <b>c</b> \u0007 \ud800", /text of another kind/, /attested\/document/],
    ["x", /text of another kind/, /attested\/document/],
    [`${GOOD.document}\n${GOOD.document}`, /several attested documents/, /one at a time/],
  ]) {
    await page.click("#clear");
    await shows(page, "Waiting for a document");
    await paste(page, input);
    await shows(page, "Nothing was checked");
    await reads(page, "#live", what, input);
    await reads(page, "#verdict-more", step, input);
    await counts(page, "#report > *", 0);
  }
  await paste(page, GOOD.document.slice(0, 900));
  await shows(page, "Nothing was checked");
  await reads(page, "#verdict-more", /envelope_malformed/);
  await page.click("#clear");
  await shows(page, "Waiting for a document");
  await drop(page, "picture.png", Buffer.from("\x89PNG\r\n\x1a\n0000", "latin1"));
  await reads(page, "#live", /a file of another kind/);
  assert.deepEqual(errors, []);
  await context.close();
});

test("dropped certificates are trusted on request, and remembered on request", async () => {
  const { url, close } = await serve();
  const { page, context } = await open(browser, url);
  await paste(page, GOOD.document);
  await shows(page, "Signature right, issuer missing");
  await drop(page, "issuing.cer", certificate("issuing"));
  await counts(page, "dialog[open]", 1);
  await page.keyboard.press("Escape");
  await counts(page, "dialog[open]", 0);
  await counts(page, "#trust-list li", 0);
  await trustTheGood(page);
  await shows(page, "Verified");
  await reads(page, ".chain", /root, trusted because you added it/);
  await page.check("#remember");
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  await counts(page, "#trust-list li", 2);
  await page.click("#trust-list button >> nth=0");
  await counts(page, "#trust-list li", 1);
  await page.uncheck("#remember");
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  await counts(page, "#trust-list li", 0);
  await page.click("text=Add certificates");
  await page.fill("#certificates", "no certificate");
  await page.click("#add-anchors");
  await reads(page, "#certificates-hint", /holds no certificate/);
  await context.close();
  close();
});

test("expectations: nonce, VM, subscription, cloud, time", async () => {
  const { page, context } = await open(browser);
  await trustTheGood(page);
  await drop(page, "document.json", Buffer.from(GOOD.document));
  await shows(page, "Verified");
  for (const id of ["nonce", "vmId", "subscriptionId"]) {
    const before = await page.inputValue(`#${id}`);
    await page.fill(`#${id}`, "another");
    await shows(page, "Signed, but not what was expected");
    await page.fill(`#${id}`, before);
    await shows(page, "Verified");
  }
  await page.selectOption("#cloud", "usgov");
  await shows(page, "Signed, but not by Azure");
  await page.selectOption("#cloud", "public usgov china germany");
  await shows(page, "Verified");
  await page.selectOption("#time", "signing");
  await shows(page, "Verified as of its signing");
  await page.fill("#nonce", "");
  await reads(page, "#verdict-more", /nonce was not compared/);
  await context.close();
});

test("a document in DER comes as a file, and leaves as a link", async () => {
  const { url, close } = await serve();
  const { page, context } = await open(browser, url);
  const der = Buffer.from(JSON.parse(GOOD.document).signature, "base64");
  await drop(page, "document.der", der);
  await shows(page, "Signature right, issuer missing");
  await reads(page, "#recognised", /DER/);
  await page.click("text=Link…");
  await reads(page, "dialog", /holds the whole document/);
  assert.ok(!page.url().includes("#doc="), "no link is made before the warning is answered");
  await page.click("dialog button[value=make]");
  await page.waitForFunction(() => location.hash.startsWith("#doc="));
  const linked = await open(browser, page.url());
  await shows(linked.page, "Signature right, issuer missing");
  await linked.context.close();
  await context.close();
  close();
});

test("the report can be saved, and the check taken along as code", async () => {
  const { page, context } = await open(browser);
  await page.click("button[value=tampered]");
  await shows(page, "The signature is wrong");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=Save report")]);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  const saved = JSON.parse(Buffer.concat(chunks).toString());
  assert.equal(saved.error.code, "content_signature");
  assert.equal(saved.checks.length, 17);
  await page.fill("#vmId", "it's");
  for (const [tab, line] of [
    ["Rust", '.vm_id("it\'s")'],
    ["Python", 'vm_id="it\'s",'],
    ["Shell", "--vm-id 'it'\\''s'"],
  ]) {
    await page.click(`role=tab[name="${tab}"]`);
    await until(
      () => page.textContent("#snippet"),
      (it) => it.includes(line),
      `${tab}: ${line}`,
    );
  }
  const [saveDer] = await Promise.all([page.waitForEvent("download"), page.click("text=Save DER >> visible=true")]);
  assert.match(saveDer.suggestedFilename(), /\.cer$/);
  await context.close();
});
