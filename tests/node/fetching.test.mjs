// Issuers that are missing: fetched by Node within limits, on this machine alone; never by the browser's half.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { test } from "node:test";

import { Verifier } from "azure-imds";

import { certificate, vector } from "./suite.mjs";

/**
 * A document whose signer names `http://www.microsoft.com/pkiops/certs/..` for its issuer. `fetch` is led to a server of
 * ours, so that the transport itself is what runs.
 */
const MISSING = vector("attested::chain::no_issuers");
const ISSUER = certificate("issuing");

/** Runs a server, leads what is fetched there, and gives the report with what the server was asked. */
async function explain(answer, { fails, ...options } = {}) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url, method: request.method, headers: request.headers });
    answer(response, request);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  if (fails) server.close(); // Nobody listens there any more.
  const real = globalThis.fetch;
  const given = [];
  globalThis.fetch = (url, init) => {
    given.push({ url, ...init });
    const there = new URL(url);
    return real(`http://127.0.0.1:${port}${there.pathname}`, init);
  };
  try {
    // Where a test is not about it, nothing ends because its time is over, however busy the machine is.
    const verifier = new Verifier({ anchors: certificate("root"), fetchTimeout: 1800, ...options });
    const report = await verifier.explain(MISSING.document, MISSING.options);
    return { report, asked, given, verifier };
  } finally {
    globalThis.fetch = real;
    server.closeAllConnections();
    server.close();
  }
}

test("what is no matter of the network is a failure of this machine, and is not remembered", async () => {
  const local = ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EPERM", "EACCES", "EADDRNOTAVAIL", "EAI_MEMORY"];
  const network = ["ENETUNREACH", "EHOSTUNREACH", "ENOTFOUND", "EAI_AGAIN", "CERT_HAS_EXPIRED", undefined];
  network.push("ERR_TLS_CERT_ALTNAME_INVALID");
  const real = globalThis.fetch;
  try {
    for (const code of [...local, ...network]) {
      const is = local.includes(code) ? "local_failure" : "unreachable";
      let asked = 0;
      globalThis.fetch = async () => {
        asked += 1;
        throw Object.assign(new TypeError("fetch failed"), { cause: Object.assign(new Error("why"), { code }) });
      };
      const verifier = new Verifier({ anchors: certificate("root") });
      for (const _ of [1, 2]) {
        const report = await verifier.explain(MISSING.document, MISSING.options);
        assert.deepEqual([report.fetches[0].code, report.error.retryable], [is, true], code);
      }
      assert.equal(asked, is === "local_failure" ? 2 : 1, code);
    }
  } finally {
    globalThis.fetch = real;
  }
});

test("a missing issuer is fetched, once, as the core says", async () => {
  const { report, asked, given, verifier } = await explain((response) => response.end(ISSUER));
  assert.equal(report.headline.name, "verified_by_added_root");
  assert.equal(report.fetches.length, 1);
  assert.equal(report.fetches[0].code, undefined);
  assert.match(report.fetches[0].url, /^http:\/\/www\.microsoft\.com\/pkiops\/certs\//);
  assert.equal(asked.length, 1);
  assert.equal(asked[0].method, "GET");
  assert.match(asked[0].headers.accept, /application\/pkix-cert/);
  assert.match(asked[0].headers["user-agent"], /^azure-imds\/\d/);
  assert.equal(given[0].redirect, "manual");
  // What was fetched is remembered: no request is made for the next document.
  assert.equal((await verifier.explain(MISSING.document, MISSING.options)).fetches.length, 0);
});

for (const [name, code, answer] of [
  ["a redirect is not followed", "redirected", (response) => response.writeHead(302, { Location: "/other" }).end()],
  ["another status is told", "status", (response) => response.writeHead(404).end("no")],
  ["another certificate is of no use", "not_the_issuer", (response) => response.end(certificate("root"))],
  ["what is no certificate is of no use", "not_the_issuer", (response) => response.end("<html>")],
  ["a long answer is cut off", "too_long", (response) => endless(response)],
  ["an answer that ends early is told", "truncated", (response) => endEarly(response)],
  ["a refused connection is told", "refused", () => {}, { fails: true }],
]) {
  test(name, async () => {
    const options = code === "refused" ? { fails: true } : {};
    const { report, asked } = await explain(answer, options);
    assert.equal(report.error.code, "issuer_missing");
    assert.deepEqual(
      report.fetches.map((it) => it.code),
      [code],
    );
    assert.ok(report.fetches[0].message);
    assert.equal(asked.length, code === "refused" ? 0 : 1);
  });
}

test("a slow server costs no more than its time", { timeout: 120_000 }, async (context) => {
  // A request has three fifths of the time for fetching. Time is real here, so this test takes it.
  const begun = Date.now();
  const { report } = await explain(() => {}, { fetchTimeout: undefined });
  const seconds = (Date.now() - begun) / 1000;
  context.diagnostic(`${seconds.toFixed(1)} s`);
  assert.deepEqual(
    report.fetches.map((it) => it.code),
    ["read_timeout"],
  );
  assert.ok(seconds > 2.9 && seconds < 60, String(seconds));
});

test("nothing is fetched where that is turned off", async () => {
  const { report, given } = await explain((response) => response.end(ISSUER), { fetch: false });
  assert.equal(report.error.code, "issuer_missing");
  assert.deepEqual([report.fetches.length, given.length], [0, 0]);
});

test("nothing is fetched for a document whose own signature is wrong", async () => {
  const real = globalThis.fetch;
  globalThis.fetch = () => assert.fail("fetched");
  try {
    const { document, options } = vector("attested::order::signature_before_chain");
    const report = await new Verifier({ anchors: certificate("root") }).explain(document, options);
    assert.equal(report.error.code, "content_signature");
  } finally {
    globalThis.fetch = real;
  }
});

test("an address off the list is never asked, whatever a certificate names", async () => {
  const { document, options } = vector("attested::chain::no_issuers_hostile_address");
  const real = globalThis.fetch;
  globalThis.fetch = () => assert.fail("fetched");
  try {
    const report = await new Verifier({ anchors: certificate("root") }).explain(document, options);
    assert.deepEqual([report.error.code, report.fetches.length], ["issuer_missing", 0]);
  } finally {
    globalThis.fetch = real;
  }
});

test("the browser's half holds no transport", () => {
  for (const entry of ["verifier.web.js", "index.web.js", "bind.js", "arguments.js", "errors.js", "report.js"]) {
    const text = readFileSync(new URL(`../../bindings-wasm/dist/${entry}`, import.meta.url), "utf8");
    assert.ok(!/\bfetch\(|fetch\.js|XMLHttpRequest|WebSocket|sendBeacon/.test(text), entry);
  }
});

function endless(response) {
  const piece = Buffer.alloc(16_384, 0x30);
  const more = () => response.destroyed || response.write(piece, more);
  more();
}

function endEarly(response) {
  response.writeHead(200, { "Content-Length": String(ISSUER.length) });
  response.write(ISSUER.subarray(0, 100), () => response.destroy());
}
