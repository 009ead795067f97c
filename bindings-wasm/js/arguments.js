// What callers give, as the WebAssembly module takes it. Whatever makes no sense is a UsageError with a remedy.

import { AttestedDocument } from "./attested.js";
import { UsageError } from "./errors.js";

/** The caller does not check the nonce, and says so. */
export const NONCE_NOT_CHECKED = Symbol.for("azure-imds: nonce not checked");

/** Judge the chain at the time at which the document says it was created. For archives, never for admission. */
export const AT_SIGNING_TIME = Symbol.for("azure-imds: at signing time");

const HOUR_MS = 60 * 60 * 1000;
const CERTIFICATES = "PEM as text or bytes, one certificate in DER as bytes, or several of these";

/**
 * The options of a call, with nothing in them that is not one: a misspelt one would switch a check off unseen. Each is
 * read once, also those that an object has from its class. What comes is a copy that inherits nothing.
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

/** A value as the module reads it: a copy of the caller's, of values of this realm. What it means is for the core to say. */
export function plain(name, value, levels = 3) {
  if (typeof value === "string") return text(name, value);
  if (value === null || typeof value !== "object") return value;
  const bytes = asBytes(name, value);
  if (bytes !== undefined) return bytes;
  const time = timeOf(value);
  if (time !== undefined) return new Date(time);
  if (levels === 0) return {};
  if (isIterable(value)) return Array.from(value, (it, at) => plain(`${name}, item ${at + 1}`, it, levels - 1));
  const read = Object.entries(members(value));
  return Object.fromEntries(read.map(([key, it]) => [key, plain(`the ${name}'s ${key}`, it, levels - 1)]));
}

/** Options as the module reads them, of which some may be left out, and not be null. */
export function plainly(options, something = []) {
  const read = Object.entries(options).map(([name, value]) => {
    if (value === null && something.includes(name)) throw ofType(name, value, "a value, or undefined for the default");
    return [name, plain(name, value)];
  });
  return Object.fromEntries(read);
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

/** The milliseconds of a `Date` of any realm; undefined for anything else. */
function timeOf(value) {
  try {
    return Reflect.apply(Date.prototype.getTime, value, []);
  } catch {
    return undefined; // It has no time in it: it is not a Date.
  }
}

/** Several texts. */
export function texts(name, values) {
  if (typeof values === "string" || !isIterable(values)) throw ofType(name, values, `several texts: ${name}: [...]`);
  return [...values].map((value) => text(name, value));
}

/** A function to call. */
export function callback(name, value) {
  if (typeof value !== "function") throw ofType(name, value, "a function");
  return value;
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
