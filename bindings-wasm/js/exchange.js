// The loop that drives an exchange: ask the core what to do, do it, tell what happened.

import { asBytes, count, headerFields, ofType } from "./arguments.js";
import { TransportError } from "./errors.js";
import { onAbort } from "./signal.js";

const LONGEST = 2 ** 31 - 1;

/** The monotonic clock, as the core counts it. */
export function nowMs() {
  return Math.floor(performance.now());
}

/** The wall clock of this machine. */
export function unixSeconds(laterMs = 0) {
  return Math.floor((Date.now() + laterMs) / 1000);
}

/**
 * Drives an exchange to its last step, which it returns. An exchange that does not get there is freed.
 *
 * `carry` carries a request, `pause` waits, and `ended` is called when a request is no longer in flight.
 */
export async function drive(exchange, { carry, signal, pause = sleep, ended }) {
  let last;
  let isOut = false;
  try {
    while (last === undefined) {
      signal?.throwIfAborted();
      const step = exchange.poll(nowMs());
      if (step.send) {
        isOut = true;
        await carried(exchange, step, carry, signal);
        isOut = false;
        ended?.();
      } else if (step.wait !== undefined) await pause(step.wait - nowMs(), signal);
      else last = step;
    }
    return last;
  } finally {
    if (last === undefined) exchange.free();
    if (isOut) ended?.(); // Somebody else makes the request that was called off.
  }
}

/** Waits, unless it is called off. */
export function sleep(ms, signal) {
  let timer;
  const slept = new Promise((resolve) => {
    timer = setTimeout(resolve, Math.min(Math.max(ms, 0), LONGEST));
  });
  return unlessAborted(slept, signal).finally(() => clearTimeout(timer));
}

async function carried(exchange, { id, send }, carry, signal) {
  let answer;
  try {
    answer = await unlessAborted(carry(send, { signal }), signal);
  } catch (error) {
    if (signal?.aborted || !(error instanceof TransportError)) throw error;
    exchange.fail(id, nowMs(), error.code, error.message, send.maxBody);
    return;
  }
  const [body, status] = [asBytes("the transport's body", answer?.body), answer?.status];
  if (body === undefined) throw ofType("the body that the transport gave", answer?.body, "a Uint8Array");
  if (typeof status !== "number") throw ofType("the status that the transport gave", status, "a number");
  const headers = headerFields("the headers that the transport gave", answer.headers);
  exchange.receive(id, nowMs(), count("the status that the transport gave", status, 999), body, headers);
}

async function unlessAborted(promise, signal) {
  if (!signal) return promise;
  let stay;
  const aborted = new Promise((_, reject) => {
    stay = onAbort(signal, reject);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stay();
  }
}
