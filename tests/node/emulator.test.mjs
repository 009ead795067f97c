// The emulator: what a test holds in its hands, as a handler of `fetch`, and on a socket with all its faults.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, beforeEach, test } from "node:test";

import { Client, UsageError, Verifier } from "azure-imds";
import { Emulator, environmentOf, FAULT_HEADER, scenarios, startEmulator, tampers } from "azure-imds/emulator";

import { until } from "./wire.mjs";

const NAME = "/metadata/instance/compute/name?api-version=2021-02-01&format=text";
const INSTANCE = "/metadata/instance?api-version=2021-02-01";
const EVENTS = "/metadata/scheduledevents?api-version=2020-07-01";

let served;
before(async () => (served = await startEmulator({ machine: { compute: { name: "web-1" } } })));
after(() => served.close());
beforeEach(() => {
  served.clearFaults();
  served.clearRequests();
  served.advance(60_000); // the limits are forgotten
});

const ask = (emulator, target) => {
  const { status, body } = emulator.handle({ method: "GET", target, headers: [["Metadata", "true"]] });
  return [status, new TextDecoder().decode(body)];
};

test("a machine is described by what differs, and changed while it runs", () => {
  const emulator = new Emulator({ machine: { compute: { name: "a", tags: { env: "test" } } } });
  assert.deepEqual(ask(emulator, NAME), [200, "a"]);
  emulator.change({ compute: { name: "b" }, choices: { serverBuild: 7 } });
  assert.deepEqual(ask(emulator, NAME), [200, "b"]);
  assert.equal(emulator.machine.compute.location, "eastus2");
  assert.equal(emulator.machine.choices.serverBuild, 7);
  assert.match(ask(emulator, INSTANCE)[1], /"tags":"env:test"/);
  emulator.machine = '{ "compute": { "name": "c" } }';
  assert.deepEqual(ask(emulator, NAME), [200, "c"]);
  assert.ok(!("env" in emulator.machine.compute.tags));
  assert.throws(() => (emulator.machine.compute.name = "d"), TypeError);
  assert.deepEqual(emulator.unknown, []);
  emulator.change({ compute: { nmae: "x" } });
  assert.deepEqual(emulator.unknown, ["compute/nmae"]);
});

test("the same seed makes the same answers", () => {
  const seed = new Uint8Array(32).fill(7);
  const [one, other] = [new Emulator({ seed }), new Emulator({ seed })];
  assert.equal(one.schedule(), other.schedule());
  assert.equal(one.authorityPem, other.authorityPem);
  assert.deepEqual(one.seed, seed);
  assert.notDeepEqual(new Emulator().seed, new Emulator().seed);
  const taken = new Emulator({ authority: one.authorityPem });
  assert.deepEqual(taken.trust.anchors, one.trust.anchors);
  assert.match(taken.rootPem, /^-----BEGIN CERTIFICATE-----/);
});

test("limits, faults, events and the journal", () => {
  const emulator = new Emulator({ faults: ["token:429"], scenarios: ["live-migration"] });
  const statuses = (count) => Array.from({ length: count }, () => ask(emulator, NAME)[0]);
  assert.ok(statuses(30).includes(429));
  emulator.advance(10_000);
  assert.deepEqual(statuses(1), [200]);
  assert.ok(!new Emulator({ limits: false }).machine.limits.perSecond);
  assert.deepEqual(emulator.faults, ["token:429"]);
  emulator.fault("instance:500+delay=2s");
  const reply = emulator.handle({ method: "GET", target: NAME, headers: [["metadata", "true"]] });
  assert.deepEqual([reply.status, reply.delayMs, reply.part], [500, 2000, "instance"]);
  emulator.clearFaults();
  assert.deepEqual(emulator.faults, []);
  ask(emulator, EVENTS);
  const [event] = emulator.events;
  assert.ok(event.notBefore instanceof Date && event.status === "Scheduled");
  assert.deepEqual(event.resources, ["emulated-vm"]);
  const other = emulator.schedule("user-reboot", { resources: ["other"], notice: 60, durationInSeconds: 3 });
  assert.match(ask(emulator, EVENTS)[1], /"other"/);
  assert.deepEqual([emulator.cancel(other), emulator.cancel(other)], [true, false]);
  const last = emulator.requests.at(-1);
  assert.deepEqual([last.method, last.target, last.part, last.status], ["GET", EVENTS, "scheduledevents", 200]);
  assert.ok(last.at instanceof Date && last.headers[0][0] === "Metadata");
  emulator.clearRequests();
  assert.deepEqual(emulator.requests, []);
  assert.ok(scenarios().includes("live-migration") && tampers().length > 5);
});

