// What an emulator is made of: objects and JSON, read by the WebAssembly module.

import { ofType } from "./arguments.js";

export const NO_LIMITS = { perSecond: 0, identityPerSecond: 0, identityConcurrent: 0 };

/** A configuration as the module reads it: JSON, and whether it is a file to be pointed into. */
export function configuration(machine) {
  if (machine === undefined || machine === null) return ["{}", false];
  if (typeof machine === "string") return [machine, true];
  if (typeof machine !== "object" || Array.isArray(machine)) {
    throw ofType("the machine", machine, "an object, or the text of a JSON file");
  }
  return [JSON.stringify(machine), false];
}

/** The old with the new laid over it: objects are merged, everything else is replaced. */
export function merged(old, changes) {
  if (!isObject(old) || !isObject(changes)) return changes;
  const both = Object.entries(changes).map(([key, value]) => [key, merged(old[key], value)]);
  return { ...old, ...Object.fromEntries(both) };
}

function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
