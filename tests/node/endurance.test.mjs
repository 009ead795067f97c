// Many calls, in processes of their own: V8 makes the code of such loops anew several times, and takes it back.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ANSWER = fileURLToPath(new URL("../vectors/instance_2025-04-07.json", import.meta.url));
assert.ok(readFileSync(ANSWER).length > 1000);

/** Runs a script, and gives the megabytes by which it grew. */
function grown(script) {
  const ran = spawnSync(process.execPath, ["--expose-gc", "--input-type=module", "--eval", script], {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    encoding: "utf8",
  });
  assert.deepEqual([ran.status, ran.signal], [0, null], ran.stderr);
  return Number(ran.stdout);
}

const MEASURE = `
  const settled = async () => { gc(); await new Promise((then) => setTimeout(then, 10)); gc(); return process.memoryUsage().rss; };
  const report = (before, after) => console.log((after - before) / 1e6);`;

test("a client asks twenty thousand times, and does not grow", (context) => {
  const megabytes = grown(`
    import { readFileSync } from "node:fs";
    import { Client } from "azure-imds";
    import { startEmulator } from "azure-imds/emulator";
    ${MEASURE}
    const emulator = await startEmulator({ limits: false });
    const asks = new Client({ baseUrl: emulator.url, paced: false, environment: {} });
    for (let index = 0; index < 500; index += 1) await asks.instance();
    await emulator.close();
    const body = readFileSync(${JSON.stringify(ANSWER)});
    const transport = async () => ({ status: 200, headers: [["Server", "IMDS/1.1.1.1"]], body });
    const client = new Client({ transport, paced: false, environment: {} });
    for (let index = 0; index < 2_000; index += 1) await client.instance();
    const before = await settled();
    for (let index = 0; index < 20_000; index += 1) await client.text("compute/tags");
    report(before, await settled());`);
  context.diagnostic(`${megabytes.toFixed(1)} MB`);
  assert.ok(megabytes < 40, String(megabytes));
});

test("an emulator answers twenty thousand times, and does not grow", (context) => {
  const megabytes = grown(`
    import { Emulator } from "azure-imds/emulator";
    ${MEASURE}
    const emulator = new Emulator({ limits: false });
    const request = { method: "GET", target: "/metadata/instance?api-version=2021-02-01", headers: [["Metadata", "true"]] };
    const ask = (times) => { for (let index = 0; index < times; index += 1) emulator.handle(request); };
    ask(2_000);
    const before = await settled();
    ask(20_000);
    report(before, await settled());`);
  context.diagnostic(`${megabytes.toFixed(1)} MB`);
  assert.ok(megabytes < 40, String(megabytes));
});
