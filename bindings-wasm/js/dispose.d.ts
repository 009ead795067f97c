// What `await using` calls at the end of its block.

declare global {
  /** As the language has it since 2025: here too for a `lib` of TypeScript that lacks it. */
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/** `Symbol.asyncDispose`; where this Node is older than that, the one that compilers and polyfills make of it. */
export const ASYNC_DISPOSE: symbol;
