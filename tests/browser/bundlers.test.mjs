// The packed package through bundlers, in an empty project and a real browser.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { vector } from "../node/suite.mjs";
import { launch } from "./browser.mjs";

const wasm = fileURLToPath(new URL("../../bindings-wasm", import.meta.url));
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const GOOD = vector("attested::valid::as_azure_signs");

/** A page that verifies a document, once right and once with another nonce, and before the module is loaded. */
const app = (init) => `
  import { init, knownIssuers, Verifier, VerifyError } from "azure-imds/verifier";
  ${init}
  let before;
  try { knownIssuers(); } catch (error) { before = error.code; }
  await init(${init ? "address" : ""});
  const trust = ${JSON.stringify({ anchors: [...GOOD.trust.anchors[0]], issuers: [...GOOD.trust.issuers[0]] })};
  const verifier = new Verifier({ anchors: Uint8Array.from(trust.anchors), issuers: Uint8Array.from(trust.issuers) });
  const now = new Date(${GOOD.options.now.getTime()});
  const document_ = await verifier.verify(${JSON.stringify(GOOD.document)}, { nonce: "9876543210", now });
  const error = await verifier.verify(${JSON.stringify(GOOD.document)}, { nonce: "0", now }).catch((it) => it);
  document.title = [before, document_.vmId, error instanceof VerifyError, error.code].join(" ");`;
const EXPECTED = "not_loaded 02aab8a4-74ef-476e-8182-f6d2ba4166a6 true nonce_mismatch";

let room;
let browser;
before(async () => {
  room = mkdtempSync(join(tmpdir(), "azure-imds-bundlers-"));
  browser = await launch();
});
after(async () => {
  await browser.close();
  rmSync(room, { recursive: true, force: true });
});

function project(name, init) {
  const folder = join(room, name);
  mkdirSync(folder);
  const [{ filename }] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--pack-destination", folder], {
      cwd: join(wasm, "dist"),
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true, type: "module" }));
  writeFileSync(
    join(folder, "index.html"),
    '<!doctype html><title>-</title><script type="module" src="./app.js"></script>',
  );
  writeFileSync(join(folder, "app.js"), app(init));
  execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", "--silent", `./${filename}`], {
    cwd: folder,
  });
  return folder;
}

/** The title of the page in a folder, once it has one. */
async function title(folder) {
  const server = createServer((request, response) => {
    const path = request.url === "/" ? "/index.html" : new URL(request.url, "http://x").pathname;
    try {
      const content = readFileSync(join(folder, path));
      response.writeHead(200, { "Content-Type": TYPES[extname(path)] ?? "application/octet-stream" }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  try {
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction(() => document.title !== "-", undefined, { timeout: 60_000 }).catch(() => {});
    return errors.length ? errors.join() : await page.title();
  } finally {
    await page.close();
    server.close();
  }
}

test("Vite finds the module by itself", async () => {
  const folder = project("with-vite", "");
  symlinkSync(join(wasm, "node_modules/vite"), join(folder, "node_modules/vite"));
  execFileSync(join(wasm, "node_modules/.bin/vite"), ["build", "--logLevel", "error", "--base", "./"], { cwd: folder });
  assert.equal(await title(join(folder, "dist")), EXPECTED);
});

test("esbuild bundles it, told where the module is", async () => {
  const folder = project("with-esbuild", 'import address from "azure-imds/verifier.wasm";');
  const out = join(folder, "dist");
  execFileSync(
    join(wasm, "node_modules/.bin/esbuild"),
    ["app.js", "--bundle", "--format=esm", "--minify", "--loader:.wasm=file", "--log-level=error", `--outdir=${out}`],
    { cwd: folder },
  );
  writeFileSync(join(out, "index.html"), readFileSync(join(folder, "index.html")));
  assert.equal(await title(out), EXPECTED);
});
