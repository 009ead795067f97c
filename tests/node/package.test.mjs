// The package as it is published: its manifest, its types, and the packed file in an empty project.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { vector } from "./suite.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const wasm = join(here, "../../bindings-wasm");
const bin = (name) => join(wasm, "node_modules/.bin", name);

let room;
let packed;
before(() => {
  room = mkdtempSync(join(tmpdir(), "azure-imds-package-"));
  packed = pack(join(wasm, "dist"), room);
});
after(() => rmSync(room, { recursive: true, force: true }));

function pack(folder, into) {
  const [{ filename }] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--pack-destination", into], {
      cwd: folder,
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );
  return join(into, filename);
}

/** The package with something broken on purpose. */
function broken(name, change) {
  const folder = join(room, name);
  cpSync(join(wasm, "dist"), folder, { recursive: true, filter: (path) => !/dist\/(page|shots)/.test(path) });
  const path = join(folder, "package.json");
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  change(manifest, folder);
  writeFileSync(path, JSON.stringify(manifest));
  return folder;
}

/** A project with nothing in it but the packed package. */
function project(name, files) {
  const folder = join(room, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true, type: "module" }));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", "--silent", packed], { cwd: folder });
  return folder;
}

const run = (command, args, options) => spawnSync(command, args, { encoding: "utf8", ...options });
const told = ({ stdout, stderr }) => `${stdout}\n${stderr}`;

test("the packed file holds what is needed, and nothing else", () => {
  const files = execFileSync("tar", ["tzf", packed], { encoding: "utf8" }).trim().split("\n").sort();
  const odd = files.filter(
    (it) =>
      !/^package\/([a-z.]+\.(js|d\.ts)|wasm\/[a-z_]+\.(js|wasm)|package\.json|README\.md|LICENSE-(MIT|APACHE))$/.test(
        it,
      ),
  );
  assert.deepEqual(odd, []);
  const manifest = JSON.parse(execFileSync("tar", ["xzOf", packed, "package/package.json"], { encoding: "utf8" }));
  assert.equal(manifest.private, undefined);
  assert.equal(manifest.devDependencies, undefined);
  assert.equal(manifest.dependencies, undefined);
  const version = /^version = "(.+)"$/m.exec(readFileSync(join(wasm, "../Cargo.toml"), "utf8"))[1];
  assert.equal(manifest.version, version);
});

test("publint finds nothing", () => {
  const found = run(bin("publint"), [packed, "--strict"]);
  assert.equal(found.status, 0, told(found));
});

test("control: publint finds an export that is not there", () => {
  const folder = broken("no-file", (manifest) => (manifest.exports["."].node = "./missing.js"));
  const found = run(bin("publint"), [folder, "--strict"]);
  assert.notEqual(found.status, 0);
  assert.match(told(found), /missing\.js/);
});

test("the types are found in every way of resolving", () => {
  const found = run(bin("attw"), [
    packed,
    "--profile",
    "esm-only",
    "--exclude-entrypoints",
    "azure_imds.wasm",
    "verifier.wasm",
  ]);
  assert.equal(found.status, 0, told(found));
});

test("control: types that are not there are missed", () => {
  const folder = broken("no-types", (manifest, at) => rmSync(join(at, "verifier.d.ts")));
  const found = run(bin("attw"), [
    pack(folder, folder),
    "--profile",
    "esm-only",
    "--exclude-entrypoints",
    "azure_imds.wasm",
    "verifier.wasm",
  ]);
  assert.notEqual(found.status, 0);
});

for (const [module, moduleResolution] of [
  ["NodeNext", "NodeNext"],
  ["ESNext", "Bundler"],
]) {
  test(`a consumer in TypeScript compiles: ${moduleResolution}`, () => {
    const text = readFileSync(join(here, "consumer/consumer.ts"), "utf8");
    const folder = project(`types-${moduleResolution}`.toLowerCase(), { "consumer.ts": text });
    const options = {
      module,
      moduleResolution,
      target: "ES2022",
      lib: ["ES2022"],
      strict: true,
      noEmit: true,
      types: [],
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["consumer.ts"] }));
    const compiled = run(bin("tsc"), ["-p", folder]);
    assert.equal(compiled.status, 0, told(compiled));
    // Control: what is marked as refused must be refused, or the marks themselves are errors.
    writeFileSync(join(folder, "consumer.ts"), text.replaceAll("// @ts-expect-error", "//"));
    const refused = run(bin("tsc"), ["-p", folder]);
    assert.equal(told(refused).split("error TS").length - 1, text.split("@ts-expect-error").length - 1, told(refused));
  });
}

