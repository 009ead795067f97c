// The transport to the metadata address: `node:http` by an agent of its own, within the limits that the core sets.
//
// Neither the variables that name a proxy nor a dispatcher of `fetch` has a say here: what the surroundings set applies
// to `fetch` and to the global agent. Redirects are never followed: a 3xx is an answer like any other.

import { Agent, request as send } from "node:http";

import { TransportError } from "./errors.js";
import { isLocal } from "./fetch.js";
import { onAbort } from "./signal.js";

const AGENT = new Agent({ keepAlive: false });
const HEAD = 64 * 1024;
const LONGEST = 2 ** 31 - 1;

/** Carries a request. The transport used unless another is given. */
export function carry(request, { signal } = {}) {
  return new Promise((resolve, reject) => {
    const [, target] = /^http:\/\/[^/?#]*([^#]*)/.exec(request.url) ?? [];
    const { hostname, port } = new URL(request.url);
    const outgoing = send({
      agent: AGENT,
      host: hostname.replace(/^\[|\]$/g, ""),
      port: port || 80,
      path: target || "/",
      method: request.method,
      headers: Object.fromEntries(request.headers),
      maxHeaderSize: HEAD,
    });
    let isConnected = false;
    const late = () => fail(isConnected ? told("read_timeout") : told("connect_timeout"));
    const left = Math.max(request.deadlineMs - performance.now(), 0);
    const timers = [
      after(left, late),
      after(request.connectTimeoutMs, () => {
        if (!isConnected) late();
      }),
    ];
    const stay = onAbort(signal, (reason) => fail(reason));

    /** Comes to an end, one way or the other; the first one counts. */
    function settle(end, value) {
      timers.forEach(clearTimeout);
      stay();
      end(value);
    }
    function fail(reason) {
      settle(reject, reason);
      outgoing.destroy();
    }

    outgoing.on("socket", (socket) => {
      socket.once("connect", () => {
        isConnected = true;
      });
    });
    outgoing.on("error", (error) => fail(isConnected ? told("truncated", error) : unconnected(error)));
    // Without an answer and without an error, as when the server changes to another protocol.
    outgoing.on("close", () => fail(told("truncated")));
    outgoing.on("response", (incoming) => {
      const chunks = [];
      let size = 0;
      incoming.on("data", (chunk) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > request.maxBody)
          fail(told("too_long", undefined, `the answer is longer than ${request.maxBody} bytes`));
      });
      incoming.on("error", (error) => fail(told("truncated", error)));
      incoming.on("end", () => {
        if (!incoming.complete) return fail(told("truncated"));
        const { statusCode: status, rawHeaders } = incoming;
        settle(resolve, { status, headers: pairs(rawHeaders), body: new Uint8Array(Buffer.concat(chunks)) });
      });
    });
    outgoing.end(request.body.length > 0 ? request.body : undefined);
  });
}

const TEXTS = {
  connect_timeout: "no connection in time",
  read_timeout: "no whole answer in time",
  refused: "the connection was refused",
  truncated: "the answer ended early or is not HTTP",
};

function told(code, cause, text = TEXTS[code]) {
  return new TransportError(text, { code, retryable: code !== "too_long", cause });
}

/** Why there is no connection: nothing was sent. */
function unconnected(error) {
  // Of a name with several addresses each attempt has its own error.
  const { code, message } = error.errors?.[0] ?? error;
  if (code === "ECONNREFUSED") return told("refused", error);
  if (code === "ETIMEDOUT") return told("connect_timeout", error);
  return told(isLocal(String(code)) ? "local_failure" : "unreachable", error, message);
}

function after(ms, then) {
  return setTimeout(then, Math.min(Math.ceil(ms), LONGEST));
}

function pairs(flat) {
  return Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index], flat[2 * index + 1]]);
}
