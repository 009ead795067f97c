// The page in a real browser: verdicts, every way in, every way out.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { knownIssuers } from "azure-imds/verifier";

import * as mint from "../node/mint.mjs";
import { certificate, vector } from "../node/suite.mjs";
import { counts, drop, FILE, launch, open, paste, reads, serve, shows, until } from "./browser.mjs";

const GOOD = vector("attested::valid::as_azure_signs");
const SAMPLES = {
  good: "Verified against a root you added",
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
  await shows(page, "Verified against a root you added");
  await reads(page, "#report", /What it says.*expires in 5 hours/s);
  await counts(page, ".checks > li.passed", 12);
  await counts(page, ".chain .certificate", 3);
  await reads(page, ".chain", /root, trusted for this sample/);
  await counts(page, "#verdict.warn", 1);
  await reads(page, "#live .meaning", /not to a default one: it is worth what that root is worth/);
  await reads(page, "#verdict-more dd", /^CN=azure-imds test Root CA 01/);
  await reads(page, "#verdict-more dd .mono", createHash("sha256").update(certificate("root")).digest("hex"));
  await reads(page, "#verdict-more dd .mono", GOOD.identity);
  assert.doesNotMatch(await page.textContent("#verdict-more"), /known issuers/);
  await page.click("button[value=expired]");
  await shows(page, "Signed, but not valid at this time");
  await reads(page, ".unverified", /Refused\..*expired 3 hours ago/s);
  await page.click("button[value=tampered]");
  await shows(page, "The signature is wrong");
  await reads(page, ".unverified .banner", /Anybody can have written this/);
  await reads(page, ".chain", /metadata\.azure\.com/);
  await page.click("button[value=missing-issuer]");
  await shows(page, "Signature right, issuer missing");
  await reads(page, "#verdict-more", /[0-9a-f]{64}.*www\.microsoft\.com\/pkiops.*no certificate completes it/s);
  await reads(page, ".chain .missing", /Missing: CN=Microsoft Azure RSA TLS Issuing CA 08/);
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

test("while it waits, it says how a document is asked for, with a nonce that it then expects", async () => {
  const { url, close } = await serve();
  const { page, context } = await open(browser, url, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.click("text=Copy, and expect this nonce");
  await reads(page, "#guide button", "Copied");
  const command = await page.evaluate(() => navigator.clipboard.readText());
  const [, nonce] = /^curl .* "http:\/\/169\.254\.169\.254\/metadata\/attested\/.*&nonce=([0-9a-f]{32})"$/.exec(
    command,
  );
  assert.equal(await page.inputValue("#nonce"), nonce);
  await paste(page, GOOD.document);
  await shows(page, "Signature right, issuer missing");
  await reads(page, ".checks .failed", /Nonce.*nonce_mismatch/);
  assert.equal(await page.locator("#guide").isVisible(), false);
  const another = await open(browser, url);
  assert.ok(!(await another.page.textContent("#guide")).includes(nonce), "every page has a nonce of its own");
  await another.context.close();
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

test("every certificate of a missing issuer is named with its digest and a link to it", async () => {
  const { page, context } = await open(browser);
  const { document, options } = vector("attested::chain::no_issuers_known_name");
  const name = "Microsoft Azure RSA TLS Issuing CA 08";
  const known = knownIssuers().filter((it) => it.name === name);
  assert.ok(known.length > 1, "the table has several certificates of that name");
  await page.selectOption("#time", "given");
  await page.fill("#given", options.now.toISOString().slice(0, 19));
  await paste(page, document);
  await shows(page, "Signature right, issuer missing");
  await reads(page, "#verdict-more dd", known[0].subject);
  await counts(page, "#verdict-more dd a", known.length);
  const told = await page.locator("#verdict-more dd .mono").allTextContents();
  assert.deepEqual(
    told,
    known.flatMap(({ sha256, url }) => [sha256, url]),
  );
  const links = await page
    .locator("#verdict-more dd a")
    .evaluateAll((all) => all.map(({ href, rel, target }) => [href, rel, target]));
  assert.deepEqual(
    links,
    known.map(({ url }) => [url, "noreferrer", "_blank"]),
  );
  await counts(page, ".chain .missing > p", 1);
  await reads(page, ".chain .missing > p", `Missing: ${known[0].subject}`);
  await reads(page, "#verdict-more dd", /^Give that certificate by dropping it here;/);
  await context.close();
});

test("what is missing above a missing issuer is named too", async () => {
  const known = knownIssuers().filter((it) => it.kind === "intermediate");
  const child = known.find((it) => known.some((above) => above.name === it.issuer));
  const above = known.filter((it) => it.name === child.issuer);
  const issuer = mint.authority({ country: "US", organization: "Microsoft Corporation", commonName: child.name });
  const { page, context, errors } = await open(browser);
  await paste(page, mint.document(mint.signer(issuer, child.url), "0"));
  await shows(page, "Signature right, issuer missing");
  const certificates = [child, ...above];
  await counts(page, "#verdict-more dd a", certificates.length);
  assert.deepEqual(
    await page.locator("#verdict-more dd .mono").allTextContents(),
    certificates.flatMap(({ sha256, url }) => [sha256, url]),
  );
  assert.deepEqual(
    await page.locator(".chain .missing > p").allTextContents(),
    [above[0], child].map(({ subject }) => `Missing: ${subject}`),
  );
  assert.deepEqual(errors, []);
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
  assert.equal(typeof saved.unverified.vmId, "string");
  await page.click("text=Image and Marketplace plan");
  await page.fill("#vmId", "it's");
  await page.fill("#sku", "s");
  await page.fill("#maxAge", "600");
  for (const part of ["Name", "Product", "Publisher"]) await page.fill(`#plan${part}`, part);
  for (const [tab, all] of [
    ["Rust", [".max_age(600)", `.vm_id("it's")`, '.sku("s")', 'publisher: "Publisher".into() })']],
    ["Python", ["max_age=600,", `vm_id="it's",`, 'sku="s",', 'plan=azure_imds.Plan(name="Name",']],
    ["JavaScript", ["maxAge: 600,", `vmId: "it's",`, 'sku: "s",', 'publisher: "Publisher" }']],
    ["Shell", ["--max-age 600", `--vm-id 'it'\\''s'`, "--sku 's'", "--plan 'Name' 'Product' 'Publisher'"]],
  ]) {
    await page.click(`role=tab[name="${tab}"]`);
    await until(
      () => page.textContent("#snippet"),
      (text) => all.every((it) => text.includes(it)),
      `${tab}: ${all.join(" ")}`,
    );
  }
  await page.fill("#sku", "another");
  await reads(page, "#snippet", /^pip install.*--sku 'another'/s, "the chosen language stays");
  const [saveDer] = await Promise.all([page.waitForEvent("download"), page.click("text=Save DER >> visible=true")]);
  assert.match(saveDer.suggestedFilename(), /\.cer$/);
  await context.close();
});
