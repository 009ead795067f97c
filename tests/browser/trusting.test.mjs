// What a person adds and expects: certificates as files, and every field of the form.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { certificate, vector } from "../node/suite.mjs";
import { counts, drop, launch, open, paste, reads, serve, shows } from "./browser.mjs";

const GOOD = vector("attested::valid::as_azure_signs");

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

test("files are taken one after the other; one that can't be read is named", async () => {
  const { page, context, errors } = await open(browser);
  await page.evaluate(
    (given) => {
      const dataTransfer = new DataTransfer();
      for (const [name, bytes] of given) dataTransfer.items.add(new File([Uint8Array.from(bytes)], name));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    },
    [
      ["one.cer", [...certificate("root")]],
      ["two.cer", [...certificate("issuing")]],
    ],
  );
  await reads(page, "#ask-text", /^one\.cer holds certificates/);
  await page.click("dialog[open] button[value=anchors]");
  await reads(page, "#ask-text", /^two\.cer holds certificates/);
  await page.click("dialog[open] button[value=issuers]");
  await reads(page, "#trust-list", /Root CA 01.*\(anchor\).*Issuing CA 01.*\(issuer\)/);
  await page.evaluate(() => {
    Blob.prototype.arrayBuffer = () => Promise.reject(new DOMException("it is a folder", "NotReadableError"));
  });
  await drop(page, "folder", Buffer.from("x"));
  await shows(page, "Nothing was checked");
  await reads(page, "#live", /folder can’t be read: it is a folder/);
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
  await shows(page, "Verified against a root you added");
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

test("expectations: nonce, VM, subscription, age, image, plan, cloud, time", async () => {
  const { page, context } = await open(browser);
  await trustTheGood(page);
  await drop(page, "document.json", Buffer.from(GOOD.document));
  await shows(page, "Verified against a root you added");
  await page.click("text=Image and Marketplace plan");
  for (const [id, wrong, right] of [
    ["nonce", "another", GOOD.options.nonce],
    ["vmId", "another", "02AAB8A4-74EF-476E-8182-F6D2BA4166A6"],
    ["subscriptionId", "another", "8d10da13-8125-4ba9-a717-bf7490507b3d"],
    ["sku", "another", "22_04-lts-gen2"],
    ["planPublisher", "another", ""],
    ["planProduct", "another", ""],
    ["planName", "another", ""],
    ["maxAge", "59", "60"],
  ]) {
    await page.fill(`#${id}`, wrong);
    await shows(page, id === "maxAge" ? "Signed, but not valid at this time" : "Signed, but not what was expected");
    await page.fill(`#${id}`, right);
    await shows(page, "Verified against a root you added");
  }
  for (const nonsense of ["ten minutes", "-1", "1.5"]) {
    await page.fill("#maxAge", nonsense);
    await shows(page, "Nothing was checked");
    await reads(page, "#live", /maxAge is .*; give whole seconds that are not negative/, nonsense);
    await page.fill("#maxAge", "60");
    await shows(page, "Verified against a root you added");
  }
  await page.selectOption("#cloud", "usgov");
  await shows(page, "Signed, but not by Azure");
  await page.selectOption("#cloud", "public usgov china germany");
  await shows(page, "Verified against a root you added");
  await page.selectOption("#time", "signing");
  await reads(page, "#verdict-more", /max_age_needs_now/);
  await page.fill("#maxAge", "");
  await shows(page, "Verified as of its signing, against a root you added");
  await page.fill("#nonce", "");
  await reads(page, "#verdict-more", /nonce was not compared/);
  await context.close();
});
