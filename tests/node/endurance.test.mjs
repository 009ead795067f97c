// Many calls, in processes of their own: V8 makes the code of such loops anew several times, and takes it back.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ANSWER = fileURLToPath(new URL("../vectors/instance_2025-04-07.json", import.meta.url));
assert.ok(readFileSync(ANSWER).length > 1000);

const CALLS = 4_000;
const ROUNDS = 6;

/** Bytes that a call may leave behind: a leak of the least object would be more than that. */
const LEFT = 20;

/**
 * Runs a script that calls `rounds` with what it does a round, and gives the bytes that each call leaves behind: the slope
 * through what JavaScript and the module hold after each round, once everything that can be collected is.
 */
function left(script) {
  const measure = `
    const held = async () => {
      for (let times = 0; times < 3; times += 1) {
        gc();
        await new Promise((resolve) => setImmediate(resolve));
      }
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    const rounds = async (work) => {
      await work(); // Caches fill, and code is made.
      const sizes = [];
      for (let round = 0; round < ${ROUNDS}; round += 1) {
        await work();
        sizes.push(await held());
      }
      console.log(JSON.stringify(sizes));
    };`;
  const options = ["--expose-gc", "--input-type=module", "--eval", measure + script];
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  const ran = spawnSync(process.execPath, options, { cwd, encoding: "utf8" });
  assert.deepEqual([ran.status, ran.signal], [0, null], ran.stderr);
  return slope(JSON.parse(ran.stdout)) / CALLS;
}

/** The median of the slopes between any two: one odd value does not move it. */
function slope(sizes) {
  const all = sizes.flatMap((one, from) => sizes.slice(from + 1).map((other, by) => (other - one) / (by + 1)));
  return all.sort((one, other) => one - other)[all.length >> 1];
}

const CLIENT = `
  import { readFileSync } from "node:fs";
  import { Client } from "azure-imds";
  import { startEmulator } from "azure-imds/emulator";
  const emulator = await startEmulator({ limits: false });
  const asks = new Client({ baseUrl: emulator.url, paced: false, environment: {} });
  for (let index = 0; index < 500; index += 1) await asks.instance();
  await emulator.close();
  const body = readFileSync(${JSON.stringify(ANSWER)});
  const transport = async () => ({ status: 200, headers: [["Server", "IMDS/1.1.1.1"]], body });
  const client = new Client({ transport, paced: false, environment: {} });
  const kept = [];
  await rounds(async () => {
    for (let index = 0; index < ${CALLS}; index += 1) await client.text("compute/tags");
  });`;

test("a client asks without end, and does not grow", (context) => {
  const bytes = left(CLIENT);
  context.diagnostic(`${bytes.toFixed(1)} bytes a call`);
  assert.ok(bytes < LEFT, String(bytes));
});

test("control: one that keeps a small object of each call is noticed", (context) => {
  const bytes = left(CLIENT.replace("await client.text(", "kept.push({ index }), await client.text("));
  context.diagnostic(`${bytes.toFixed(1)} bytes a call`);
  assert.ok(bytes > LEFT, String(bytes));
});

test("an emulator answers without end, and does not grow", (context) => {
  const bytes = left(`
    import { Emulator } from "azure-imds/emulator";
    const emulator = new Emulator({ limits: false });
    const request = { method: "GET", target: "/metadata/instance?api-version=2021-02-01", headers: [["Metadata", "true"]] };
    await rounds(() => {
      for (let index = 0; index < ${CALLS}; index += 1) emulator.handle(request);
    });`);
  context.diagnostic(`${bytes.toFixed(1)} bytes a call`);
  assert.ok(bytes < LEFT, String(bytes));
});

test("a verifier refuses without end, and does not grow", (context) => {
  const bytes = left(`
    import { Verifier } from "azure-imds";
    import { vector } from "./suite.mjs";
    const { document, trust, options } = vector("attested::signature::content_changed");
    const verifier = new Verifier({ ...trust, fetch: false });
    await rounds(async () => {
      for (let index = 0; index < ${CALLS}; index += 1) await verifier.verify(document, options).catch(() => {});
    });`);
  context.diagnostic(`${bytes.toFixed(1)} bytes a call`);
  assert.ok(bytes < LEFT, String(bytes));
});