test("a consumer with the types of Node compiles: its own signals, requests and answers fit", () => {
  const text = `
    import { Client } from "azure-imds";
    import { Emulator, startEmulator } from "azure-imds/emulator";
    export async function use(): Promise<string> {
      const { fetch: answer } = new Emulator();
      const response: Response = await answer(new Request("http://x/metadata/versions", { headers: { Metadata: "true" } }));
      const emulator = await startEmulator({ seed: Buffer.alloc(32), log: (line) => process.stderr.write(line) });
      const client = new Client({ baseUrl: emulator.url, environment: process.env });
      await client.instance({ signal: AbortSignal.timeout(1_000) });
      await client.tags({ signal: new AbortController().signal });
      await using other = await startEmulator();
      await using watch = new Client({ baseUrl: other.ref().url }).watchEvents();
      for await (const { events } of watch) if (events.length > 0) break;
      return response.text();
    }`;
  const folder = project("types-node", { "consumer.ts": text });
  const typeRoots = [join(wasm, "node_modules/@types")];
  // The symbol of `await using` comes from Node's types, from the language's own, or from both.
  for (const lib of [["ES2022"], ["ESNext"], ["ES2022", "ESNext.Disposable"]]) {
    const compilerOptions = {
      module: "NodeNext",
      target: "ES2022",
      lib,
      strict: true,
      noEmit: true,
      types: ["node"],
      typeRoots,
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
    const compiled = run(bin("tsc"), ["-p", folder]);
    assert.equal(compiled.status, 0, `${lib}: ${told(compiled)}`);
  }
});

test("a consumer in browsers compiles, and is refused what browsers do not have", () => {
  const text = `
    import { init, knownIssuers, type Report, TransportError, type VerifierOptions, Verifier, VerifyError } from "azure-imds";
    import { Verifier as Alone } from "azure-imds/verifier";
    // @ts-expect-error
    import { Client } from "azure-imds";
    // @ts-expect-error
    import { Instance } from "azure-imds";
    // @ts-expect-error
    import type { AttestedDocument } from "azure-imds";
    export async function use(answer: string): Promise<Report> {
      await init("/assets/verifier_bg.wasm");
      const options: VerifierOptions = { issuers: answer, anchors: null };
      // @ts-expect-error
      new Verifier({ fetch: false });
      // @ts-expect-error
      new Alone({ allowOrigins: [] });
      // @ts-expect-error
      await new Alone().verify({ text: answer, signature: "" }, { nonce: "1" });
      const document = await new Verifier(options).verify(answer, { nonce: "1", maxAge: 600 });
      const names: readonly string[] = [...document.names, ...knownIssuers().map((it) => it.name)];
      if (names.length === 0) throw new TransportError("none", { code: "refused" });
      return new Alone(options).explain(answer, { nonce: "1" });
    }
    export const codeOf = (error: unknown): string | undefined => (error instanceof VerifyError ? error.code : undefined);`;
  const compilerOptions = {
    module: "ESNext",
    moduleResolution: "Bundler",
    customConditions: ["browser"],
    target: "ES2022",
    lib: ["ES2022"],
    strict: true,
    noEmit: true,
    types: [],
  };
  const folder = project("types-browser", { "consumer.ts": text });
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
  const compiled = run(bin("tsc"), ["-p", folder]);
  assert.equal(compiled.status, 0, told(compiled));
});

test("the types say `any` nowhere", () => {
  for (const file of readdirSync(join(wasm, "js")).filter((it) => it.endsWith(".d.ts"))) {
    const code = readFileSync(join(wasm, "js", file), "utf8").replace(/\/\*[^]*?\*\//g, "");
    assert.ok(!/\bany\b/.test(code), file);
  }
});

test("the types name what the modules export, and the modules what the types name", async () => {
  const typed = (...files) => {
    const code = files.map((file) => readFileSync(join(wasm, "js", file), "utf8")).join("\n");
    return [...new Set([...code.matchAll(/^export (?:function|class|const) (\w+)/gm)].map((it) => it[1]))].sort();
  };
  assert.deepEqual(Object.keys(await import("azure-imds/verifier")).sort(), typed("verifier.d.ts"));
  for (const [entry, ...files] of [
    ["verifier.web.js", "verifier.d.ts"],
    ["index.web.js", "verifier.d.ts", "recognise.d.ts", "codes.d.ts"],
  ]) {
    assert.deepEqual(Object.keys(await import(`../../bindings-wasm/dist/${entry}`)).sort(), typed(...files), entry);
  }
});

test("the packed package works in an empty project: client, emulator, program", async () => {
  const script = `
    import { Client } from "azure-imds";
    import { startEmulator } from "azure-imds/emulator";
    const emulator = await startEmulator({ machine: { compute: { name: "packed" } } });
    console.log((await new Client({ baseUrl: emulator.url }).instance()).compute.name, emulator.requests.length);
    await emulator.close();`;
  const folder = project("parts", { "parts.js": script });
  const ran = run(process.execPath, ["parts.js"], { cwd: folder });
  assert.equal(ran.stdout, "packed 1\n", told(ran));
  const helped = run("npx", ["--offline", "azure-imds", "--help"], { cwd: folder });
  assert.match(helped.stdout, /^azure-imds serve /, told(helped));
});

test("the packed package works in an empty project, whole and verifier alone", () => {
  const { document, options } = vector("attested::valid::as_azure_signs");
  const script = `
    import { Verifier, VerifyError, init } from "NAME";
    await init();
    const error = await new Verifier({ fetch: false })
      .verify(${JSON.stringify(document)}, { nonce: ${JSON.stringify(options.nonce)}, now: new Date(${options.now.getTime()}) })
      .catch((it) => it);
    console.log(error instanceof VerifyError, error.code);`;
  const folder = project("empty", {
    "whole.js": script.replace("NAME", "azure-imds"),
    "alone.js": script.replace("NAME", "azure-imds/verifier"),
  });
  for (const file of ["whole.js", "alone.js"]) {
    const ran = run(process.execPath, [file], { cwd: folder });
    assert.equal(ran.stdout, "true issuer_missing\n", told(ran));
  }
});
