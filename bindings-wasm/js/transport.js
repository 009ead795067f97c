// The transport of Node: carries a request within the limits that the core sets, and names what went wrong.
//
// The metadata address is asked by `node:http`, by an agent of its own: neither the variables that name a proxy nor a
// dispatcher of `fetch` has a say there. Issuers are fetched by `fetch`, where what the surroundings set is right. It
// does not tell when it has connected, so that limit is kept together with the one for the whole answer.
//
// Redirects are never followed: a 3xx is an answer like any other.

import { Agent, request as send } from "node:http";

import { TransportError } from "./errors.js";
import { onAbort } from "./signal.js";

const AGENT = new Agent({ keepAlive: false });
const HEAD = 64 * 1024;
const LONGEST = 2 ** 31 - 1;
const TEXTS = {
  connect_timeout: "no connection in time",
  read_timeout: "no whole answer in time",
  refused: "the connection was refused",
  truncated: "the answer ended early or is not HTTP",
};
/** What `fetch` says of a request, whether it had a connection or not. */
const FETCHED = {
  ECONNREFUSED: "refused",
  ECONNRESET: "refused",
  EPIPE: "refused",
  ETIMEDOUT: "connect_timeout",
  UND_ERR_CONNECT_TIMEOUT: "connect_timeout",
  UND_ERR_HEADERS_TIMEOUT: "read_timeout",
  UND_ERR_BODY_TIMEOUT: "read_timeout",
  UND_ERR_SOCKET: "truncated",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "truncated",
};
/** What the system says of the network. Whatever else it says is of this machine. */
const OF_THE_NETWORK = new Set([
  ...["EAI_AGAIN", "EAI_FAIL", "EAI_NODATA", "EAI_NONAME", "ENOTFOUND"],
  ...["ECONNABORTED", "ECONNREFUSED", "ECONNRESET", "EHOSTDOWN", "EHOSTUNREACH"],
  ...["ENETDOWN", "ENETRESET", "ENETUNREACH", "ENOTCONN", "EPIPE", "EPROTO", "ESHUTDOWN", "ETIMEDOUT"],
]);

/** Carries requests, those to the internet in the name of this version. Rejects with a `TransportError`. */
export function carrier(version) {
  return (request, { signal } = {}) => (request.route === "direct" ? direct : fetched)(request, signal, version);
}

function direct(request, signal) {
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
    const late = () => fail(told(isConnected ? "read_timeout" : "connect_timeout"));
    const timers = [untilDeadline(request, late), after(request.connectTimeoutMs, () => isConnected || late())];
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

async function fetched(request, signal, version) {
  const limits = new AbortController();
  const late = () => limits.abort(new DOMException(TEXTS.read_timeout, "TimeoutError"));
  // What has come while this thread was busy counts: it is read before the time is found to be over.
  const timer = untilDeadline(request, () => setImmediate(late));
  const stay = onAbort(signal, (reason) => limits.abort(reason));
  try {
    const headers = [...request.headers, ["User-Agent", `azure-imds/${version}`]];
    const { method, url } = request;
    const response = await fetch(url, { method, headers, redirect: "manual", signal: limits.signal });
    const body = await bodyOf(response, request.maxBody + 1);
    return { status: response.status, headers: response.headers, body };
  } catch (error) {
    throw unfetched(error);
  } finally {
    clearTimeout(timer);
    stay();
  }
}

/** The body, as far as `limit` bytes. */
async function bodyOf(response, limit) {
  const chunks = [];
  let size = 0;
  // Leaving the loop early lets the connection go.
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= limit) break;
  }
  return new Uint8Array(Buffer.concat(chunks).subarray(0, limit));
}

/** Why there is no connection: nothing was sent. */
function unconnected(error) {
  // Of a name with several addresses each attempt has its own error.
  const { code, message } = error.errors?.[0] ?? error;
  if (code === "ECONNREFUSED") return told("refused", error);
  if (code === "ETIMEDOUT") return told("connect_timeout", error);
  return told(unnamed(String(code)), error, message);
}

/** Why `fetch` gave no whole answer. */
function unfetched(error) {
  const cause = error?.cause ?? error;
  const code = String(cause?.code);
  if (error?.name === "TimeoutError") return told("read_timeout", error);
  if (code.startsWith("HPE_")) return told("truncated", error);
  return Object.hasOwn(FETCHED, code)
    ? told(FETCHED[code], error)
    : told(unnamed(code), error, String(cause?.message ?? error));
}

/** Of what has no name of its own: whether this machine is why there is no connection, too many open files, say. */
function unnamed(code) {
  const isOfSystem = /^E[A-Z0-9]+(_[A-Z]+)?$/.test(code) && !code.startsWith("ERR_");
  return isOfSystem && !OF_THE_NETWORK.has(code) ? "local_failure" : "unreachable";
}

function told(code, cause, text = TEXTS[code]) {
  return new TransportError(text, { code, retryable: code !== "too_long", cause });
}

function untilDeadline(request, then) {
  return after(Math.max(request.deadlineMs - performance.now(), 0), then);
}

function after(ms, then) {
  return setTimeout(then, Math.min(Math.ceil(ms), LONGEST));
}

/** Pairs of names and values, out of those that `node:http` gives one after the other. */
export function pairs(flat) {
  return Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index], flat[2 * index + 1]]);
}
