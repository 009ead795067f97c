// The client against an emulator of its own package, and against transports that say what they like.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { after, before, beforeEach, test } from "node:test";

import { Client, ServiceError, TransportError, UsageError, Verifier } from "azure-imds";
import { startEmulator } from "azure-imds/emulator";

import { server, until } from "./wire.mjs";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
let emulator;
before(async () => {
  emulator = await startEmulator({
    machine: {
      compute: { name: "web-1", tags: { env: "test", Owner: "a;b:c" } },
      loadBalancer: { publicIpAddresses: [{ frontendIpAddress: "203.0.113.7", privateIpAddress: "10.0.0.4" }] },
    },
    limits: false,
  });
});
after(() => emulator.close());
beforeEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});

const client = (options) => new Client({ baseUrl: emulator.url, environment: {}, paced: false, ...options });

test("every part of the service is asked and read", async () => {
  const asks = client();
  const instance = await asks.instance();
  assert.equal(instance.compute.name, "web-1");
  assert.match(instance.compute.vmId, GUID);
  assert.equal(instance.network.interfaces[0].ipv4.subnets[0].prefix, 24);
  assert.equal(instance.tags.get("owner"), "a;b:c");
  assert.equal((await asks.instance({ extended: true })).compute.name, "web-1");
  assert.equal(await asks.get("compute/name"), "web-1");
  assert.equal((await asks.get("network")).interface.length, 1);
  assert.match(await asks.text("compute"), /^azEnvironment\n|\nname\n/);
  assert.deepEqual([...(await asks.tags())].sort(), [
    ["Owner", "a;b:c"],
    ["env", "test"],
  ]);
  assert.match((await asks.identityInfo()).tenantId, GUID);
  assert.equal((await asks.loadBalancer()).publicIpAddresses[0].frontendIpAddress, "203.0.113.7");
  const versions = await asks.versions();
  assert.ok(versions.newest >= "2025-04-07" && versions.versions.includes("2021-02-01"));
  const found = await asks.availability();
  assert.deepEqual([found.isAvailable, found.reason], [true, undefined]);
  assert.match(found.server, /^IMDS\//);
  assert.equal(await asks.isAvailable(), true);
});

test("a document is asked for with a nonce, and verified with the emulator's root alone", async () => {
  const document = await client().attestedDocument({ nonce: "1234567890" });
  assert.ok(document.text.includes(document.signature));
  const verified = await new Verifier({ ...emulator.trust, fetch: false }).verify(document.text, {
    nonce: "1234567890",
  });
  assert.match(verified.vmId, GUID);
  const verifier = new Verifier({ ...emulator.trust, fetch: false });
  assert.equal((await verifier.verify(document, { nonce: "1234567890" })).vmId, verified.vmId);
  assert.equal((await verifier.explain(document, { nonce: "1" })).error.code, "nonce_mismatch");
  assert.equal(String(document), document.text);
  const { text, signature } = document;
  await assert.rejects(verifier.verify({ text, signature }, { nonce: "1234567890" }), { code: "argument_type" });
  const { Verifier: Alone } = await import("azure-imds/verifier");
  await new Alone({ ...emulator.trust, fetch: false }).verify(document, { nonce: "1234567890" });
  const refused = await new Verifier({ issuers: emulator.trust.issuers, fetch: false })
    .verify(document.text, { nonce: "1234567890" })
    .catch((it) => it);
  assert.equal(refused.code, "issuer_missing", "of the root");
});

test("a token is asked for, and shows itself without the token", async () => {
  const token = await client().token("https://vault.azure.net", { bypassCache: true });
  assert.equal(token.secret.split(".").length, 3);
  assert.equal(token.tokenType, "Bearer");
  assert.ok(token.expiresOn > new Date() && !JSON.stringify(token).includes(token.secret));
  assert.ok(emulator.requests[0].target.includes("bypass_cache=true"));
  await assert.rejects(client().token("r", { clientId: "00000000-0000-4000-8000-00000000dead" }), (error) => {
    assert.ok(error instanceof ServiceError);
    return error.code === "identity_not_found";
  });
});

test("events are watched, and approved", async () => {
  const asks = client();
  const seen = [];
  const watch = asks.watchEvents({ intervalMs: 20 });
  const id = emulator.schedule("live-migration");
  for await (const events of watch) {
    seen.push(events);
    if (events.events.some((event) => event.eventStatus === "Started")) break;
    await asks.approve(events.events[0]);
  }
  assert.ok(seen.length >= 2);
  assert.equal(seen[0].events[0].eventId, id);
  assert.ok(seen[0].events[0].notBefore instanceof Date);
  assert.ok(emulator.requests.some((it) => it.method === "POST" && Buffer.from(it.body).includes(id)));
  assert.deepEqual(await watch.next(), { value: undefined, done: true });
  await assert.rejects(asks.approve([]), { code: "event_id_malformed" });
});

test("an error does not end a watch", async () => {
  const watch = client({ retries: 0 }).watchEvents({ intervalMs: 1 });
  emulator.fault("scheduledevents:500");
  await assert.rejects(watch.next(), ServiceError);
  assert.equal((await watch.next()).done, false);
});

test("who asks a watch more than once at a time waits for a turn", async () => {
  const watch = client({ paced: false }).watchEvents({ intervalMs: 1 });
  const first = watch.next();
  const second = watch.next();
  const { value } = await first;
  assert.equal(emulator.requests.length, 1);
  emulator.schedule();
  const { value: other } = await second;
  assert.equal(other.documentIncarnation, value.documentIncarnation + 1);
});

test("what stays the same is asked once", async () => {
  const asks = client();
  const count = () => emulator.requests.length;
  assert.equal(await asks.text("compute/vmId"), await asks.text("/compute/vmId/"));
  assert.equal(await asks.get("compute/vmId"), await asks.text("compute/vmId"));
  assert.equal(count(), 1);
  await asks.text("compute/tags");
  await asks.text("compute/tags");
  assert.equal(count(), 3, "tags change");
  const forgetful = client({ cache: false });
  await forgetful.get("compute/vmId");
  await forgetful.get("compute/vmId");
  assert.equal(count(), 5);
});

test("what is tried again is told with the error", async () => {
  emulator.fault("instance:500x*");
  const error = await client({ retries: 2, backoffMs: 1 })
    .instance()
    .catch((it) => it);
  assert.ok(error instanceof ServiceError && error.retryable);
  assert.deepEqual(
    error.attempts.map((it) => it.status),
    [500, 500, 500],
  );
  assert.ok(error.attempts.every((it) => it.code === error.code && it.apiVersion === "2025-04-07"));
  assert.equal(error.attempts[0].afterMs, 0);
  emulator.clearFaults();
  emulator.fault("instance:429,503");
  assert.equal((await client({ backoffMs: 1 }).instance()).compute.name, "web-1");
});

for (const [fault, code] of [
  ["drop", "truncated"],
  ["truncate=20", "truncated"],
  ["hang", "read_timeout"],
  ["endless", "too_long"],
  ["slow=50", "read_timeout"],
  ["login", "proxy_answered"],
  ["bad-json", "answer_malformed"],
  ["bad-utf8", "answer_not_utf8"],
  ["redirect", "redirected"],
  ["giant", "too_long"],
]) {
  test(`a fault has its error: ${fault}`, async () => {
    emulator.fault(`instance:${fault}`);
    const timeoutMs = code === "read_timeout" ? 1_000 : 120_000;
    const error = await client({ timeoutMs, transportRetries: 0, retries: 0 })
      .instance()
      .catch((it) => it);
    assert.equal(error.code, code, error.stack);
    assert.equal(emulator.requests.length, 1);
  });
}

test("the environment names the address, and is read by the constructor alone", async () => {
  const environment = { AZURE_IMDS_ENDPOINT: `${emulator.url}/` };
  const asks = new Client({ environment });
  assert.equal(asks.baseUrl, `${emulator.url}/metadata`);
  environment.AZURE_IMDS_ENDPOINT = "http://192.0.2.1";
  assert.equal((await asks.instance()).compute.name, "web-1");
  assert.equal(new Client({ environment: {} }).baseUrl, "http://169.254.169.254/metadata");
  process.env.AZURE_IMDS_ENDPOINT = emulator.url;
  try {
    assert.equal(new Client().baseUrl, `${emulator.url}/metadata`);
  } finally {
    delete process.env.AZURE_IMDS_ENDPOINT;
  }
  const pod = new Client({ environment: { AZURE_POD_IDENTITY_AUTHORITY_HOST: emulator.url } });
  assert.equal(pod.baseUrl, "http://169.254.169.254/metadata");
  assert.ok((await pod.token("r")).secret);
});

test("the doctor looks at this machine and asks twice", async () => {
  const found = await client().diagnose();
  assert.equal(found.instance.compute.name, "web-1");
  assert.equal(found.availability.isAvailable, true);
  assert.equal(found.isHealthy, true);
  assert.equal(emulator.requests.length, 2);
  const proxied = await client({ environment: { HTTP_PROXY: "http://proxy.test:3128" } }).diagnose();
  assert.ok(proxied.findings.length > found.findings.length);
  for (const { code, severity, summary, remedy } of proxied.findings) {
    assert.ok(code && summary && remedy && ["fault", "warning", "note"].includes(severity));
  }
  const absent = await new Client({ baseUrl: "http://127.0.0.1:9", environment: {} }).diagnose();
  assert.deepEqual([absent.isHealthy, absent.instance, absent.availability.reason.code], [false, undefined, "refused"]);
});

test("a call that is called off leaves nothing behind", async () => {
  const silent = await server(() => {});
  for (const ask of [
    (it, signal) => it.instance({ signal }),
    (it, signal) => it.get("compute", { signal }),
    (it, signal) => it.token("r", { signal }),
    (it, signal) => it.approve("e", { signal }),
    (it, signal) => it.availability({ signal }),
    (it, signal) => it.diagnose({ signal }),
    (it, signal) => it.watchEvents({ signal }).next(),
  ]) {
    const controller = new AbortController();
    const before = silent.asked.length;
    const call = ask(new Client({ baseUrl: silent.url }), controller.signal);
    await until(() => silent.asked.length > before);
    const reason = new Error("enough");
    controller.abort(reason);
    await assert.rejects(call, (error) => error === reason);
    await until(() => silent.sockets.size === 0);
  }
  await silent.close();
});

test("many calls share a signal: one listener, no warning, all called off", async () => {
  const silent = await server(() => {});
  const warnings = [];
  const warned = (warning) => warnings.push(warning);
  process.on("warning", warned);
  const controller = new AbortController();
  const listeners = () => getEventListeners(controller.signal, "abort").length;
  const asks = new Client({ baseUrl: silent.url, paced: false, environment: {} });
  const calls = Array.from({ length: 30 }, () => asks.text("compute", { signal: controller.signal }));
  const ended = Promise.allSettled(calls);
  await until(() => silent.asked.length === calls.length);
  assert.equal(listeners(), 1);
  const reason = new Error("enough");
  controller.abort(reason);
  assert.ok((await ended).every((it) => it.reason === reason));
  assert.equal(listeners(), 0);

  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 30 }, () => client().text("compute/name", { signal })));
  assert.equal(getEventListeners(signal, "abort").length, 0);
  await until(() => silent.sockets.size === 0);
  await silent.close();
  process.off("warning", warned);
  assert.deepEqual(warnings, []);
});

