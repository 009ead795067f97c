// A metadata service of one's own, to develop and test against: it answers as the service does, faults included.

import { randomBytes } from "node:crypto";

import * as args from "./arguments.js";
import { ASYNC_DISPOSE } from "./dispose.js";
import { asking } from "./errors.js";
import { nowMs, sleep, unixSeconds } from "./exchange.js";
import { changes, configuration } from "./machine.js";
import { native } from "./native.node.js";
import { BODY, paced, repeated } from "./pieces.js";
import { frozen } from "./report.js";
import { close, listen } from "./server.js";
import { INSPECT, withBytes } from "./shown.js";

const OPTIONS = ["machine", "seed", "limits", "speed", "faults", "scenarios", "origin", "authority"];

/** The header field of a request that asks for a fault, one step in text. */
export const FAULT_HEADER = native.faultHeader();

/** The names of scenarios. */
export const scenarios = () => Object.freeze(native.scenarios());

/** What can be made wrong with an attested document. */
export const tampers = () => Object.freeze(native.tampers());

/** The variables by which clients find a service at another address than the usual one. */
export function environmentOf(url) {
  const base = args.text("url", url).replace(/\/+$/, "");
  return {
    AZURE_IMDS_ENDPOINT: base,
    AZURE_POD_IDENTITY_AUTHORITY_HOST: base,
    MSAL_MANAGED_IDENTITY_ENDPOINT: `${base}/metadata/identity/oauth2/token`,
  };
}

/** A metadata service for one machine. */
export class Emulator {
  #native;
  #seed;
  #laterMs = 0;