test("what makes no sense is a mistake of the caller's", async () => {
  for (const [make, code, text] of [
    [() => new Emulator({ machine: { compute: { name: ["a"] } } }), "configuration_malformed", /compute.*name/],
    [() => new Emulator({ machine: '{\n  "compute": { "name": [] } }' }), "configuration_malformed", /line 2/],
    [() => new Emulator({ machine: 5 }), "argument_type", /object/],
    [() => new Emulator({ seed: new Uint8Array(31) }), "argument_value", /32/],
    [() => new Emulator({ seed: "seed" }), "argument_type", /32/],
    [() => new Emulator({ faults: ["token:999"] }), "fault_malformed", /999/],
    [() => new Emulator({ scenarios: ["flood"] }), "scenario_malformed", /live-migration/],
    [() => new Emulator().schedule("user-reboot", { colour: "red" }), "scenario_malformed", /colour/],
    [() => new Emulator({ origin: "nonsense" }), "origin_malformed", /nonsense/],
    [() => new Emulator({ authority: "none" }), "authority_unusable", /./],
    [() => new Emulator({ speed: 0 }), "argument_value", /speed/],
    [() => new Emulator({ sped: 1 }), "argument_value", /sped/],
    [() => startEmulator({ port: 70_000 }), "argument_value", /port/],
    [() => startEmulator({ faults: ["x"] }), "fault_malformed", /./],
    [() => startEmulator({ port: Number(new URL(served.url).port) }), "address_unusable", /EADDRINUSE/],
  ]) {
    const error = await (async () => make())().catch((it) => it);
    assert.ok(error instanceof UsageError, `${make}: ${error}`);
    assert.equal(error.code, code, error.message);
    assert.match(error.message, text);
  }
});

// As a handler of fetch.

test("the handler takes a Request and gives a Response", async () => {
  const { fetch } = new Emulator({ machine: { compute: { name: "a" } } });
  const response = await fetch(new Request(`http://169.254.169.254${NAME}`, { headers: { Metadata: "true" } }));
  assert.deepEqual([response.status, await response.text()], [200, "a"]);
  assert.equal(response.headers.get("content-length"), "1");
  assert.match(response.headers.get("server"), /^IMDS\//);
  const bare = await fetch(new Request(`http://169.254.169.254${NAME}`));
  assert.equal(bare.status, 400);
  const body = '{"StartRequests":[{"EventId":"x"}]}';
  const posted = await fetch(new Request(`http://x${EVENTS}`, { method: "POST", headers: { Metadata: "true" }, body }));
  assert.ok(posted.status >= 200 && posted.status < 500);
  const long = await fetch(new Request(`http://x${EVENTS}`, { method: "POST", body: "x".repeat(70_000) }));
  assert.match(await long.text(), /64 KiB/);
});

test("the handler plays every fault", async () => {
  const { fetch } = new Emulator({ machine: { compute: { name: "emulated" } } });
  const get = (fault, init) =>
    fetch(new Request(`http://x${NAME}`, { headers: { Metadata: "true", [FAULT_HEADER]: fault }, ...init }));
  await assert.rejects(get("drop"), (error) => error instanceof TypeError && error.cause.code === "UND_ERR_SOCKET");
  await assert.rejects(get("hang", { signal: AbortSignal.timeout(50) }), { name: "TimeoutError" });
  await assert.rejects(get("delay=30s", { signal: AbortSignal.timeout(50) }), { name: "TimeoutError" });
  const cut = await get("truncate=3");
  assert.equal(cut.headers.get("content-length"), "8");
  await assert.rejects(cut.text());
  const start = performance.now();
  assert.equal(await (await get("slow=40")).text(), "emulated");
  assert.ok(performance.now() - start > 150);
  let bytes = 0;
  for await (const piece of (await get("endless")).body) if ((bytes += piece.length) > 1_000_000) break;
  assert.ok(bytes > 1_000_000);
  assert.equal((await get("giant=100000")).headers.get("content-length").length, 6);
  assert.equal((await get("503")).status, 503);
});

// On a socket.

/** Sends a request by hand, and gives all that came, with the milliseconds it took. */
function raw(emulator, text, { leaveAfter } = {}) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const socket = connect(Number(new URL(emulator.url).port), "127.0.0.1", () => socket.write(text));
    let came = "";
    const done = () => resolve({ came, took: performance.now() - start, socket });
    socket.on("data", (bytes) => {
      came += bytes.toString("latin1");
      if (leaveAfter !== undefined && came.length > leaveAfter) socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", done);
  });
}

const get = (target, ...fields) =>
  [`GET ${target} HTTP/1.1`, "Host: x", "Metadata: true", "Connection: close", ...fields, "", ""].join("\r\n");
const fault = (step) => `${FAULT_HEADER}: ${step}`;

