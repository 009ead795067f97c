// A real browser, the page in it, and a record of every request it makes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { chromium } from "playwright-core";

/** The page as it was built. */
export const FILE = new URL("../../bindings-wasm/dist/page/index.html", import.meta.url);
export const HTML = readFileSync(FILE, "utf8");

/**
 * How many times as slow the browser is made, on purpose: `SLOWED=6 node --test tests/browser/` shows a test that reads
 * before the page has answered.
 */
export const SLOWED = Number(process.env.SLOWED ?? 1);
/** Milliseconds that are waited for what must come. */
const PATIENCE = 60_000 * SLOWED;
/** Milliseconds by which a slowed page gets a file's content later. */
const LATE = 400;

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Debian's Chromium. */
export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: QUIET });
}

/** A static server on this machine, which keeps a list of what it was asked for. */
export async function serve(html = HTML) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    const isPage = request.url === "/" || request.url === "/index.html";
    response.writeHead(isPage ? 200 : 404, { "Content-Type": "text/html", "Access-Control-Allow-Origin": "*" });
    response.end(isPage ? html : "not here");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { asked, url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/**
 * Opens the page and waits until it can verify, unless `waits` is false; `prepare` runs in it before anything else.
 * `requests` gets the addresses of all requests, `errors` what went wrong.
 */
export async function open(browser, url = FILE.href, options = {}) {
  const { waits = true, prepare, ...more } = options;
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...more });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  if (SLOWED > 1) await slow(page);
  if (prepare) await page.addInitScript(prepare);
  const [requests, errors] = [[], []];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(url);
  if (waits) await page.waitForSelector("html[data-ready]");
  return { page, context, requests, errors };
}

/** Slows a page down: its processor, and the content of its files. */
async function slow(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWED });
  await page.addInitScript((late) => {
    const { arrayBuffer } = Blob.prototype;
    Blob.prototype.arrayBuffer = async function () {
      await new Promise((resolve) => setTimeout(resolve, late));
      return arrayBuffer.call(this);
    };
  }, LATE);
}

/** Reads until what was read is right, and gives it. Fails with what was read last. */
export async function until(read, isRight, wanted) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const seen = await read();
    if (isRight(seen)) return seen;
    if (Date.now() > end) assert.fail(`${wanted} did not come; there was ${JSON.stringify(seen)}`);
    await sleep(20);
  }
}

/** Waits until the text of an element matches, or is the one given. `told` is added to a failure. */
export function reads(page, selector, wanted, told = "") {
  const isRight = (texts) => texts.some((it) => (typeof wanted === "string" ? it === wanted : wanted.test(it)));
  return until(() => page.locator(selector).allTextContents(), isRight, `${selector}: ${wanted} ${told}`);
}

/** Waits until there are so many elements. */
export function counts(page, selector, number) {
  return until(
    () => page.locator(selector).count(),
    (it) => it === number,
    `${selector}: ${number} of them`,
  );
}

/** Waits for a headline. */
export function shows(page, title) {
  return reads(page, "#verdict-title", title);
}

/** Waits until nothing moves and no colour changes any more. */
export function settles(page) {
  return page.evaluate(() => Promise.allSettled(document.getAnimations().map((it) => it.finished)));
}

/** Pastes a text as a person does who has not clicked anywhere. */
export function paste(page, text) {
  return page.evaluate((it) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", it);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** Drops a file onto the page. */
export function drop(page, name, bytes) {
  return page.evaluate(
    ([called, base64]) => {
      const content = Uint8Array.from(atob(base64), (it) => it.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], called));
      for (const type of ["dragover", "drop"]) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      }
    },
    [name, Buffer.from(bytes).toString("base64")],
  );
}
