// What callers give, as the WebAssembly module takes it. Whatever makes no sense is a UsageError with a remedy.

import { AttestedDocument } from "./attested.js";
import { UsageError } from "./errors.js";

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
 * What comes is a copy that inherits nothing: an option that somebody has put into `Object.prototype` is none of the
 * caller's.
 */
export function options(given, known) {
  const read = Object.create(null);
  if (given === undefined) return read;
  if (given === null || typeof given !== "object" || Array.isArray(given)) {
    throw ofType("the options", given, `an object with some of: ${known.join(", ")}`);
  }
  for (const name of names(given)) {
    if (!known.includes(name)) throw ofValue("the option", name, `only ${known.join(", ")}`);
    read[name] = given[name];
  }
  return read;
}

/** The names of an object's members, those that it inherits from a class or another object among them. */
function names(given) {
  const found = new Set();
  for (let object = given; object !== null; object = Object.getPrototypeOf(object)) {
    const parent = Object.getPrototypeOf(object);
    // What everything inherits from, be it of another realm.
    if (object !== given && parent === null && Object.hasOwn(object, "hasOwnProperty")) break;
    for (const name of Reflect.ownKeys(object)) {
      if (name !== "constructor" || object === given) found.add(name);
    }
  }
  return found;
}

/** The document as it came, or as a client gave it. */
export function documentBytes(given) {
  const document = given instanceof AttestedDocument ? given.text : given;
  if (typeof document === "string") return new TextEncoder().encode(document);
  const bytes = asBytes(document);
  if (bytes !== undefined) return bytes;
  if (document !== null && typeof document === "object") {
    throw ofType("the document", document, "the text of the answer as it came, not decoded JSON");
  }
  throw ofType("the document", document, "the answer of /metadata/attested/document as text or bytes");
}

/** Unix time in whole seconds, or that it is the signing time. */
export function moment(now) {
  if (now === AT_SIGNING_TIME) return "signing_time";
  const time = now === undefined || now === null ? Date.now() : now instanceof Date ? now.getTime() : undefined;
  if (time === undefined) throw ofType("now", now, "a Date, AT_SIGNING_TIME, or nothing for this machine's clock");
  const seconds = Math.floor(time / 1000);
  if (!(seconds >= 0 && seconds <= LATEST)) throw ofValue("now", now, "a Date from 1970 to 9999");
  return seconds;
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
  if (typeof values === "string" || asBytes(values) !== undefined || !isIterable(values)) {
    throw ofType(name, values, `several digests: ${name}: [...]`);
  }
  return [...values].map((value, index) => {
    const bytes = asBytes(value);
    return bytes ? Array.from(bytes, hex).join("") : text(`${name}, item ${index + 1}`, value);
  });
}

/** A function to call. */
export function callback(name, value) {
  if (typeof value !== "function") throw ofType(name, value, "a function");
  return value;
}

/** Bundles of certificates, each as the module reads it. */
export function bundles(name, given) {
  const items = typeof given === "string" || asBytes(given) !== undefined ? [given] : given;
  if (!isIterable(items)) throw ofType(name, given, CERTIFICATES);
  return [...items].map((item, index) => bundle(`${name}, item ${index + 1}`, item));
}

/** One bundle: PEM or DER. */
export function bundle(name, item) {
  const bytes = typeof item === "string" ? new TextEncoder().encode(item) : asBytes(item);
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

function hex(byte) {
  return byte.toString(16).padStart(2, "0");
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

/** Bytes, if that is what it is. */
export function asBytes(value) {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return undefined;
}

/** Whether there is something to go through. */
export function isIterable(value) {
  return value !== null && value !== undefined && typeof value[Symbol.iterator] === "function";
}
