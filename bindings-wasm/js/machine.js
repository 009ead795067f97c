// What an emulator is made of: objects and JSON, read by the WebAssembly module.

import { json, ofType } from "./arguments.js";

/** A configuration as the module reads it: JSON, and whether it is a file to be pointed into. */
export function configuration(machine) {
  if (machine === undefined || machine === null) return ["{}", false];
  if (typeof machine === "string") return [machine, true];
  if (typeof machine !== "object" || Array.isArray(machine)) {
    throw ofType("the machine", machine, "an object, or the text of a JSON file");
  }
  return [json("the machine", machine), false];
}

/** Changes as the module reads them. */
export function changes(given) {
  if (given === null || typeof given !== "object" || Array.isArray(given)) {
    throw ofType("the changes", given, "an object");
  }
  return json("the changes", given);
}
