// What does not keep a process: an emulator that a failing test left open, and a watch that was left.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { Client } from "azure-imds";
import { startEmulator } from "azure-imds/emulator";

import { until } from "./wire.mjs";

const cwd = fileURLToPath(new URL(".", import.meta.url));
const NAME = "/metadata/instance/compute/name?api-version=2021-02-01&format=text";
const DISPOSE = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");

/** Runs a script that has a minute: one that hangs is killed. */
function run(script, ...args) {
  const options = ["--input-type=module", ...args, "--eval", script];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, options, {
    cwd,
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, signal, stdout, stderr };
}

const FAILING = `
  import { test } from "node:test";
  import { Client } from "azure-imds";
  import { startEmulator } from "azure-imds/emulator";
  test("leaves an emulator open", async () => {
    const emulator = await startEmulator({ limits: false });
    KEEP
    const client = new Client({ baseUrl: emulator.url, environment: {} });
    console.log(await client.text("compute/name"));
    await fetch(emulator.url + ${JSON.stringify(NAME)}, { headers: { Metadata: "true" } }).then((it) => it.text());
    emulator.fault("instance:delay=100000s");
    const leaving = new AbortController();
    const asked = client.instance({ signal: leaving.signal }).catch(() => {});
    while (emulator.requests.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    leaving.abort();
    await asked;
    throw new Error("before it is closed");
  });`;

test("a failing test whose emulator is not closed ends", () => {
  const { status, signal, stdout } = run(FAILING.replace("KEEP", ""));
  assert.deepEqual([status, signal], [1, null], stdout);
  assert.match(stdout, /emulated-vm[^]*before it is closed/);
});

test("control: one that keeps the process is noticed, and ends when it is let go", async () => {
  const script = FAILING.replace("KEEP", "emulator.ref();");
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], { cwd });
  let said = "";
  child.stdout.on("data", (data) => (said += data));
  await until(() => said.includes("before it is closed"));
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  assert.equal(child.exitCode, null, said);
  child.kill();
  await once(child, "close");
  const letGo = FAILING.replace("KEEP", "emulator.ref().unref();");
  assert.equal(run(letGo).status, 1);
});

test("closing waits for what is under way, though nothing else keeps the process", () => {
  const { status, stdout, stderr } = run(`
    import { connect } from "node:net";
    import { startEmulator } from "azure-imds/emulator";
    const emulator = await startEmulator();
    emulator.fault("instance:delay=300");
    const socket = connect(Number(new URL(emulator.url).port), "127.0.0.1");
    socket.write("GET ${NAME} HTTP/1.1\\r\\nHost: x\\r\\nMetadata: true\\r\\n\\r\\n");
    let came = "";
    socket.on("data", (data) => (came += data)).on("error", () => {});
    while (emulator.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    socket.unref();
    const closed = Promise.all([emulator.close({ graceMs: 30_000 }), emulator.close()]);
    await closed;
    await emulator.close();
    console.log(came.split("\\r\\n").at(-1));`);
  assert.deepEqual([status, stdout], [0, "emulated-vm\n"], stderr);
});

test("an emulator is closed at the end of its block", async () => {
  const emulator = await startEmulator();
  await emulator[DISPOSE]();
  await assert.rejects(fetch(emulator.url), TypeError);
  await emulator[DISPOSE]();
});

test("await using closes an emulator, also where its block fails", async () => {
  const { transformSync } = await import("esbuild");
  const { code } = transformSync(
    `
    import { startEmulator } from "azure-imds/emulator";
    let url;
    try {
      await using emulator = await startEmulator();
      await using other = await startEmulator();
      ({ url } = emulator);
      throw new RangeError("in the block");
    } catch (error) {
      console.log(error.name, await fetch(url).catch((it) => it.name));
    }`,
    { target: "node20", format: "esm" },
  );
  // With the language's own symbol, and with what stands for it where that is missing.
  const older = `
    const real = Symbol;
    globalThis.Symbol = Object.setPrototypeOf((...text) => real(...text), real);
    Object.defineProperty(Symbol, "asyncDispose", { value: undefined });`;
  for (const preparing of [[], ["--import", `data:text/javascript,${encodeURIComponent(older)}`]]) {
    const { status, stdout, stderr } = run(code, ...preparing);
    assert.deepEqual([status, stdout], [0, "RangeError TypeError\n"], stderr);
  }
});

const emulator = await startEmulator({ limits: false });
after(() => emulator.close());
const client = new Client({ baseUrl: emulator.url, environment: {}, paced: false });

test("a watch that is left ends at once, whatever it waits for", async () => {
  const begun = performance.now();
  const watch = client.watchEvents({ intervalMs: 3_600_000 });
  assert.equal((await watch.next()).done, false);
  const waiting = watch.next();
  assert.deepEqual(await watch.return(), { value: undefined, done: true });
  assert.deepEqual(await waiting, { value: undefined, done: true });
  assert.deepEqual(await watch.next(), { value: undefined, done: true });
  emulator.clearRequests();
  emulator.fault("scheduledevents:hang");
  const hanging = client.watchEvents({ intervalMs: 0 });
  const asked = hanging.next();
  await until(() => emulator.requests.length === 1);
  await hanging[DISPOSE]();
  assert.deepEqual(await asked, { value: undefined, done: true });
  emulator.clearFaults();
  assert.ok(performance.now() - begun < 60_000);
});

test("a watch is called off by its signal, with its reason", async () => {
  const leaving = new AbortController();
  const watch = client.watchEvents({ intervalMs: 3_600_000, signal: leaving.signal });
  await watch.next();
  const waiting = watch.next();
  leaving.abort(new RangeError("enough"));
  await assert.rejects(waiting, RangeError);
  await assert.rejects(watch.next(), RangeError);
});

test("a script that watches and leaves the loop ends", () => {
  const { status, signal, stderr } = run(`
    import { Client } from "azure-imds";
    import { startEmulator } from "azure-imds/emulator";
    const emulator = await startEmulator();
    const client = new Client({ baseUrl: emulator.url, environment: {} });
    const watch = client.watchEvents({ intervalMs: 3_600_000 });
    for await (const events of watch) break;
    const other = client.watchEvents({ intervalMs: 3_600_000 });
    await other.next();
    other.next();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await other.return();`);
  assert.deepEqual([status, signal], [0, null], stderr);
});
