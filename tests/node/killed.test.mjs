// Clients that are killed, and calls that are called off: the emulator goes on, and the next one gets its answer.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { Client } from "azure-imds";
import { startEmulator } from "azure-imds/emulator";

import { until } from "./wire.mjs";

const HASTY = { paced: false, retries: 0, transportRetries: 0, environment: {} };
const ASKING = `
  import { Client } from "azure-imds";
  const [url, event] = process.argv.slice(1);
  const client = new Client({ ...${JSON.stringify(HASTY)}, baseUrl: url });
  for (;;) {
    if (event) await client.approve(event).catch(() => {});
    await client.token("r").catch(() => {});
    await client.instance().catch(() => {});
  }`;
const EVENTS = "/metadata/scheduledevents?api-version=2020-07-01";

let emulator;
before(async () => {
  emulator = await startEmulator({ machine: { compute: { name: "web-1" } }, limits: false });
  emulator.makeKeys();
});
after(() => emulator.close());

function start(url, event = "") {
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  const args = ["--input-type=module", "--eval", ASKING, url, event];
  return spawn(process.execPath, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
}

/** By SIGKILL, where there is such a thing. */
async function kill(child) {
  const closed = once(child, "close");
  child.kill("SIGKILL");
  await closed;
}

/** One event under way, these rules, nothing in the journal. Gives the event's identifier. */
function reset(...rules) {
  for (const event of emulator.events) emulator.cancel(event.id);
  emulator.clearFaults();
  for (const rule of rules) emulator.fault(rule);
  emulator.clearRequests();
  return emulator.schedule("live-migration", { started: 600 });
}

const client = (options = {}) => new Client({ ...HASTY, baseUrl: emulator.url, ...options });
const incarnation = async () => JSON.parse((await client().scheduledEvents()).json).DocumentIncarnation;
const connections = () => process.getActiveResourcesInfo().filter((it) => it === "TCPSocketWrap").length;

async function isWell() {
  assert.equal((await client().instance()).compute.name, "web-1");
  assert.ok((await client().token("r")).secret);
  assert.equal((await client().scheduledEvents()).events.length, 1);
  await until(() => connections() === 0);
}

for (const fault of ["slow=300x*", "endlessx*", "giant=16000000+slow=1000000x*", "hangx*", "delay=100000sx*"]) {
  test(`killed in the middle of an answer: ${fault}`, async () => {
    reset(`*:${fault}`);
    const child = start(emulator.url);
    await until(() => emulator.requests.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await kill(child);
    await until(() => connections() === 0);
    reset();
    await isWell();
  });
}

test("killed in the middle of delayed tokens", async () => {
  const limited = await startEmulator({ machine: { limits: { perSecond: 0, identityPerSecond: 0 } } });
  limited.makeKeys();
  limited.fault("token:ok+delay=30sx5");
  const token = () => new Client({ ...HASTY, baseUrl: limited.url }).token("r");
  const children = Array.from({ length: 5 }, () => start(limited.url));
  await until(() => limited.requests.length === 5);
  await assert.rejects(token(), { code: "throttled" }, "five are out");
  await Promise.all(children.map(kill));
  limited.advance(31_000); // Their places are free when their answers would have gone out.
  limited.fault("token:ok+delay=200x5");
  const five = await Promise.all(Array.from({ length: 5 }, token));
  assert.ok(five.every((it) => it.secret));
  await limited.close();
});

test("killed in the middle of an approval", async () => {
  const event = reset("scheduledevents:ok+delay=1000s");
  const child = start(emulator.url, event);
  await until(() => emulator.requests.length === 1);
  await kill(child);
  assert.deepEqual(
    emulator.events.map((it) => it.status),
    ["Started"],
    "approved",
  );
  const first = await incarnation();
  await client().approve(event);
  assert.equal(await incarnation(), first, "once");
  // One whose body did not come to its end is none.
  const body = JSON.stringify({ StartRequests: [{ EventId: reset() }] });
  const second = await incarnation();
  for (const sent of [body.length, body.length >> 1, 0]) {
    const socket = connect(Number(new URL(emulator.url).port), "127.0.0.1");
    const head = `POST ${EVENTS} HTTP/1.1\r\nHost: a\r\nMetadata: true\r\nContent-Length: ${body.length + 1}\r\n\r\n`;
    socket.write(head + body.slice(0, sent), () => socket.destroy());
    await once(socket, "close");
  }
  await until(() => connections() === 0);
  assert.equal(await incarnation(), second);
  assert.ok(emulator.requests.every((it) => it.method === "GET"));
  await isWell();
});

test("killed at any moment", async () => {
  for (let requests = 0; requests < 8; requests += 1) {
    const event = reset("*:ok,ok+delay=20,ok+slow=20000,repeat");
    const child = start(emulator.url, event);
    await until(() => emulator.requests.length > requests);
    await kill(child);
    assert.deepEqual(
      emulator.events.map((it) => it.status),
      ["Started"],
      "the approval comes first",
    );
  }
  reset();
  await isWell();
});

for (const fault of ["hangx*", "giant=1000+slow=300x*", "delay=100000sx*", "410x*"]) {
  test(`calls that are called off give their places back: ${fault}`, async () => {
    const event = reset(`*:${fault}`);
    const asks = client({ paced: true, timeoutMs: 1_000_000, attemptTimeoutMs: 1_000_000 });
    const kept = [];
    const token = (signal) => asks.token("r", { signal });
    // An approval does not wait for the end of an update: it is over at once.
    const other = fault === "410x*" ? token : (signal) => asks.approve(event, { signal });
    for (const ask of [token, other]) {
      for (let times = 0; times < 8; times += 1) {
        const error = await ask(AbortSignal.timeout(50)).catch((it) => it);
        assert.equal(error.name, "TimeoutError");
        kept.push(error);
      }
    }
    assert.equal(kept.length, 16);
    reset();
    assert.ok((await asks.token("r", { signal: AbortSignal.timeout(60_000) })).secret);
    await isWell();
  });
}

test("what is sent behind an answer that is late is answered after it, also if a later one ends the connection", async () => {
  reset();
  const socket = connect(Number(new URL(emulator.url).port), "127.0.0.1");
  const name = "/metadata/instance/compute/name?api-version=2021-02-01&format=text";
  const request = (fault) =>
    `GET ${name} HTTP/1.1\r\nHost: a\r\nMetadata: true\r\nX-Azure-Imds-Emulator-Fault: ${fault}\r\n\r\n`;
  let came = "";
  socket.on("data", (data) => (came += data));
  socket.write(request("delay=200") + request("429") + request("truncate=3") + request("ok"));
  await once(socket, "close");
  assert.equal(came.match(/HTTP\/1\.1 \d+/g).join(), "HTTP/1.1 200,HTTP/1.1 429,HTTP/1.1 200");
  assert.ok(came.endsWith("\r\n\r\nweb"), came);
  assert.equal(emulator.requests.length, 3);
});

test("a connection that asks without end while nothing is answered is read no further", async () => {
  reset("instance:hang");
  const socket = connect(Number(new URL(emulator.url).port), "127.0.0.1");
  socket.on("error", () => {});
  const request = "GET /metadata/instance?api-version=2021-02-01 HTTP/1.1\r\nHost: a\r\nMetadata: true\r\n\r\n";
  const piece = request.repeat(1_000);
  let sent = 0;
  for (let times = 0; times < 500 && !socket.writableNeedDrain; times += 1) {
    const isTaken = await new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), 1_000);
      socket.write(piece, () => {
        clearTimeout(timer);
        resolve(true);
      });
    });
    if (!isTaken) break;
    sent += piece.length;
  }
  const seen = emulator.requests.length;
  socket.destroy();
  // What the operating system keeps by the way, and no more: what is not read is not held either.
  assert.ok(sent < 20_000_000, `${sent} bytes were read`);
  assert.equal(seen, 1);
});
