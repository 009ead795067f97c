// A signed document as the metadata service gave it. Here, so that a verifier knows one without knowing the client.

import { INSPECT } from "./shown.js";

const MADE_HERE = Symbol("made by a call");

/** A signed document of this VM, not verified: that is for the party it is sent to. */
export class AttestedDocument {
  #form;

  constructor(mark, { text, signature, form } = {}) {
    if (mark !== MADE_HERE) throw new TypeError("only a call makes AttestedDocument");
    this.#form = form;
    this.text = text;
    this.signature = signature;
    Object.freeze(this);
  }

  toString() {
    return this.text;
  }

  toJSON() {
    return JSON.parse(this.#form);
  }

  [INSPECT]() {
    return `AttestedDocument { ${this.text.length} characters, not verified }`;
  }
}

/** The document of a call, out of what the WebAssembly module gives. */
export const attestedDocument = (plain) => new AttestedDocument(MADE_HERE, plain);
