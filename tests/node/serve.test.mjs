// The program `azure-imds serve`: what it prints, the file that it reads again, how it ends.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { Client, Verifier } from "azure-imds";

import { until } from "./wire.mjs";

const CLI = fileURLToPath(new URL("../../bindings-wasm/dist/cli.js", import.meta.url));
const SEED = "07".repeat(32);

let room;
before(() => (room = mkdtempSync(join(tmpdir(), "azure-imds-serve-"))));
after(() => rmSync(room, { recursive: true, force: true }));

/** Starts the program. `said` and `complained` grow while it runs. */
function start(...args) {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const program = { child, said: "", complained: "", ended: once(child, "close") };
  child.stdout.on("data", (data) => (program.said += data));
  child.stderr.on("data", (data) => (program.complained += data));
  return program;
}

/** Runs it for the length of `use`, and ends it by a signal. */
async function serving(args, use) {
  const program = start("serve", ...args);
  try {
    await until(() => program.said.endsWith("}\n") || program.child.exitCode !== null);
    assert.equal(program.child.exitCode, null, program.complained);
    await use(program.said.split("\n")[0], program);
  } finally {
    program.child.kill("SIGTERM");
  }
  assert.deepEqual(await program.ended, [0, null]);
}

test("it says where it is first, then the variables, then what is in force", async () => {
  const args = ["--seed", SEED, "--fault", "token:429x2", "--scenario", "live-migration", "--no-limits", "--verbose"];
  await serving(args, async (url, program) => {
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    const lines = program.said.split("\n");
    assert.ok(lines.includes(`export AZURE_IMDS_ENDPOINT=${url}`));
    assert.ok(lines.includes(`# seed ${SEED}`) && lines.includes("# fault token:429x2"));
    assert.ok(lines.some((line) => /^# event [0-9a-f-]+ Freeze$/i.test(line)));
    const machine = JSON.parse(program.said.slice(program.said.indexOf("\n{")));
    assert.deepEqual([machine.compute.name, machine.limits.perSecond], ["emulated-vm", 0]);
    const client = new Client({ baseUrl: url, environment: {}, paced: false, retries: 0 });
    assert.equal((await client.instance()).compute.name, "emulated-vm");
    assert.equal((await client.scheduledEvents()).events.length, 1);
    await assert.rejects(client.token("r"), { code: "throttled" });
    const { text } = await client.attestedDocument({ nonce: "n" });
    const anchors = await (await fetch(`${url}/emulator/root.pem`)).text();
    const issuers = new Uint8Array(await (await fetch(`${url}/emulator/issuers/issuing.crt`)).arrayBuffer());
    assert.ok(await new Verifier({ anchors, issuers, fetch: false }).verify(text, { nonce: "n" }));
    await until(() => /^GET \/metadata\/instance\?\S+ 200 instance [\d.]+ms$/m.test(program.complained));
    await until(() => / 429 token [\d.]+ms fault=429/.test(program.complained));
  });
});

test("a file is read, and read again when it changes", async () => {
  const file = join(room, "machine.json");
  writeFileSync(file, '{ "compute": { "name": "one" } }');
  await serving(["--config", file, "--no-limits"], async (url, program) => {
    const name = () => new Client({ baseUrl: url, environment: {} }).text("compute/name");
    assert.equal(await name(), "one");
    writeFileSync(file, '{ "compute": { "name": "two" } }\n');
    await until(() => program.complained.includes("was read again"));
    assert.equal(await name(), "two");
    writeFileSync(file, '{\n "compute": { "name": ["three"] } }');
    await until(() => program.complained.includes("what was in force stays"));
    assert.match(program.complained, /machine\.json: line 2, .*name.*\(configuration_malformed\)/);
    assert.equal(await name(), "two");
  });
});

for (const [args, says] of [
  [[], /azure-imds serve/],
  [["verify"], /azure-imds serve/],
  [["serve", "--prot", "1"], /--prot/],
  [["serve", "--port", "x"], /--port/],
  [["serve", "--port", "99999"], /65535/],
  [["serve", "--speed", "0"], /speed/],
  [["serve", "--seed", "12"], /64 hexadecimal digits/],
  [["serve", "--fault", "nonsense"], /nonsense/],
  [["serve", "--scenario", "flood"], /live-migration/],
  [["serve", "--config", "/nowhere/machine.json"], /can't be read/],
]) {
  test(`wrong usage ends with 2: ${args.join(" ")}`, async () => {
    const program = start(...args);
    assert.deepEqual(await program.ended, [2, null], program.complained);
    assert.match(program.complained, /^azure-imds: /);
    assert.match(program.complained, says);
    assert.equal(program.said, "");
  });
}

test("it explains itself", async () => {
  const program = start("--help");
  assert.deepEqual(await program.ended, [0, null]);
  for (const option of ["port", "config", "fault", "scenario", "speed", "no-limits", "seed", "verbose"]) {
    assert.ok(program.said.includes(`--${option}`), option);
  }
});

test("a port that is taken is told", async () => {
  await serving(["--no-limits"], async (url) => {
    const second = start("serve", "--port", new URL(url).port);
    assert.deepEqual(await second.ended, [2, null]);
    assert.match(second.complained, /can't be listened on/);
  });
});

test("a signal lets an answer under way end", async () => {
  let response;
  await serving(["--fault", "instance:slow=20"], async (url, program) => {
    const target = `${url}/metadata/instance/compute/name?api-version=2021-02-01&format=text`;
    response = await fetch(target, { headers: { Metadata: "true" } });
    assert.equal(program.complained, "");
  });
  assert.equal(await response.text(), "emulated-vm");
});
