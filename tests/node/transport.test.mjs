// How the metadata address is asked: directly, within the limits, and never longer than anybody waits.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import { createServer } from "node:net";
import { test } from "node:test";

import { Client, ServiceError, TransportError } from "azure-imds";

import { answer, server, until } from "./wire.mjs";

const ANSWER = '{"compute":{"vmId":"02aab8a4-74ef-476e-8182-f6d2ba4166a6"}}';

async function failed(url, options = {}) {
  const start = performance.now();
  const error = await new Client({ baseUrl: url, transportRetries: 0, timeoutMs: 110_000, ...options })
    .instance()
    .catch((it) => it);
  assert.ok(error instanceof TransportError, String(error));
  return [error, performance.now() - start];
}

test("what is sent", async () => {
  const service = await server(answer(ANSWER));
  await new Client({ baseUrl: service.url }).instance();
  const [head] = service.asked;
  await service.close();
  const [first, ...fields] = head.trimEnd().split("\r\n");
  assert.equal(first, "GET /metadata/instance?api-version=2025-04-07 HTTP/1.1");
  const names = fields.map((field) => field.split(":")[0]);
  const known = ["Metadata", "User-Agent", "Accept", "Host", "Connection"];
  assert.deepEqual(
    names.filter((name) => !known.includes(name)),
    [],
    "the service refuses X-Forwarded-For",
  );
  assert.ok(fields.includes("Metadata: true") && fields.includes(`Host: 127.0.0.1:${service.port}`));
  assert.ok(fields.some((field) => /^User-Agent: azure-imds\/\d/.test(field)));
});

test("no agent and no dispatcher that the surroundings set is asked", async () => {
  const service = await server(answer(ANSWER));
  const [byAgent, byDispatcher] = [[], []];
  const [agent, dispatcher] = [http.globalAgent, Symbol.for("undici.globalDispatcher.1")];
  await fetch(service.url).then((it) => it.text()); // makes the dispatcher of this Node known
  const before = globalThis[dispatcher];
  http.globalAgent = Object.assign(new http.Agent(), {
    createConnection(options, connected) {
      byAgent.push(options.port);
      connected(new Error("by the agent"));
    },
  });
  globalThis[dispatcher] = {
    dispatch({ origin }, handler) {
      byDispatcher.push(origin);
      throw new Error("by the dispatcher");
    },
  };
  try {
    // Control: whoever names neither is led astray.
    const error = await new Promise((resolve) => http.get(service.url).on("error", resolve));
    assert.equal(error.message, "by the agent");
    await assert.rejects(fetch(service.url));
    assert.deepEqual([byAgent.length, byDispatcher.length], [1, 1]);
    const client = new Client({ baseUrl: service.url });
    assert.ok((await client.instance()).compute.vmId);
    assert.ok(await client.token("r").catch((it) => it.code !== "unreachable"));
    assert.deepEqual([byAgent.length, byDispatcher.length], [1, 1]);
  } finally {
    http.globalAgent = agent;
    globalThis[dispatcher] = before;
    await service.close();
  }
});

test("no variable that names a proxy is followed", async (context) => {
  const proxy = await server(answer("by the proxy"));
  const service = await server(answer(ANSWER));
  const variables = { NODE_USE_ENV_PROXY: "1" };
  for (const name of ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]) variables[name] = proxy.url;
  const script = `
    import http from "node:http";
    import { Client } from "azure-imds";
    console.log((await new Client({ baseUrl: "${service.url}" }).instance()).compute.vmId);
    http.get("${service.url}", (answer) => answer.on("data", (data) => console.log(String(data))));`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: import.meta.dirname ?? new URL(".", import.meta.url).pathname,
    env: { ...process.env, ...variables, NO_PROXY: "", no_proxy: "" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (data) => (said += data));
  const [status] = await once(child, "close");
  const [byClient, byHttp] = said.trim().split("\n");
  await Promise.all([proxy.close(), service.close()]);
  assert.equal(status, 0);
  assert.equal(byClient, JSON.parse(ANSWER).compute.vmId);
  // Control: where this Node knows that variable, its own agent goes to the proxy.
  const knows = Number(process.versions.node.split(".")[0]) >= 24;
  context.diagnostic(`Node ${process.versions.node} ${knows ? "knows" : "does not know"} NODE_USE_ENV_PROXY`);
  assert.equal(byHttp, knows ? "by the proxy" : ANSWER);
  assert.equal(proxy.asked.length, knows ? 1 : 0);
});

for (const status of ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]) {
  test(`no redirect is followed: ${status}`, async () => {
    const elsewhere = await server(answer(ANSWER));
    const service = await server(answer("", status, [`Location: ${elsewhere.url}/metadata/instance`]));
    const error = await new Client({ baseUrl: service.url }).instance().catch((it) => it);
    await Promise.all([elsewhere.close(), service.close()]);
    assert.ok(error instanceof ServiceError);
    assert.equal(error.code, "redirected");
    assert.deepEqual([service.asked.length, elsewhere.asked.length], [1, 0]);
  });
}

const HEAD = "HTTP/1.1 200 OK\r\n";
const drip = (start, piece) => (socket) => {
  socket.write(start);
  const timer = setInterval(() => socket.write(piece), 20);
  socket.on("close", () => clearInterval(timer));
};

