// Refusals that can still be explained: a report takes longer than a refusal, and few look at it.

/** Refusals of which the module keeps all that it takes to explain them: a report is looked at soon or never. */
const KEPT = 64;

/** What explains the refusals of one verifier. The module keeps the last ones; for those before, what JavaScript keeps. */
export class Refusals {
  #kept = new Set();

  /**
   * Takes a verification that ended in a refusal, and gives what explains it. `again` makes another one that is refused
   * the same at any time; without it, a refusal is explained while its verification is there.
   */
  keep(verification, again) {
    const refusal = { verification, again, explained: undefined };
    this.#kept.add(refusal);
    if (this.#kept.size > KEPT) {
      const [oldest] = this.#kept;
      this.#kept.delete(oldest);
      if (oldest.again) oldest.verification.free();
      else oldest.explained = explained(oldest.verification);
    }
    return () => {
      if (this.#kept.delete(refusal)) return explained(verification);
      return refusal.explained ?? explained(again());
    };
  }
}

function explained(verification) {
  try {
    return verification.explain();
  } finally {
    verification.free();
  }
}
