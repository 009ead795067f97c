// The WebAssembly modules: what they import, how large they are, and that the two share their classes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";

import * as whole from "azure-imds";
import * as alone from "azure-imds/verifier";

import { vector } from "./suite.mjs";

/** Kilobytes (of 1000 bytes) that the verifier's module may have, compressed by brotli at its strongest.
 * It has room: the compiler's next version may need some, and the figure is printed. */
const VERIFIER_LIMIT = 125;

const bytes = (name) => readFileSync(new URL(`../../bindings-wasm/dist/wasm/${name}`, import.meta.url));

for (const name of ["verifier", "web", "azure_imds"]) {
  test(`${name}: imports nothing but the glue beside it`, () => {
    const glue = bytes(`${name}.js`).toString();
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes(`${name}_bg.wasm`)));
    assert.ok(imports.length > 0);
    for (const { module, name: imported } of imports) {
      assert.equal(module, `./${name}_bg.js`);
      assert.match(imported, /^__(wbg|wbindgen)_/);
      assert.ok(glue.includes(imported), imported);
    }
    // The glue itself reaches for nothing of the outside but the module, and only in its loader.
    assert.equal(glue.split("fetch(").length - 1, 1);
    for (const word of ["XMLHttpRequest", "WebSocket", "sendBeacon", "eval(", "new Function", "import("]) {
      assert.ok(!glue.includes(word), word);
    }
  });

  test(`${name}: gives JavaScript no references`, () => {
    // "unreachable code" in V8's deoptimizer: Node 20 ended after some ten thousand calls of a function that gave one.
    assert.ok(!bytes(`${name}.js`).toString().includes("externref"));
    const exported = WebAssembly.Module.exports(new WebAssembly.Module(bytes(`${name}_bg.wasm`)));
    assert.ok(exported.length > 10 && exported.every((it) => !it.name.includes("externref")));
  });

  test(`${name}: holds no path of the machine that built it`, () => {
    const text = bytes(`${name}_bg.wasm`).toString("latin1");
    for (const path of [process.env.HOME, process.cwd(), "/.cargo/", ".rustup"]) assert.ok(!text.includes(path), path);
  });
}

const readme = readFileSync(new URL("../../bindings-wasm/README.md", import.meta.url), "utf8");

// The figures are for the readme, which nothing holds to them: they are the compiler's.
for (const name of ["verifier", "web", "azure_imds"]) {
  test(`${name}: has a size`, (context) => {
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
    const module = bytes(`${name}_bg.wasm`);
    const size = brotliCompressSync(module, options).length / 1000;
    context.diagnostic(`${module.length} bytes, brotli ${size.toFixed(1)} kB`);
    if (name === "verifier") assert.ok(size <= VERIFIER_LIMIT, `${size} kB, at most ${VERIFIER_LIMIT}`);
  });
}

test("the readme says the limit of the verifier's module", () => {
  assert.ok(readme.includes(`A test holds the verifier's at ${VERIFIER_LIMIT}.`));
});

/** What the whole package has beside the verifier. */
const BESIDE = [
  "AccessToken",
  "AttestedDocument",
  "Client",
  "Instance",
  "Tags",
  "cloudOf",
  "eventAffects",
  "explain",
  "recognise",
  "vmIdMatches",
  "codes",
  "fetchCodes",
  "findingCodes",
  "notFetchedCodes",
];

test("the verifier's module holds nothing of the client and the emulator", () => {
  const has = (name, text) => bytes(name).toString("latin1").includes(text);
  for (const text of ["AZURE_POD_IDENTITY_AUTHORITY_HOST", "StartRequests", "X-Azure-Imds-Emulator-Fault"]) {
    assert.ok(!has("verifier_bg.wasm", text) && has("azure_imds_bg.wasm", text), text);
  }
  assert.ok(!/class (Client|Emulator|Call)\b/.test(bytes("verifier.js").toString()));
});

test("both modules have the verifier, and the same classes of errors, reports and documents", async () => {
  assert.deepEqual(Object.keys(whole).sort(), [...Object.keys(alone), ...BESIDE].sort());
  for (const name of ["ImdsError", "UsageError", "TransportError", "ServiceError", "VerifyError"]) {
    assert.equal(whole[name], alone[name]);
  }
  const { document, trust, options } = vector("attested::signature::content_changed");
  const error = await new alone.Verifier(trust).verify(document, options).catch((it) => it);
  assert.ok(error instanceof whole.VerifyError && error instanceof whole.ImdsError && error instanceof Error);
  assert.ok(error.report instanceof whole.Report);
  assert.throws(() => new alone.Verifier({ issuers: "none" }), whole.UsageError);
  const good = vector("attested::valid::as_azure_signs");
  assert.ok(
    (await new alone.Verifier(good.trust).verify(good.document, good.options)) instanceof whole.VerifiedDocument,
  );
});