for (const [name, script] of [
  ["a head that drips", drip(`${HEAD}X: `, "x")],
  ["a body that drips", drip(`${HEAD}\r\n`, " ")],
  ["silence", () => {}],
]) {
  test(`${name} costs no more than the time`, async () => {
    const service = await server(script);
    const [error, took] = await failed(service.url, { timeoutMs: 300 });
    assert.equal(error.code, "read_timeout");
    assert.ok(error.retryable && took > 250 && took < 60_000, String(took));
    await until(() => service.sockets.size === 0);
    await service.close();
  });
}

test("a connection that is not taken costs no more than the time for connecting", async () => {
  // An address of documentation: no route, or nobody answers.
  const [error, took] = await failed("http://192.0.2.1", { connectTimeoutMs: 200 });
  assert.ok(["connect_timeout", "unreachable", "refused"].includes(error.code), error.code);
  assert.ok(took < 60_000, String(took));
});

test("a look-up that hangs is called off, and sends nothing later", async () => {
  const dns = (await import("node:dns")).default;
  const real = dns.lookup;
  let release;
  const service = await server(answer(ANSWER));
  dns.lookup = (name, options, then) => {
    release = () => then(null, options.all ? [{ address: "127.0.0.1", family: 4 }] : "127.0.0.1", 4);
  };
  try {
    const client = new Client({
      baseUrl: `http://somewhere.test:${service.port}`,
      connectTimeoutMs: 100,
      transportRetries: 0,
    });
    await assert.rejects(client.approve("an-event"), { code: "connect_timeout" });
    assert.ok(release, "the look-up was asked for");
    release();
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(service.asked, []);
  } finally {
    dns.lookup = real;
    await service.close();
  }
});

test("a refused connection is told", async () => {
  const taken = createServer();
  taken.listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address();
  taken.close();
  await once(taken, "close");
  for (const host of ["127.0.0.1", "localhost"]) {
    const [error, took] = await failed(`http://${host}:${port}`);
    assert.equal(error.code, "refused");
    assert.ok(took < 60_000);
  }
});

test("a failure of this machine is told apart from one of the network", async () => {
  const dns = (await import("node:dns")).default;
  const real = dns.lookup;
  try {
    for (const [code, told] of [
      ["EMFILE", "local_failure"],
      ["EAI_MEMORY", "local_failure"],
      ["ENOTFOUND", "unreachable"],
      ["ENETUNREACH", "unreachable"],
      ["ECONNRESET", "unreachable"],
    ]) {
      dns.lookup = (name, options, then) => then(Object.assign(new Error("why"), { code }));
      const [error] = await failed("http://somewhere.test", { transportRetries: 0 });
      assert.deepEqual([error.code, error.retryable], [told, true], code);
    }
  } finally {
    dns.lookup = real;
  }
});

test("a name that nobody has is told", async () => {
  const [error] = await failed("http://nobody.invalid", { connectTimeoutMs: 8_000 });
  assert.ok(["unreachable", "connect_timeout"].includes(error.code), error.code);
});

for (const [name, script] of [
  ["hung up", (socket) => socket.end()],
  ["reset", (socket) => socket.resetAndDestroy()],
  ["a body cut short", (socket) => socket.end(`${HEAD}Content-Length: 5000\r\n\r\n${ANSWER}`)],
  ["a chunk cut short", (socket) => socket.end(`${HEAD}Transfer-Encoding: chunked\r\n\r\nff\r\nabc`)],
  ["no HTTP", (socket) => socket.end("hello\r\n\r\n")],
  ["another protocol", (socket) => socket.end("HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n")],
  ["a head without end", (socket) => socket.write(`${HEAD}X: ${"x".repeat(200_000)}`)],
]) {
  test(`an answer that ends early is told: ${name}`, async () => {
    const service = await server(script);
    const [error, took] = await failed(service.url);
    assert.equal(error.code, "truncated");
    assert.ok(took < 60_000, String(took));
    assert.equal(service.asked.length, 1);
    await service.close();
  });
}

for (const [name, head, piece] of [
  ["until the end", `${HEAD}\r\n`, " ".repeat(4096)],
  ["in chunks", `${HEAD}Transfer-Encoding: chunked\r\n\r\n`, `1000\r\n${" ".repeat(4096)}\r\n`],
  ["of an absurd length", `${HEAD}Content-Length: 9007199254740991\r\n\r\n`, " ".repeat(4096)],
]) {
  test(`an answer that is too long is told: ${name}`, async () => {
    const service = await server((socket) => {
      socket.write(head);
      const more = () => socket.destroyed || socket.write(piece, more);
      more();
    });
    const [error] = await failed(service.url, { maxBody: 10_000, transportRetries: 2 });
    assert.equal(error.code, "too_long");
    assert.ok(!error.retryable && error.message.includes("10000"));
    assert.equal(service.asked.length, 1);
    await until(() => service.sockets.size === 0);
    await service.close();
  });
}

test("chunks are put together", async () => {
  const chunks = ANSWER.match(/.{1,10}/gs).map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`);
  const service = await server((socket) =>
    socket.end(`${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunks.join("")}0\r\n\r\n`),
  );
  assert.equal((await new Client({ baseUrl: service.url }).instance()).json, ANSWER);
  await service.close();
});

test("a body as long as allowed is taken", async () => {
  const service = await server(answer(ANSWER));
  assert.ok(await new Client({ baseUrl: service.url, maxBody: ANSWER.length }).instance());
  const [error] = await failed(service.url, { maxBody: ANSWER.length - 1 });
  assert.equal(error.code, "too_long");
  await service.close();
});
