// The loop that drives a call: ask the core what to do, do it, tell what happened.

import { asBytes, ofType } from "./arguments.js";
import { made, TransportError } from "./errors.js";
import { onAbort } from "./signal.js";

const LONGEST = 2 ** 31 - 1;

/** The monotonic clock, as the core counts it. */
export function nowMs() {
  return Math.floor(performance.now());
}

/** Drives a call to its value, or rejects. What is called off by the signal leaves nothing behind. */
export async function drive(call, carry, signal) {
  try {
    for (;;) {
      signal?.throwIfAborted();
      const step = call.poll(nowMs());
      if (step.failed) throw made(step.failed);
      if ("done" in step) return step.done;
      if (step.send) await carried(call, step, carry, signal);
      else await sleep(step.wait - nowMs(), signal);
    }
  } finally {
    call.free();
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

async function carried(call, { id, send }, carry, signal) {
  let answer;
  try {
    answer = await unlessAborted(carry(send, { signal }), signal);
  } catch (error) {
    if (signal?.aborted || !(error instanceof TransportError)) throw error;
    call.fail(id, nowMs(), error.code, error.message, send.maxBody);
    return;
  }
  const body = asBytes(answer?.body);
  if (body === undefined) throw ofType("the body that the transport gave", answer?.body, "a Uint8Array");
  call.receive(id, nowMs(), answer.status, [...(answer.headers ?? [])].flat().map(String), body);
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
