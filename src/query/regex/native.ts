/**
 * V8's regular expressions: its backtracking engine, and the one that takes linear time, which the flag l asks for.
 *
 * V8 can also change over by itself after so many backtracks, but it does not count all of them: 50 `a?` before 50 `a`
 * run for half a minute. So the choice is made in `engine.ts`.
 */
import v8 from "node:v8";

// Only lets the flag l be written; nothing else changes in the process.
v8.setFlagsFromString("--enable-experimental-regexp-engine");

/** Compiles for the backtracking engine; undefined when the pattern is too big for it. */
export function compileNative(source: string): RegExp | undefined {
  return compile(source, "g");
}

/** Compiles for the linear engine; undefined when it can not run the pattern, or V8 has no such engine. */
export function compileLinear(source: string): RegExp | undefined {
  return compile(source, "gl");
}

function compile(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}
