/** Why a script can not be compiled. */
import { compileFunction } from "node:vm";

export interface Failure {
  readonly message: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** Compiles a script without running any of it. @returns undefined where nothing is wrong */
export function failureOf(script: string): Failure | undefined {
  try {
    compileFunction(script, [], { filename: "source.js" });
    return undefined;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const stack = cause instanceof Error ? (cause.stack ?? "") : "";
    // V8 prints the place, the line and a mark below it before anything else.
    const [place = "", , mark = ""] = stack.split("\n");
    const line = Number(/:(\d+)$/.exec(place)?.[1] ?? 1);
    return { message, line, column: Math.max(1, mark.indexOf("^") + 1) };
  }
}
