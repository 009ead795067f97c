// What somebody pasted or dropped.

import type { Bytes } from "./verifier.js";

/** What an input turned out to be. */
export interface Recognised {
  /** The stable name of what it is: `document`, `certificates`, `html`, ... */
  readonly material: string;
  /** What it is, in words. */
  readonly description: string;
  /** What was expected instead, or what to do. */
  readonly nextStep: string;
  /** What stood around the document and was left out, in words. */
  readonly wrapping: string | undefined;
  /** The part to verify: the document without its wrapping, else the whole input. */
  readonly document: Uint8Array;
}

/**
 * Says what a person pasted or dropped, and finds the document in it: in a whole HTTP answer, a terminal's text, a log.
 * To be recognised proves nothing: `verify` is strict, and what is found here is to be given to it.
 */
export function recognise(input: string | Bytes): Recognised;
