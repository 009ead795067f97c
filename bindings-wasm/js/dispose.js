// What `await using` calls at the end of its block.

/** `Symbol.asyncDispose`; where this Node is older than that, the one that compilers and polyfills make of it. */
export const ASYNC_DISPOSE = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");