test("a socket answers as the service does", async () => {
  const { came } = await raw(served, get(NAME));
  const [head, body] = came.split("\r\n\r\n");
  assert.match(head, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(head, /\r\nContent-Length: 5\r\n/);
  assert.equal(head.split(/\r\ndate:/i).length, 2, "one date, the emulator's");
  assert.equal(body, "web-1");
});

for (const [step, shows] of [
  ["drop", ({ came }) => assert.equal(came, "")],
  ["delay=200", ({ came, took }) => assert.ok(came.endsWith("web-1") && took >= 195, String(took))],
  ["slow=20", ({ came, took }) => assert.ok(came.endsWith("web-1") && took > 200, String(took))],
  [
    "truncate=2",
    ({ came }) => {
      assert.match(came, /Content-Length: 5\r\n/);
      assert.ok(came.endsWith("\r\n\r\nwe"), came);
    },
  ],
  ["truncate=0", ({ came }) => assert.ok(/Content-Length: 5\r\n/.test(came) && came.endsWith("\r\n\r\n"))],
  ["503", ({ came }) => assert.match(came, /^HTTP\/1\.1 503 /)],
  ["redirect", ({ came }) => assert.match(came, /^HTTP\/1\.1 302 [^]*\r\nLocation: /i)],
  ["empty", ({ came }) => assert.match(came, /\r\nContent-Length: 0\r\n/)],
  ["bad-utf8", ({ came }) => assert.ok(/[\x80-\xff]/.test(came))],
  ["giant=200000", ({ came }) => assert.ok(came.length > 200_000)],
]) {
  test(`a socket plays the fault ${step}`, async () => shows(await raw(served, get(NAME, fault(step)))));
}

test("a socket plays a body without end until the client leaves", async () => {
  const { came } = await raw(served, get(NAME, fault("endless")), { leaveAfter: 1_000_000 });
  assert.ok(!/Content-Length/i.test(came));
});

test("a socket plays an answer that never comes until the client leaves", async () => {
  const port = Number(new URL(served.url).port);
  let came = 0;
  const socket = connect(port, "127.0.0.1", () => socket.write(get(NAME, fault("hang"))));
  socket.on("data", () => (came += 1));
  await until(() => served.requests.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.deepEqual([came, socket.readyState], [0, "open"]);
  socket.destroy();
});

test("a connection takes several requests, and one that asks for nonsense ends alone", async () => {
  const two = get(NAME).replace("Connection: close\r\n", "") + get(NAME);
  assert.equal((await raw(served, two)).came.split("HTTP/1.1 200").length, 3);
  assert.match((await raw(served, "nonsense\r\n\r\n")).came, /^HTTP\/1\.1 400 /);
  const bad = await raw(served, get(NAME, fault("redirect=http://x/\u0001")));
  assert.ok(bad.came === "" || /^HTTP\/1\.1 [45]/.test(bad.came), bad.came);
  assert.match((await raw(served, get(NAME))).came, /web-1$/);
});

test("what is too long is refused in the service's words, and the connection is closed", async () => {
  const body = "x".repeat(70_000);
  const text = `POST ${EVENTS} HTTP/1.1\r\nHost: x\r\nMetadata: true\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  assert.match((await raw(served, text)).came, /^HTTP\/1\.1 400 [^]*64 KiB/);
  assert.match((await raw(served, get(`${NAME}&x=${"y".repeat(20_000)}`))).came, /16 KiB/);
});

test("requests are answered while others wait", async () => {
  const slow = connect(Number(new URL(served.url).port), "127.0.0.1", () =>
    slow.write(get(NAME, fault("delay=100000s"))),
  );
  let came = "";
  slow.on("data", (bytes) => (came += bytes));
  await until(() => served.requests.length === 1);
  assert.match((await raw(served, get(NAME))).came, /web-1$/);
  assert.deepEqual([came, slow.readyState], ["", "open"]);
  slow.destroy();
});

test("emulators of a process share their keys, unless told otherwise", async () => {
  const { anchors } = served.trust;
  const other = await startEmulator();
  assert.deepEqual(other.trust.anchors, anchors);
  const own = await startEmulator({ seed: new Uint8Array(32).fill(9) });
  assert.notDeepEqual(own.trust.anchors, anchors);
  const client = new Client({ baseUrl: other.url, environment: {} });
  const { text } = await client.attestedDocument({ nonce: "n" });
  const document = await new Verifier({ ...served.trust, fetch: false }).verify(text, { nonce: "n" });
  assert.equal(document.vmId, other.machine.compute.vmId);
  await Promise.all([other.close(), own.close()]);
});

test("closing lets what is under way end within the grace, and ends the rest", async () => {
  const emulator = await startEmulator();
  emulator.fault("instance:delay=300");
  const ending = raw(emulator, get(NAME));
  await until(() => emulator.requests.length === 1);
  await emulator.close({ graceMs: 100_000 });
  assert.match((await ending).came, /emulated-vm$/);
  await assert.rejects(raw(emulator, get(NAME)));
  const other = await startEmulator();
  other.fault("instance:hang");
  const hanging = raw(other, get(NAME));
  await until(() => other.requests.length === 1);
  await other.close({ graceMs: 100 });
  assert.equal((await hanging).came, "");
});

test("the variables for clients", () => {
  assert.deepEqual(environmentOf("http://127.0.0.1:1/"), variablesOf("http://127.0.0.1:1"));
  assert.deepEqual(served.environment, variablesOf(served.url));
});

function variablesOf(url) {
  return {
    AZURE_IMDS_ENDPOINT: url,
    AZURE_POD_IDENTITY_AUTHORITY_HOST: url,
    MSAL_MANAGED_IDENTITY_ENDPOINT: `${url}/metadata/identity/oauth2/token`,
  };
}
