// What callers give, as the WebAssembly module takes it. Whatever makes no sense is a UsageError with a remedy.

import { AttestedDocument } from "./attested.js";
import { UsageError } from "./errors.js";
import { hex } from "./shown.js";

/** The caller does not check the nonce, and says so. */
export const NONCE_NOT_CHECKED = Symbol.for("azure-imds: nonce not checked");

/** Judge the chain at the time at which the document says it was created. For archives, never for admission. */
export const AT_SIGNING_TIME = Symbol.for("azure-imds: at signing time");

const LATEST = 253_402_300_799; // 9999-12-31T23:59:59Z
const HOUR_MS = 60 * 60 * 1000;
const CERTIFICATES = "PEM as text or bytes, one certificate in DER as bytes, or several of these";

/**
 * The options of a call, with nothing in them that is not one: a misspelt one would switch a check off unseen.
 *
 * Each is read once, also those that an object has from its class. What comes is a copy that inherits nothing.
 */
export function options(given, known) {
  const read = Object.create(null);
  if (given === undefined) return read;
  if (given === null || typeof given !== "object" || Array.isArray(given)) {
    throw ofType("the options", given, `an object with some of: ${known.join(", ")}`);
  }
  for (const name of names(given, known)) {
    if (!known.includes(name)) throw ofValue("the option", name, `only ${known.join(", ")}`);
    read[name] = given[name];
  }
  return read;
}

/** A copy of an object with all its members, those that it has from its class among them. Each is read once. */
export function members(given) {
  const read = Object.create(null);
  for (const name of names(given, [])) read[name] = given[name];
  return read;
}

/**
 * The names of an object's members, those that it inherits from a class or another object among them.
 *
 * What all objects inherit is not the caller's: an option that somebody has put there would be one of every call.
 */
function names(given, known) {
  const found = new Set();
  for (let object = given; object !== null; object = Object.getPrototypeOf(object)) {
    if (object !== given && isRoot(object)) {
      const name = known.find((it) => !found.has(it) && Object.hasOwn(object, it));
      if (name === undefined) break;
      const told = `the option ${name} is inherited from Object.prototype; remove it there, or give it with the others`;
      throw new UsageError(told, { code: "argument_value" });
    }
    for (const name of Reflect.ownKeys(object)) {
      if (name !== "constructor" || object === given) found.add(name);
    }
  }
  return found;
}

/** Whether an object is the `Object.prototype` of this realm or another one. */
function isRoot(object) {
  return Object.getPrototypeOf(object) === null && Object.hasOwn(object, "hasOwnProperty");
}

/** The document as it came, or as a client gave it. */
export function documentBytes(given) {
  const document = given instanceof AttestedDocument ? given.text : given;
  if (typeof document === "string") return new TextEncoder().encode(document);
  const bytes = asBytes("the document", document);
  if (bytes !== undefined) return bytes;
  if (document !== null && typeof document === "object") {
    throw ofType("the document", document, "the text of the answer as it came, not decoded JSON");
  }
  throw ofType("the document", document, "the answer of /metadata/attested/document as text or bytes");
}

/** Unix time in whole seconds, or that it is the signing time. */
export function moment(now) {
  if (now === AT_SIGNING_TIME) return "signing_time";
  const time = now === undefined || now === null ? Date.now() : timeOf(now);
  if (time === undefined) throw ofType("now", now, "a Date, AT_SIGNING_TIME, or nothing for this machine's clock");
  const seconds = Math.floor(time / 1000);
  if (!(seconds >= 0 && seconds <= LATEST)) throw ofValue("now", now, "a Date from 1970 to 9999");
  return seconds;
}

/** The milliseconds of a `Date` of any realm; undefined for anything else. */
function timeOf(value) {
  try {
    return Reflect.apply(Date.prototype.getTime, value, []);
  } catch {
    return undefined; // It has no time in it: it is not a Date.
  }
}

/** What a caller expects of a document, as the module takes it. */
export function expectations({ nonce, clouds = ["public"], skew, maxAge, vmId, subscriptionId, sku, plan }) {
  if (nonce === undefined || nonce === null) {
    const remedy = "give the one the document was asked with, or NONCE_NOT_CHECKED";
    throw new UsageError(`the nonce is missing; ${remedy}`, { code: "nonce_empty" });
  }
  return {
    nonce: nonce === NONCE_NOT_CHECKED ? null : text("nonce", nonce),
    nonceNotChecked: nonce === NONCE_NOT_CHECKED,
    clouds: texts("clouds", clouds),
    skew: seconds("skew", skew) ?? null,
    maxAge: seconds("maxAge", maxAge) ?? null,
    vmId: optional(text, "vmId", vmId) ?? null,
    subscriptionId: optional(text, "subscriptionId", subscriptionId) ?? null,
    sku: optional(text, "sku", sku) ?? null,
    plan: optional(planParts, "plan", plan) ?? null,
  };
}

/** Several texts. */
export function texts(name, values) {
  if (typeof values === "string" || !isIterable(values)) throw ofType(name, values, `several texts: ${name}: [...]`);
  return [...values].map((value) => text(name, value));
}

/** SHA-256 digests, as text for the module to read. */
export function fingerprints(name, values) {
  if (typeof values === "string" || isBytes(values) || !isIterable(values)) {
    throw ofType(name, values, `several digests: ${name}: [...]`);
  }
  return [...values].map((value, index) => {
    const item = `${name}, item ${index + 1}`;
    const bytes = asBytes(item, value);
    return bytes ? hex(bytes) : text(item, value);
  });
}

