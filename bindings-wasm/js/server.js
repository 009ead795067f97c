// The emulator on a socket of 127.0.0.1, by `node:http`: requests come in, answers go out as the emulator wants them.

import { once } from "node:events";
import { createServer, STATUS_CODES } from "node:http";
import { setTimeout as after } from "node:timers/promises";

import { UsageError } from "./errors.js";
import { BODY, paced, repeated } from "./pieces.js";
import { pairs } from "./transport.js";

const HOST = "127.0.0.1";
/** Bytes of a request's head. The emulator itself refuses half of that, in the service's words. */
const HEAD = 128 * 1024;
const CONNECTIONS = 1000;
/** Connections that wait to be taken. */
const BACKLOG = 1024;
/** Requests of one connection that are read before the first of them has its answer. */
const AHEAD = 100;
/** Milliseconds that a client may take for a whole request, and to take what was sent. */
const PATIENCE_MS = 30_000;
const LONGEST = 2 ** 31 - 1;

/**
 * Begins to listen. `emulator` gives what answers; `log` takes a line for each request.
 *
 * Neither the server nor what it has under way keeps the process: a test that fails before it closes one ends all the
 * same. Whoever waits for an answer in this process keeps it.
 */
export async function listen(emulator, port, log) {
  const server = createServer({
    maxHeaderSize: HEAD,
    headersTimeout: PATIENCE_MS,
    requestTimeout: PATIENCE_MS,
    connectionsCheckingInterval: PATIENCE_MS / 3,
  });
  server.maxConnections = CONNECTIONS;
  server.setTimeout(PATIENCE_MS, showOut);
  server.on("connection", (socket) => {
    socket.unref();
    socket.setMaxListeners(0); // One for each request that waits.
  });
  server.on("request", (request, response) => {
    const { socket } = request;
    slowDown(socket, response);
    // A connection that was busy when closing began is idle now, and would be kept for the client's next request.
    response.once("close", () => server.listening || setImmediate(() => server.closeIdleConnections()));
    // One after the other, as they came: what ends the connection must not take the answers before it along.
    socket[TURN] = (socket[TURN] ?? Promise.resolve())
      .then(() => socket[IS_OVER] || answer(emulator(), request, response, log))
      .catch((error) => {
        // A client that has gone is nothing to tell anybody; whatever else happens ends the connection, and is told.
        if (!socket.destroyed) log?.(`not to be delivered: ${error.message}`);
        socket.destroy();
      });
  });
  try {
    server.listen({ port, host: HOST, backlog: BACKLOG });
    await once(server, "listening");
  } catch (error) {
    const remedy = "give another port, or 0 for any";
    throw new UsageError(`${HOST} port ${port} can't be listened on: ${error.message}; ${remedy}`, {
      code: "address_unusable",
    });
  }
  server.unref();
  return { server, url: `http://${HOST}:${server.address().port}` };
}

/** Takes no further connections, lets answers that are under way end, and ends what remains after the grace. */
export async function close(server, graceMs) {
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  if (graceMs === 0) server.closeAllConnections();
  await closed;
  clearTimeout(timer);
}

const WAITING = Symbol("requests of this connection without an answer");
const TURN = Symbol("the last request of this connection");
const IS_OVER = Symbol("whether a fault has ended this connection");

/** Stops reading a connection on which too many requests wait for their answers, until there are fewer. */
function slowDown(socket, response) {
  socket[WAITING] = (socket[WAITING] ?? 0) + 1;
  // Once what was read is parsed: at the end of each request the parser lets its connection go on.
  if (socket[WAITING] >= AHEAD) process.nextTick(() => socket[WAITING] >= AHEAD && socket.pause());
  response.once("close", () => {
    socket[WAITING] -= 1;
    if (socket[WAITING] === AHEAD - 1 && !socket.destroyed) socket.resume();
  });
}

/** After a while in which nothing came and nothing went: whoever reads nothing, asks nothing or asks too much has to go. */
function showOut(socket) {
  const waiting = socket[WAITING] ?? 0;
  if (waiting === 0 || waiting >= AHEAD || socket.writableLength > 0) socket.destroy();
}

async function answer(emulator, request, response, log) {
  const started = performance.now();
  const { method, url: target } = request;
  const body = await bodyOf(request);
  const reply = emulator.handle({ method, target, headers: pairs(request.rawHeaders), body });
  try {
    if (reply.delayMs > 0) await pause(reply.delayMs, request.socket);
    if (!request.socket.destroyed) await deliver(reply, request, response, body.length > BODY);
  } finally {
    const fault = reply.fault ? ` fault=${reply.fault}` : "";
    const took = (performance.now() - started).toFixed(1);
    log?.(`${method} ${target} ${reply.status} ${reply.part} ${took}ms${fault}`);
  }
}

/** Waits as long as the client is there: a delay may last for days, and those who left must not take up room. */
async function pause(ms, socket) {
  if (socket.destroyed) return;
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  socket.once("close", leave);
  try {
    await sleep(ms, { signal: leaving.signal });
  } catch (error) {
    if (!leaving.signal.aborted) throw error;
  } finally {
    socket.off("close", leave);
  }
}

function sleep(ms, options) {
  return after(Math.min(ms, LONGEST), undefined, { ref: false, ...options });
}

async function deliver({ status, headers, body, ending, amount }, request, response, isLast) {
  const { socket } = request;
  socket[IS_OVER] = ending === "drop" || ending === "truncate";
  if (ending === "drop") return socket.destroy();
  if (ending === "hang") return once(socket, "close");
  response.sendDate = false; // The emulator says the date, by its own clock.
  if (isLast) response.setHeader("Connection", "close");
  for (const [name, value] of headers) response.appendHeader(name, value);
  if (ending !== "endless") response.setHeader("Content-Length", body.length);
  response.writeHead(status, STATUS_CODES[status] ?? "");
  if (ending === "truncate") {
    await written(socket, response, body.subarray(0, amount));
    return socket.destroy();
  }
  if (ending === "endless") {
    const piece = repeated(body);
    while (!socket.destroyed) await written(socket, response, piece);
    return undefined;
  }
  if (ending === "slow") {
    for (const [pause, piece] of paced(body, amount)) {
      await sleep(pause);
      await written(socket, response, piece);
    }
    return response.end();
  }
  return response.end(body);
}

/** Comes back once the bytes are with the operating system, or the client has gone. */
function written(socket, response, bytes) {
  return new Promise((resolve, reject) => {
    const done = (error) => {
      socket.off("close", leave);
      if (error) reject(error);
      else resolve();
    };
    const leave = () => done();
    socket.once("close", leave);
    response.flushHeaders();
    if (bytes.length > 0) response.write(bytes, done);
    else socket.write("", done);
  });
}

/** The body, and no more of it than the emulator wants to know that it is too long. */
async function bodyOf(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > BODY) break;
  }
  return new Uint8Array(Buffer.concat(chunks).subarray(0, BODY + 1));
}