test("a wait is called off, too, and a call that was called off before it began sends nothing", async () => {
  emulator.fault("instance:500x*");
  const controller = new AbortController();
  const asks = client({ retries: 5, backoffMs: 200_000, timeoutMs: 1_000_000 });
  const call = asks.instance({ signal: controller.signal });
  await until(() => emulator.requests.length === 1);
  const start = performance.now();
  controller.abort();
  await assert.rejects(call, { name: "AbortError" });
  assert.ok(performance.now() - start < 60_000);
  await assert.rejects(client().tags({ signal: AbortSignal.abort() }), { name: "AbortError" });
  assert.equal(emulator.requests.length, 1);
});

test("a timeout of the caller's own ends a call", async () => {
  emulator.fault("instance:hang");
  await assert.rejects(client().instance({ signal: AbortSignal.timeout(100) }), { name: "TimeoutError" });
});

const CODES = ["connect_timeout", "local_failure", "read_timeout", "refused", "truncated", "too_long", "unreachable"];
for (const code of CODES) {
  test(`a transport says why there is no answer: ${code}`, async () => {
    const transport = async () => {
      throw new TransportError("its own words", { code });
    };
    const error = await new Client({ transport, transportRetries: 0 }).instance().catch((it) => it);
    assert.ok(error instanceof TransportError);
    assert.deepEqual([error.code, error.attempts[0].code], [code, code]);
  });
}

