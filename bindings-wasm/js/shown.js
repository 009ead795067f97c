// How values show themselves: in JSON, and where Node prints them. In short, and never their bytes.

/** What `util.inspect` of Node, and so `console.log`, asks an object for. */
export const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** A value of a class as a few of its members. */
export function briefly(name, members, depth, options, inspect) {
  if (depth < 0) return `[${name}]`;
  const told = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
  return `${name} ${inspect(told, { ...options, depth: options.depth === null ? null : options.depth - 1 })}`;
}

/** An object with a member that is made when it is first looked at. */
export function lazily(object, name, make) {
  let made;
  const get = () => (made ??= make());
  return Object.defineProperty(object, name, { get, enumerable: true, configurable: true });
}

/** An object with a member that is not among those that are listed. */
export function hidden(object, name, value) {
  return Object.defineProperty(object, name, { value });
}

/** An object that has bytes: in JSON they are hexadecimal, and where Node prints it their number. */
export function withBytes(object) {
  return Object.defineProperties(object, WITH_BYTES);
}

const WITH_BYTES = {
  toJSON: {
    value() {
      return replaced(this, hex);
    },
  },
  [INSPECT]: {
    value(depth, options, inspect) {
      return depth < 0 ? "[Object]" : inspect(replaced(this, counted), options);
    },
  },
};

function replaced(object, change) {
  const members = Object.entries(object).map(([name, value]) => {
    return [name, value instanceof Uint8Array ? change(value) : value];
  });
  return Object.fromEntries(members);
}

/** Bytes in hexadecimal, lower case. */
export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function counted(bytes) {
  return { [INSPECT]: () => `<${bytes.length} bytes>` };
}
