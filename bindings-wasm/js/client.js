// The client: asks the Instance Metadata Service of this VM.

import { getRandomValues } from "node:crypto";

import * as args from "./arguments.js";
import { asking, made } from "./errors.js";
import { ASYNC_DISPOSE } from "./dispose.js";
import { drive } from "./exchange.js";
import { native } from "./native.node.js";
import { SHAPES } from "./records.js";
import { onAbort } from "./signal.js";
import { gather } from "./surroundings.js";
import { carrier } from "./transport.js";

const OPTIONS = [
  "baseUrl",
  "version",
  "timeoutMs",
  "attemptTimeoutMs",
  "connectTimeoutMs",
  "maxBody",
  "retries",
  "transportRetries",
  "backoffMs",
  "negotiate",
  "paced",
  "provisioning",
  "cache",
  "environment",
  "transport",
];
const carry = carrier(native.version());

/** Asks the Instance Metadata Service of this VM. Make one and keep it. */
export class Client {
  #native;
  #carry;
  #environment;

  constructor(given) {
    const { environment = process.env, transport = carry, ...policy } = args.options(given, OPTIONS);
    if (environment === null || typeof environment !== "object") {
      throw args.ofType("environment", environment, "an object of variables, or nothing for those of this process");
    }
    this.#environment = args.members(environment);
    this.#carry = args.callback("transport", transport);
    const plain = args.plainly({ ...policy, environment: this.#environment });
    this.#native = asking(() => new native.Client(plain, getRandomValues(new BigUint64Array(1))[0]));
  }

  get baseUrl() {
    return this.#native.endpoint;
  }

  async instance(given) {
    const { extended = false, signal } = args.options(given, ["extended", "signal"]);
    return this.#run("instance", [args.flag("extended", extended)], signal);
  }

  async get(path, given) {
    return this.#run("get", [args.text("path", path)], args.options(given, ["signal"]).signal);
  }

  async text(path, given) {
    return this.#run("text", [args.text("path", path)], args.options(given, ["signal"]).signal);
  }

  async tags(given) {
    return this.#plain("tags", given);
  }

  async attestedDocument(given) {
    const { nonce, signal } = args.options(given, ["nonce", "signal"]);
    return this.#run("attestedDocument", [args.optional(args.text, "nonce", nonce)], signal);
  }

  async token(resource, given) {
    const known = ["clientId", "objectId", "resourceId", "bypassCache", "signal"];
    const { signal, ...asked } = args.options(given, known);
    return this.#run("token", [args.plain("resource", resource), args.plainly(asked)], signal);
  }

  async identityInfo(given) {
    return this.#plain("identityInfo", given);
  }

  async scheduledEvents(given) {
    return this.#plain("scheduledEvents", given);
  }

  async approve(events, given) {
    return this.#run("approve", [eventIds(events)], args.options(given, ["signal"]).signal);
  }

  watchEvents(given) {
    const { intervalMs, signal } = args.options(given, ["intervalMs", "signal"]);
    const watch = this.#native.watchEvents(args.milliseconds("intervalMs", intervalMs));
    const next = (leaving) => this.#driven("scheduledEvents", () => watch.next(), leaving);
    return new Watch(next, args.abortSignal(signal));
  }

  async loadBalancer(given) {
    return this.#plain("loadBalancer", given);
  }

  async versions(given) {
    return this.#plain("versions", given);
  }

  async isAvailable(given) {
    return (await this.availability(given)).isAvailable;
  }

  async availability(given) {
    return this.#plain("availability", given);
  }

  async diagnose(given) {
    const { signal } = args.options(given, ["signal"]);
    return this.#run("diagnose", await gather(this.#environment), signal);
  }

  #plain(kind, given) {
    return this.#driven(kind, () => this.#native.ask(kind), args.options(given, ["signal"]).signal);
  }

  #run(kind, asked, signal) {
    return this.#driven(kind, () => this.#native[kind](...asked), signal);
  }

  async #driven(kind, ask, signal) {
    args.abortSignal(signal);
    signal?.throwIfAborted();
    const call = asking(ask);
    const { failed, done } = await drive(call, { carry: this.#carry, signal });
    call.free();
    if (failed) throw made(failed);
    return SHAPES[kind](done);
  }
}

/** The scheduled events now, and again whenever they have changed. Who asks more than once at a time waits for a turn. */
class Watch {
  #next;
  #signal;
  #leaving = new AbortController();
  #last = Promise.resolve();
  #isOver = false;

  constructor(next, signal) {
    this.#next = next;
    this.#signal = signal;
  }

  next() {
    const turn = this.#last.then(() => this.#turn());
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async return() {
    this.#isOver = true;
    this.#leaving.abort();
    return { value: undefined, done: true };
  }

  async [ASYNC_DISPOSE]() {
    await this.return();
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async #turn() {
    const stay = onAbort(this.#signal, (reason) => this.#leaving.abort(reason));
    try {
      this.#signal?.throwIfAborted();
      const value = this.#isOver ? undefined : await this.#next(this.#leaving.signal);
      if (!this.#isOver) return { value, done: false };
    } catch (error) {
      if (!this.#isOver) throw error;
    } finally {
      stay();
    }
    return { value: undefined, done: true };
  }
}

/** Events as the module takes them: an event goes by its identifier. */
function eventIds(given) {
  if (args.isIterable(given) && typeof given !== "string") return Array.from(given, eventId);
  return eventId(given);
}

function eventId(event) {
  return args.plain(
    "events",
    event !== null && typeof event === "object" && "eventId" in event ? (event.eventId ?? "") : event,
  );
}
