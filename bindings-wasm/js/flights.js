// Who of one verifier's verifications waits for whose request.

import { onAbort } from "./signal.js";

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
        stay();
        settle(value);
      };
      const wake = () => leave(resolve);
      const timer = setTimeout(wake, Math.min(Math.max(ms, 0), LONGEST));
      this.#wakers.add(wake);
      const stay = onAbort(signal, (reason) => leave(reject, reason));
    });
  }

  /** A request has ended: all who wait look again, in the order in which they came. */
  wake() {
    for (const wake of [...this.#wakers]) wake();
  }
}
