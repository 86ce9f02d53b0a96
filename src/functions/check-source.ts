/** The check of a function's source when it is deployed: whether it can be compiled, and what will not work. */
import { compileFunction } from "node:vm";

export interface SourceProblem {
  /** As in `FunctionSyntaxError` of the original: what is wrong, and where. */
  readonly message: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Warnings do not keep a deployment from going live. */
  readonly severity: "error" | "warning";
}

/** Sources are compiled where requests are served: a bigger one would hold them up. */
const sourceLengthMax = 2 ** 20;

/** Names that a source finds; one that declares them again is no error. */
const extended =
  /\b(Object|Function|Array|String|Number|Boolean|Date|Promise|RegExp|Map|Set|Error)\.prototype\.([A-Za-z_$][\w$]*)\s*=(?!=)/;

/** Compiles a source without running any of it. @param name of the function, for the message */
export function checkSource(name: string, source: string): readonly SourceProblem[] {
  if (source.length > sourceLengthMax)
    return [at(1, 1, `the source of '${name}' has more than ${sourceLengthMax} characters`)];
  try {
    compileFunction(source, [], { filename: "source.js" });
  } catch (cause) {
    return [toProblem(name, cause)];
  }
  const found = extended.exec(source);
  if (found === null) return [];
  const before = source.slice(0, found.index).split("\n");
  const [, type = "", property = ""] = found;
  // The calls of a host share JavaScript's own objects, which therefore can not be changed.
  const message = `${type}.prototype.${property} can not be set in a function: use a function of your own instead`;
  return [{ ...at(before.length, (before.at(-1) ?? "").length + 1, message), severity: "warning" }];
}

function toProblem(name: string, cause: unknown): SourceProblem {
  const message = cause instanceof Error ? cause.message : String(cause);
  const stack = cause instanceof Error ? (cause.stack ?? "") : "";
  // V8 prints the place, the line and a mark below it before anything else.
  const [place = "", , mark = ""] = stack.split("\n");
  const line = Number(/:(\d+)$/.exec(place)?.[1] ?? 1);
  const column = mark.indexOf("^") + 1;
  return at(
    line,
    Math.max(1, column),
    `function '${name}' can not be compiled: ${message} (line ${line})`,
  );
}

function at(line: number, column: number, message: string): SourceProblem {
  return { message, line, column, severity: "error" };
}
