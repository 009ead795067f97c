// A real browser, the page in it, and a record of every request it makes.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";

import { chromium } from "playwright-core";

/** The page as it was built. */
export const FILE = new URL("../../bindings-wasm/dist/page/index.html", import.meta.url);
export const HTML = readFileSync(FILE, "utf8");

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

/** Opens the page and waits until it can verify. `requests` gets the addresses of all requests, `errors` what went wrong. */
export async function open(browser, url = FILE.href, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const [requests, errors] = [[], []];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(url);
  if (options.waits !== false) await page.waitForSelector("html[data-ready]");
  return { page, context, requests, errors };
}

/** The headline. */
export const headline = (page) => page.textContent("#verdict-title");

/** Waits for a headline. */
export async function shows(page, title) {
  await page.waitForFunction((it) => document.getElementById("verdict-title").textContent === it, title, {
    timeout: 5000,
  });
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
