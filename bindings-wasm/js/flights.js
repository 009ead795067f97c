// What the verifications of one verifier share beside their memory: who waits for whose request, and whose refusal can
// still be explained.

/** Refusals of which the module keeps what it takes to explain them: a report is looked at soon or never. */
const REFUSALS = 64;
const LONGEST = 2 ** 31 - 1;

/** Those who wait until a request of another has ended. */
export class Waiting {
  #wakers = new Set();

  /** Waits until a request ends, so many milliseconds at most, unless it is called off. */
  until(ms, signal) {
    return new Promise((resolve, reject) => {
      const leave = (settle, value) => {
        clearTimeout(timer);
        this.#wakers.delete(wake);
        signal?.removeEventListener("abort", abort);
        settle(value);
      };
      const wake = () => leave(resolve);
      const abort = () => leave(reject, signal.reason);
      const timer = setTimeout(wake, Math.min(Math.max(ms, 0), LONGEST));
      this.#wakers.add(wake);
      signal?.addEventListener("abort", abort);
      if (signal?.aborted) abort();
    });
  }

  /** A request has ended: all who wait look again, in the order in which they came. */
  wake() {
    for (const wake of [...this.#wakers]) wake();
  }
}

/** The last verifications that ended in a refusal: a report takes longer than a refusal, and few look at it. */
export class Refusals {
  #kept = new Set();

  /** Takes a verification that is done, and gives what explains it: once, and not for ever. */
  keep(verification) {
    this.#kept.add(verification);
    if (this.#kept.size > REFUSALS) {
      const [oldest] = this.#kept;
      this.#kept.delete(oldest);
      oldest.free();
    }
    return () => {
      if (!this.#kept.delete(verification)) return undefined;
      try {
        return verification.explain();
      } finally {
        verification.free();
      }
    };
  }
}