/** A function to call. */
export function callback(name, value) {
  if (typeof value !== "function") throw ofType(name, value, "a function");
  return value;
}

/** Bundles of certificates, each as the module reads it. */
export function bundles(name, given) {
  const items = typeof given === "string" || isBytes(given) ? [given] : given;
  if (!isIterable(items)) throw ofType(name, given, CERTIFICATES);
  return [...items].map((item, index) => bundle(`${name}, item ${index + 1}`, item));
}

/** One bundle: PEM or DER. */
export function bundle(name, item) {
  const bytes = typeof item === "string" ? new TextEncoder().encode(item) : asBytes(name, item);
  if (bytes === undefined) throw ofType(name, item, CERTIFICATES);
  return bytes;
}

/** True or false. */
export function flag(name, value) {
  if (typeof value !== "boolean") throw ofType(name, value, "true or false");
  return value;
}

/** An argument of a type that makes no sense there. */
export function ofType(name, value, remedy) {
  const type = value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
  return new UsageError(`${name} is of type ${type}; give ${remedy}`, { code: "argument_type" });
}

/** An argument of the right type, and out of range or ambiguous. */
export function ofValue(name, value, remedy) {
  return new UsageError(`${name} is "${quote(String(value))}"; give ${remedy}`, { code: "argument_value" });
}

/** Bounds and escapes text as the core does. Whatever loads a WebAssembly module hands this in. */
let quote;

export function quoteBy(quoted) {
  quote = quoted;
}

/** Milliseconds that are not negative; undefined for the default. */
export function milliseconds(name, value) {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number") throw ofType(name, value, "milliseconds as a number");
  if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) throw ofValue(name, value, "milliseconds from 0");
  return Math.round(value);
}

/** A span of time in seconds, as milliseconds of at least one. */
export function inMilliseconds(name, value) {
  if (typeof value !== "number") throw ofType(name, value, "seconds as a number");
  const ms = Math.round(value * 1000);
  if (!(ms >= 1 && ms <= HOUR_MS)) throw ofValue(name, value, "seconds, more than 0 and at most 3600");
  return ms;
}

/** A whole number from `least` to `most`; undefined for the default. */
export function count(name, value, most, least = 0) {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number") throw ofType(name, value, "a whole number");
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw ofValue(name, value, `a whole number from ${least} to ${most}`);
  }
  return value;
}

/** Something to call off by. */
export function abortSignal(value) {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "object" || typeof value.addEventListener !== "function" || !("aborted" in value)) {
    throw ofType("signal", value, "an AbortSignal");
  }
  return value;
}

/** Text that has a form in UTF-8. */
export function text(name, value) {
  if (typeof value !== "string") throw ofType(name, value, "a text");
  if (/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(value)) {
    throw ofValue(name, value, "text without lone surrogates");
  }
  return value;
}

function seconds(name, value) {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number") throw ofType(name, value, "whole seconds as a number");
  if (!Number.isSafeInteger(value) || value < 0) throw ofValue(name, value, "whole seconds that are not negative");
  return value;
}

function planParts(name, value) {
  if (typeof value !== "object") throw ofType(name, value, "{ name, product, publisher }");
  const { name: plan, product, publisher } = options(value, ["name", "product", "publisher"]);
  return {
    name: text("the plan's name", plan),
    product: text("the plan's product", product),
    publisher: text("the plan's publisher", publisher),
  };
}

/** What is read if it is given at all. */
export function optional(read, name, value) {
  return value === undefined || value === null ? undefined : read(name, value);
}

/** A copy of bytes that the caller may write over or hand on meanwhile; undefined if it is something else. */
export function asBytes(name, value) {
  if (!isBytes(value)) return undefined;
  try {
    return new Uint8Array(ArrayBuffer.isView(value) ? value : new Uint8Array(value));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const told = `the bytes of ${name} are no longer there: their buffer was transferred or made smaller; give a copy`;
    throw new UsageError(told, { code: "argument_value", cause: error });
  }
}

/** Whether something is a `Uint8Array` or an `ArrayBuffer`, whatever realm made it. */
function isBytes(value) {
  if (ArrayBuffer.isView(value)) return Reflect.apply(VIEW, value, []) === "Uint8Array";
  try {
    return Reflect.apply(BUFFER, value, []) >= 0;
  } catch {
    return false;
  }
}

/** The getters read what is inside an object, of any realm, and can't be deceived by its members. */
const VIEW = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;
const BUFFER = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength").get;

/** The fields of a head as names and values one after the other, out of pairs. */
export function headerFields(name, given) {
  if (given === undefined || given === null) return [];
  const remedy = "pairs of a name and a value: [[name, value], ...]";
  if (typeof given === "string" || !isIterable(given)) throw ofType(name, given, remedy);
  return [...given].flatMap((pair, index) => {
    if (!Array.isArray(pair) || pair.length !== 2) throw ofType(`${name}, item ${index + 1}`, pair, remedy);
    return pair.map((it) => text(`${name}, item ${index + 1}`, String(it)));
  });
}

/** A value as JSON. */
export function json(name, value) {
  let written;
  try {
    written = JSON.stringify(value);
  } catch (error) {
    throw new UsageError(`${name} can't be written as JSON: ${error.message}`, {
      code: "argument_value",
      cause: error,
    });
  }
  if (written === undefined) throw ofType(name, value, "what can be written as JSON");
  return written;
}

/** Whether there is something to go through. */
export function isIterable(value) {
  return value !== null && value !== undefined && typeof value[Symbol.iterator] === "function";
}