for (const [code, times] of [
  ...["connect_timeout", "local_failure", "refused", "unreachable"].map((it) => [it, 3]),
  ...["read_timeout", "truncated", "own"].map((it) => [it, 1]),
]) {
  test(`an approval is sent again only if nothing was sent: ${code}`, async () => {
    let asked = 0;
    const transport = async () => {
      asked += 1;
      throw new TransportError("its own words", { code });
    };
    await assert.rejects(new Client({ transport, backoffMs: 0 }).approve("an-event"), TransportError);
    assert.equal(asked, times);
  });
}

test("a transport gets what it has to keep, and what else it throws reaches the caller", async () => {
  const asked = [];
  const transport = async (request, { signal }) => {
    asked.push([request, signal]);
    return { status: 200, headers: [], body: new Uint8Array() };
  };
  const { signal } = new AbortController();
  await new Client({ transport, maxBody: 5 }).approve("an-event", { signal });
  const [[request, given]] = asked;
  assert.deepEqual(
    [request.method, request.route, request.maxBody, request.connectTimeoutMs],
    ["POST", "direct", 5, 2000],
  );
  assert.equal(new TextDecoder().decode(request.body), '{"StartRequests":[{"EventId":"an-event"}]}');
  assert.ok(request.deadlineMs > performance.now() && given === signal);
  const own = new Error("own");
  await assert.rejects(new Client({ transport: () => Promise.reject(own) }).tags(), (error) => error === own);
  const odd = async () => ({ status: 200, headers: [], body: "text" });
  await assert.rejects(new Client({ transport: odd }).tags(), { code: "argument_type" });
});

