// The transport of Node: carries one request by `fetch`, within the limits that the core sets.
//
// Redirects are never followed: a 3xx is an answer like any other. `fetch` does not tell when it has connected, so the
// limit for connecting is kept together with the one for the whole answer.

import { TransportError } from "./errors.js";
import { onAbort } from "./signal.js";

const CODES = {
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
const TEXTS = {
  refused: "the connection was refused",
  connect_timeout: "no connection in time",
  read_timeout: "no whole answer in time",
  truncated: "the answer ended early or is not HTTP",
};

/** What the system says of the network. Whatever else it says is of this machine. */
const OF_THE_NETWORK = new Set([
  ...["EAI_AGAIN", "EAI_FAIL", "EAI_NODATA", "EAI_NONAME", "ENOTFOUND"],
  ...[
    "ECONNABORTED",
    "ECONNREFUSED",
    "ECONNRESET",
    "EHOSTDOWN",
    "EHOSTUNREACH",
    "ENETDOWN",
    "ENETRESET",
    "ENETUNREACH",
  ],
  ...["ENOTCONN", "EPIPE", "EPROTO", "ESHUTDOWN", "ETIMEDOUT"],
]);

/** Whether this machine is why there is no connection: it has too many open files, say. */
export function isLocal(code) {
  return /^E[A-Z0-9]+(_[A-Z]+)?$/.test(code) && !code.startsWith("ERR_") && !OF_THE_NETWORK.has(code);
}

/** Carries requests in the name of this version. Gives the answer, or the reason why there is none. */
export function carrier(version) {
  return async (request, calledOff) => {
    const limits = new AbortController();
    const late = () => limits.abort(new DOMException(TEXTS.read_timeout, "TimeoutError"));
    // What has come while this thread was busy counts: it is read before the time is found to be over.
    const timer = setTimeout(() => setImmediate(late), Math.max(Math.ceil(request.deadlineMs - performance.now()), 1));
    const stay = onAbort(calledOff, (reason) => limits.abort(reason));
    try {
      const headers = [...request.headers, ["User-Agent", `azure-imds/${version}`]];
      const { method, url } = request;
      const response = await fetch(url, { method, headers, redirect: "manual", signal: limits.signal });
      return { status: response.status, body: await body(response, request.maxBody + 1) };
    } catch (error) {
      return transportError(error);
    } finally {
      clearTimeout(timer);
      stay();
    }
  };
}

/** The body, as far as `limit` bytes. */
async function body(response, limit) {
  const chunks = [];
  let size = 0;
  // Leaving the loop early lets the connection go.
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk.subarray(0, limit - size));
    size += chunk.length;
    if (size >= limit) break;
  }
  const whole = new Uint8Array(Math.min(size, limit));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function transportError(error) {
  const cause = error?.cause ?? error;
  const code = error?.name === "TimeoutError" ? "read_timeout" : (CODES[cause?.code] ?? other(String(cause?.code)));
  const text = TEXTS[code] ?? String(cause?.message ?? error);
  return new TransportError(text, { code, retryable: true, cause: error });
}

/** Of what has no name above. */
function other(code) {
  if (code.startsWith("HPE_")) return "truncated";
  return isLocal(code) ? "local_failure" : "unreachable";
}
