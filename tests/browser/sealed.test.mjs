// Nothing leaves the page: no request after it has loaded, and a policy that forbids every one.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { vector } from "../node/suite.mjs";
import { counts, drop, FILE, HTML, launch, open, paste, reads, serve, shows, SLOWED, until } from "./browser.mjs";

const GOOD = vector("attested::valid::as_azure_signs");

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Uses everything the page has. */
async function use(page) {
  for (const [name, title] of [
    ["good", "Verified against a root you added"],
    ["missing-issuer", "Signature right, issuer missing"],
    ["tampered", "The signature is wrong"],
  ]) {
    await page.click(`button[value=${name}]`);
    await shows(page, title);
  }
  await paste(page, GOOD.document);
  await shows(page, "Signature right, issuer missing");
  await page.click("#clear");
  await shows(page, "Waiting for a document");
  await drop(page, "document.json", Buffer.from(GOOD.document));
  await shows(page, "Signature right, issuer missing");
  await page.click("text=Copy report as text");
  await page.click("text=Link…");
  await page.click("dialog[open] button[value=make]");
  await page.waitForURL(/#doc=/);
  await page.click("#theme");
}

/** Requests that go somewhere: `data:` and `blob:` are in the page itself. */
const outward = (requests) => requests.filter((url) => !/^(data|blob):/.test(url));

for (const [kind, address] of [
  ["from a disk", () => ({ url: FILE.href, close() {}, asked: undefined })],
  ["from a server", () => serve()],
]) {
  test(`no request is made after the page has loaded, ${kind}`, async () => {
    const { url, close, asked } = await address();
    const { page, context, requests } = await open(browser, url);
    await use(page);
    await page.waitForTimeout(300);
    assert.deepEqual(outward(requests), [url]);
    if (asked) assert.deepEqual(asked, ["/"]);
    await context.close();
    close();
  });
}

test("control: a page that does send is caught by the same records", async () => {
  const chatty = HTML.replace(/<meta http-equiv[^>]*>/, "").replace(
    "</body>",
    "<script>fetch('/report?leak=1')</script></body>",
  );
  const { url, close, asked } = await serve(chatty);
  const { page, context, requests } = await open(browser, url);
  await use(page);
  await until(
    () => asked.length,
    (it) => it === 2,
    "the second request",
  );
  assert.deepEqual(outward(requests), [url, `${url}report?leak=1`]);
  assert.deepEqual(asked, ["/", "/report?leak=1"]);
  await context.close();
  close();
});

test("the policy forbids what a script might try, and comes before anything else", async () => {
  const policy =
    /^<!doctype html>\n<html lang="en">\n<head>\n<meta http-equiv="Content-Security-Policy" content="([^"]*)">/;
  const directives = policy.exec(HTML)[1].split("; ");
  for (const directive of [
    "default-src 'none'",
    "connect-src 'none'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ]) {
    assert.ok(directives.includes(directive), directive);
  }
  assert.ok(!/unsafe-inline|unsafe-eval'? |https?:/.test(policy.exec(HTML)[1].replace("'wasm-unsafe-eval'", "")));
  const { url, close, asked } = await serve();
  const { page, context } = await open(browser, url);
  const tried = await page.evaluate(async (address) => {
    const outcomes = {};
    outcomes.fetch = await fetch(`${address}fetch`).then(
      () => "sent",
      () => "refused",
    );
    outcomes.request = await new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.onload = () => resolve("sent");
      request.onerror = () => resolve("refused");
      request.open("GET", `${address}request`);
      request.send();
    });
    outcomes.image = await new Promise((resolve) => {
      const image = new Image();
      image.onload = () => resolve("sent");
      image.onerror = () => resolve("refused");
      image.src = `${address}image`;
    });
    try {
      new WebSocket(address.replace("http", "ws"));
      outcomes.socket = "opened";
    } catch {
      outcomes.socket = "refused";
    }
    navigator.sendBeacon(`${address}beacon`, "x");
    try {
      document.body.innerHTML = "<p>x</p>";
      outcomes.markup = "written";
    } catch {
      outcomes.markup = "refused";
    }
    return outcomes;
  }, url);
  await page.waitForTimeout(300);
  assert.deepEqual(
    { ...tried, socket: "refused" },
    { fetch: "refused", request: "refused", image: "refused", socket: "refused", markup: "refused" },
  );
  assert.deepEqual(asked, ["/"], "nothing reached the server, the beacon and the socket included");
  await context.close();
  close();
});

test("a page with one byte of its script changed does not run", async () => {
  const { url, close } = await serve(HTML.replace('Waiting for a document"', 'Verified for sure"'));
  const { page, context, errors } = await open(browser, url, { waits: false });
  await until(
    () => errors.join(),
    (it) => /Content Security Policy/.test(it),
    "the refusal",
  );
  await page.waitForTimeout(300);
  await counts(page, "html[data-ready]", 0);
  await context.close();
  close();
});

test("ten megabytes of anything freeze nothing", async () => {
  const { page, context, errors } = await open(browser);
  const size = 10_000_000;
  const inputs = {
    "one letter": "A",
    base64: "MIIB",
    braces: "{",
    JSON: '{"signature":"',
    blanks: " \n",
    PEM: "-----BEGIN PKCS7-----\n",
    quotes: "\"'",
    "HTTP answers": "HTTP/1.1 200 OK\r\n\r\n",
  };
  for (const [name, piece] of Object.entries(inputs)) {
    await page.click("#clear");
    await reads(page, "#recognised", "");
    const took = await page.evaluate(
      async ([text, length]) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", text.repeat(length / text.length));
        await new Promise((resolve) => setTimeout(resolve, 100));
        const begun = performance.now();
        document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        await new Promise((resolve) => setTimeout(resolve, 50));
        return performance.now() - begun;
      },
      [piece, size],
    );
    if (name === "blanks") {
      await shows(page, "Waiting for a document");
    } else {
      await reads(page, "#recognised", /10\.0 MB/, name);
      await shows(page, "Nothing was checked");
    }
    assert.ok(took < 30_000 * SLOWED, `${name}: ${Math.round(took)} ms`);
    console.log(`10 MB of ${name}: ${Math.round(took)} ms`);
  }
  await page.click("#clear");
  await shows(page, "Waiting for a document");
  await drop(page, "large.bin", Buffer.alloc(size, 0x30));
  await shows(page, "Nothing was checked");
  await reads(page, "#recognised", /10\.0 MB/);
  assert.deepEqual(errors, []);
  await context.close();
});