test("an approval is carried with its body", async () => {
  const service = await server((socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  await new Client({ baseUrl: service.url }).approve(["one", { eventId: "two" }]);
  assert.match(service.asked[0], /^POST \/metadata\/scheduledevents\?api-version=2020-07-01 HTTP\/1\.1\r\n/);
  assert.match(service.asked[0], /\r\nContent-Length: \d+\r\n/);
  await service.close();
});

test("what makes no sense is a mistake of the caller's, and nothing is sent", async () => {
  const asks = client();
  for (const [make, code] of [
    [() => new Client({ baseUrl: "https://169.254.169.254" }), "endpoint_malformed"],
    [() => new Client({ baseUrl: 5 }), "argument_type"],
    [() => new Client({ version: "new" }), "version_malformed"],
    [() => new Client({ timeout: 5 }), "argument_value"],
    [() => new Client({ timeoutMs: -1 }), "argument_value"],
    [() => new Client({ timeoutMs: "5" }), "argument_type"],
    [() => new Client({ retries: 1.5 }), "argument_value"],
    [() => new Client({ paced: 1 }), "argument_type"],
    [() => new Client({ transport: {} }), "argument_type"],
    [() => new Client({ environment: { AZURE_IMDS_ENDPOINT: "nonsense" } }), "endpoint_malformed"],
    [() => asks.get("a//b"), "path_malformed"],
    [() => asks.get(5), "argument_type"],
    [() => asks.instance({ extended: "yes" }), "argument_type"],
    [() => asks.instance({ extented: true }), "argument_value"],
    [() => asks.instance({ signal: "now" }), "argument_type"],
    [() => asks.attestedDocument({ nonce: "" }), "nonce_empty"],
    [() => asks.attestedDocument({ nonce: "x".repeat(33) }), "nonce_too_long"],
    [() => asks.attestedDocument({ nonce: "\u00e9" }), "nonce_malformed"],
    [() => asks.token(""), "resource_malformed"],
    [() => asks.token("r", { clientId: "x" }), "selector_malformed"],
    [() => asks.token("r", { clientId: "x", objectId: "y" }), "selector_ambiguous"],
    [() => asks.approve(5), "argument_type"],
    [() => asks.approve([{}]), "argument_type"],
    [() => asks.approve(""), "event_id_malformed"],
    [() => asks.watchEvents({ intervalMs: -1 }), "argument_value"],
  ]) {
    const error = await (async () => make())().catch((it) => it);
    assert.ok(error instanceof UsageError, `${make}: ${error}`);
    assert.equal(error.code, code, `${make}: ${error.message}`);
  }
  assert.equal(emulator.requests.length, 0);
});

test("a client that is paced keeps within what the service allows", async () => {
  const start = performance.now();
  const asks = client({ paced: true });
  await Promise.all(Array.from({ length: 8 }, () => asks.tags()));
  const took = performance.now() - start;
  assert.ok(took > 300 && took < 60_000, String(took));
});