  constructor(given) {
    const read = args.options(given, OPTIONS);
    const { machine, seed, limits = true, speed = 1, faults = [], scenarios: named = [] } = read;
    this.#seed = seed === undefined ? randomBytes(32) : args.asBytes("seed", seed);
    if (this.#seed === undefined) throw args.ofType("seed", seed, "a Uint8Array of 32 bytes");
    const withLimits = args.flag("limits", limits);
    const origin = args.optional(args.text, "origin", read.origin);
    const authority = args.optional(args.text, "authority", read.authority);
    const [json, isFile] = configuration(machine);
    this.#native = asking(() => new native.Emulator(json, isFile, this.#seed, origin, authority));
    if (!withLimits) this.#native.switchLimits(false);
    this.#native.setSpeed(args.count("speed", speed, 2 ** 32 - 1, 1));
    for (const rule of args.texts("faults", faults)) this.fault(rule);
    for (const name of args.texts("scenarios", named)) this.schedule(name);
  }

  get url() {
    return this.#native.origin();
  }

  get seed() {
    return new Uint8Array(this.#seed);
  }

  get environment() {
    return environmentOf(this.url);
  }

  get machine() {
    return frozen(JSON.parse(this.#native.configuration()));
  }

  set machine(machine) {
    const [json, isFile] = configuration(machine);
    asking(() => this.#native.configure(json, isFile));
  }

  get unknown() {
    return Object.freeze(this.#native.unknown());
  }

  change(given) {
    const json = changes(given);
    asking(() => this.#native.change(json));
  }

  fault(rule) {
    asking(() => this.#native.addFault(args.text("rule", rule)));
  }

  get faults() {
    return Object.freeze(this.#native.faults());
  }

  clearFaults() {
    this.#native.clearFaults();
  }

  schedule(scenario = "live-migration", given = {}) {
    if (given === null || typeof given !== "object" || Array.isArray(given)) {
      throw args.ofType("the changes", given, "an object of what differs from the scenario");
    }
    const { resources, ...fields } = args.members(given);
    const names = args.optional(args.texts, "resources", resources);
    const [name, changes] = [args.text("scenario", scenario), args.json("the changes", fields)];
    return asking(() => this.#native.schedule(...this.#now(), name, changes, names));
  }

  cancel(eventId) {
    return this.#native.cancel(...this.#now(), args.text("eventId", eventId));
  }

  get events() {
    return frozen(this.#native.events());
  }

  get requests() {
    return frozen(this.#native.journal().map(withBytes));
  }

  clearRequests() {
    this.#native.clearJournal();
  }

  get trust() {
    const { anchors, issuers } = this.#authority();
    return withBytes({ anchors, issuers });
  }

  get rootPem() {
    return this.#authority().root;
  }

  get authorityPem() {
    return this.#authority().pem;
  }

  advance(ms) {
    this.#laterMs += args.milliseconds("ms", ms) ?? 0;
  }

  makeKeys() {
    asking(() => this.#native.makeKeys());
  }

  handle(given) {
    if (given === null || typeof given !== "object") {
      throw args.ofType("the request", given, "an object of method, target, headers and body");
    }
    const { method, target, headers, body = new Uint8Array() } = given;
    const content = args.asBytes("body", body);
    if (content === undefined) throw args.ofType("body", body, "a Uint8Array");
    const head = [args.text("method", method), args.text("target", target), args.headerFields("headers", headers)];
    return withBytes(this.#native.handle(...this.#now(), ...head, content));
  }

  /** Answers a request of `fetch`. Faults are played as whoever calls `fetch` would see them. */
  fetch = async (request) => {
    const { pathname, search } = new URL(request.url);
    const asked = { method: request.method, target: pathname + search, headers: request.headers };
    return delivered(this.handle({ ...asked, body: await bodyOf(request) }), request.signal);
  };

  #authority() {
    return asking(() => this.#native.authority());
  }

  [INSPECT]() {
    return `${this.constructor.name} { ${this.url} }`;
  }

  #now() {
    return [nowMs() + this.#laterMs, unixSeconds(this.#laterMs)];
  }
}

/** What the served emulators of this process share unless told otherwise, since keys take a second to make. */
const shared = { seed: randomBytes(32), authority: undefined };

/** An emulator that listens on 127.0.0.1. */
class ServedEmulator extends Emulator {
  #server;
  #closed;
  #isSharing;

  constructor(server, given) {
    const isSharing = given.seed === undefined && given.authority === undefined;
    super(isSharing ? { ...given, ...shared } : given);
    this.#server = server;
    this.#isSharing = isSharing;
  }

  handle(request) {
    const reply = super.handle(request);
    if (reply.part === "attested" && reply.status === 200) this.#share();
    return reply;
  }

  get trust() {
    const trust = super.trust;
    this.#share();
    return trust;
  }

  makeKeys() {
    super.makeKeys();
    this.#share();
  }

  /** Lets those to come have the keys that were made. */
  #share() {
    if (this.#isSharing) shared.authority ??= this.authorityPem;
  }

  ref() {
    this.#server.ref();
    return this;
  }

  unref() {
    this.#server.unref();
    return this;
  }

  async close(given) {
    const { graceMs } = args.options(given, ["graceMs"]);
    await (this.#closed ??= close(this.#server, args.milliseconds("graceMs", graceMs) ?? 0));
  }

  async [ASYNC_DISPOSE]() {
    await this.close();
  }
}

/** Serves an emulator on 127.0.0.1, a free port unless one is given. To be closed. */
export async function startEmulator(given) {
  const { port, log, ...options } = args.options(given, [...OPTIONS, "port", "log"]);
  args.optional(args.callback, "log", log);
  let emulator;
  const { server, url } = await listen(() => emulator, args.count("port", port, 65_535) ?? 0, log);
  try {
    emulator = new ServedEmulator(server, { ...options, origin: url });
  } catch (error) {
    await close(server, 0);
    throw error;
  }
  return emulator;
}

/** A request's body, and no more of it than shows that it is too long. */
async function bodyOf(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > BODY) break;
  }
  return new Uint8Array(Buffer.concat(chunks).subarray(0, BODY + 1));
}

async function delivered({ status, headers, body, delayMs, ending, amount }, signal) {
  await sleep(delayMs, signal);
  if (ending === "drop") throw broken();
  // As a connection does, it keeps the process.
  while (ending === "hang") await sleep(Number.MAX_SAFE_INTEGER, signal);
  const fields = new Headers(headers);
  if (ending !== "endless") fields.set("Content-Length", String(body.length));
  const hasBody = ![204, 205, 304].includes(status);
  const pieces = { endless: endless(body), slow: slowly(body, amount), truncate: short(body, amount) }[ending];
  return new Response(hasBody ? (pieces ? ReadableStream.from(pieces) : body) : null, { status, headers: fields });
}

async function* endless(body) {
  const piece = repeated(body);
  for (;;) yield piece;
}

async function* slowly(body, bytesPerSecond) {
  for (const [pause, piece] of paced(body, bytesPerSecond)) {
    await sleep(pause);
    yield piece;
  }
}

async function* short(body, bytes) {
  yield body.subarray(0, bytes);
  throw broken();
}

/** What `fetch` says when the other side has closed the connection. */
function broken() {
  const cause = Object.assign(new Error("the emulator closed the connection"), { code: "UND_ERR_SOCKET" });
  return new TypeError("fetch failed", { cause });
}
