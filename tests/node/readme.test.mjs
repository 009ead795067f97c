// The JavaScript examples of the readmes run as they stand there, against the emulator.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { Client, NONCE_NOT_CHECKED, Verifier } from "azure-imds";
import { startEmulator } from "azure-imds/emulator";

const examples = (path) =>
  [...readFileSync(new URL(`../../${path}`, import.meta.url), "utf8").matchAll(/```js\n([^]*?)```/g)].map(
    (it) => it[1],
  );
const [TOP, ...moreOfTop] = examples("README.md");
const [EMULATOR, VERIFIER, BROWSER, ...moreOfPackage] = examples("bindings-wasm/README.md");

let room;
let emulator;
let document;
before(async () => {
  room = mkdtempSync(join(tmpdir(), "azure-imds-readme-"));
  symlinkSync(fileURLToPath(new URL("../node_modules", import.meta.url)), join(room, "node_modules"));
  emulator = await startEmulator();
  document = await new Client({ baseUrl: emulator.url, environment: {} }).attestedDocument({ nonce: "42" });
});
after(async () => {
  await emulator.close();
  rmSync(room, { recursive: true, force: true });
});

function written(name, example) {
  const path = join(room, name);
  writeFileSync(path, example);
  return path;
}

test("the nonces that the readmes make are of 32 letters and digits", () => {
  for (const path of ["README.md", "bindings-wasm/README.md"]) {
    const text = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
    const [, made] = /`(Buffer\.from\(crypto[^`]*)`/.exec(text);
    assert.match(new Function(`return ${made}`)(), /^[0-9a-zA-Z]{32}$/);
  }
});

test("every example is run", () => {
  assert.deepEqual([moreOfTop, moreOfPackage], [[], []]);
});

for (const [name, example] of [
  ["of the repository", TOP],
  ["of the package", VERIFIER],
]) {
  test(`the verifier, in the readme ${name}`, async (context) => {
    assert.ok(example.includes("new Verifier()"));
    const code = example.replace("new Verifier()", "new Verifier({ ...trust, fetch: false })");
    const path = written(`${name.replaceAll(" ", "-")}.mjs`, code);
    const shown = { log: [], error: [] };
    for (const method of Object.keys(shown)) {
      context.mock.method(console, method, (...values) => shown[method].push(values.map(String)));
    }
    const names = ["answer", "trust", "nonce"];
    context.after(() => names.forEach((it) => delete globalThis[it]));
    for (const nonce of ["42", "43"]) {
      Object.assign(globalThis, { answer: document.text, trust: emulator.trust, nonce });
      await import(`${pathToFileURL(path)}?${nonce}`);
    }
    const { compute } = emulator.machine;
    assert.deepEqual(shown.log[0].slice(0, 2), [compute.vmId, compute.subscriptionId]);
    assert.match(shown.error[0].join(" "), /^nonce_mismatch .*43/);
    assert.deepEqual([shown.log.length, shown.error.length], [1, 1]);
  });
}

test("the client and the emulator", () => {
  const path = written("emulator.test.mjs", EMULATOR);
  // As if nobody ran tests around it.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const ran = spawnSync(process.execPath, ["--test", path], { cwd: room, env, encoding: "utf8" });
  assert.equal(ran.status, 0, ran.stdout + ran.stderr);
  assert.match(ran.stdout, /^# pass 1$|ℹ pass 1/m);
});

test("the browser's beginning, where nothing is left to be loaded", async () => {
  const code = `${BROWSER}\nexport const verifier = new Verifier({ anchors: [] });`;
  const { verifier } = await import(pathToFileURL(written("browser.mjs", code)));
  await assert.rejects(verifier.verify(document, { nonce: NONCE_NOT_CHECKED }), { code: "no_trust_anchors" });
  assert.ok(!(verifier instanceof Verifier), "of the module of the verifier alone");
});
