// The typed values of the answers, and what the core knows about them.

import { optional, text } from "./arguments.js";
import { attestedDocument } from "./attested.js";
import { asking, made } from "./errors.js";
import { native } from "./native.node.js";
import { frozen } from "./report.js";
import { briefly, hidden, INSPECT } from "./shown.js";

const MADE_HERE = Symbol("made by a call");

/** The answer of `/metadata/instance`. */
export class Instance {
  #read;

  constructor(json, apiVersion) {
    if (json !== MADE_HERE) this.#read = read(text("json", json), optional(text, "apiVersion", apiVersion));
    const { json: answer, tags, ...members } = this.#read?.value() ?? apiVersion;
    Object.assign(this, frozen(members), { tags: new Tags(MADE_HERE, tags) });
    hidden(this, "json", answer);
    Object.freeze(this);
  }

  get(path) {
    return JSON.parse(this.#asked((read) => read.get(text("path", path))));
  }

  text(path) {
    return this.#asked((read) => read.text(text("path", path)));
  }

  toJSON() {
    return JSON.parse(this.#asked((read) => read.form()));
  }

  explain(name) {
    return this.#asked((read) => read.explain(text("name", name)));
  }

  [INSPECT](...how) {
    const { compute, apiVersion, absent } = this;
    const { name, vmId, location, vmSize } = compute;
    const more = { apiVersion, absent: absent.length ? absent : undefined };
    return briefly("Instance", { name, vmId, location, vmSize, ...more }, ...how);
  }

  /** Asks the answer as the module read it: once, when it is first asked. Few are. */
  #asked(ask) {
    return asking(() => ask((this.#read ??= read(this.json, this.apiVersion))));
  }
}

function read(json, apiVersion) {
  return asking(() => new native.ReadInstance(json, apiVersion));
}

/** The tags of a VM, in the order of the answer. */
export class Tags {
  #form;

  constructor(mark, { pairs, source, form }) {
    onlyHere(mark, "Tags");
    this.#form = form;
    this.pairs = frozen(pairs.map(({ name, value }) => [name, value]));
    this.source = source;
    Object.freeze(this);
  }

  toJSON() {
    return JSON.parse(this.#form);
  }

  get(name) {
    return native.tagValue(this.pairs.flat(), text("name", name));
  }

  has(name) {
    return this.get(name) !== undefined;
  }

  [Symbol.iterator]() {
    return this.pairs[Symbol.iterator]();
  }
}

/** An access token. What it shows of itself is without the token. */
export class AccessToken {
  #form;
  #secret;
  #text;

  constructor(mark, { form, secret, text: shown, ...members }) {
    onlyHere(mark, "AccessToken");
    this.#form = form;
    this.#secret = secret;
    this.#text = shown;
    Object.assign(this, frozen(members));
    Object.freeze(this);
  }

  get secret() {
    return this.#secret;
  }

  toString() {
    return this.#text;
  }

  toJSON() {
    return JSON.parse(this.#form);
  }
}

/** The values of calls, out of what the WebAssembly module gives. */
export const SHAPES = {
  instance: (plain) => new Instance(MADE_HERE, plain),
  get: (json) => JSON.parse(json),
  text: (value) => value,
  tags: (plain) => new Tags(MADE_HERE, plain),
  attestedDocument,
  token: (plain) => new AccessToken(MADE_HERE, plain),
  identityInfo: formed,
  scheduledEvents: withAnswer,
  approve: () => undefined,
  loadBalancer: withAnswer,
  versions: withAnswer,
  availability,
  diagnose: ({ findings, instance, error, availability: found, ...members }) =>
    formed({
      findings: findings.map(formed),
      ...members,
      availability: availability(found),
      instance: instance && new Instance(MADE_HERE, instance),
      error: error && made(error),
    }),
};

/** The fields of a name, as Microsoft documents them. */
export function explain(name) {
  return Object.freeze(native.explain(text("name", name)).map(formed));
}

/** The cloud that `azEnvironment` names. */
export function cloudOf(azEnvironment) {
  return optional((name, value) => native.cloudOf(text(name, value)), "azEnvironment", azEnvironment);
}

/** Whether the UUID that the machine's own SMBIOS shows is this `vmId`. */
export function vmIdMatches(vmId, smbios) {
  return native.vmIdMatches(text("vmId", vmId), text("smbios", smbios));
}

/** Whether an event happens to the machine of this name. */
export function eventAffects(event, vmName) {
  return native.eventAffects([...event.resources], text("vmName", vmName));
}

function availability({ reason, ...members }) {
  return formed({ ...members, reason: reason && made(reason) });
}

function withAnswer({ json, ...members }) {
  return formed(hidden(members, "json", json));
}

/** A value that can't be changed, with its JSON form, which the core has written. */
function formed(value) {
  const { form } = value;
  delete value.form;
  return frozen(hidden(value, "toJSON", () => JSON.parse(form)));
}

function onlyHere(mark, name) {
  if (mark !== MADE_HERE) throw new TypeError(`only a call makes ${name}`);
}
