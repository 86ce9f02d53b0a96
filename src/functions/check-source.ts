/** The check of a function's source when it is deployed: whether it can be compiled, and what will not work. */
import type { FunctionConfig } from "../config/app-config.ts";
import { convertSource } from "./convert-source.ts";
import { type Failure, failureOf } from "./script-failure.ts";

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

/** Compiles a script without running any of it. @param name of the function, for the message */
export function checkSource(name: string, source: string): readonly SourceProblem[] {
  if (source.length > sourceLengthMax)
    return [at(1, 1, `the source of '${name}' has more than ${sourceLengthMax} characters`)];
  const failure = failureOf(source);
  return failure === undefined ? findExtended(source) : [toProblem(name, failure)];
}

/** The same for a function, which may also be an ES module, and written in TypeScript. */
export async function checkFunctionSource({
  name,
  source,
  language,
}: Pick<FunctionConfig, "name" | "source" | "language">): Promise<readonly SourceProblem[]> {
  const found = checkSource(name, source);
  if (source.length > sourceLengthMax || failureOf(source) === undefined) return found;
  const converted = await convertSource(source);
  if (converted.kind === "script") return findExtended(source);
  const { problem, isModule } = converted;
  // Of a plain script, it is the engine that says best what is wrong.
  if (language !== "typescript" && !isModule) return found;
  const { line, column, message } = problem;
  return [at(line, column, `function '${name}' can not be compiled: ${message} (line ${line})`)];
}

function findExtended(source: string): readonly SourceProblem[] {
  const found = extended.exec(source);
  if (found === null) return [];
  const before = source.slice(0, found.index).split("\n");
  const [, type = "", property = ""] = found;
  // The calls of a host share JavaScript's own objects, which therefore can not be changed.
  const message = `${type}.prototype.${property} can not be set in a function: use a function of your own instead`;
  return [{ ...at(before.length, (before.at(-1) ?? "").length + 1, message), severity: "warning" }];
}

function toProblem(name: string, { message, line, column }: Failure): SourceProblem {
  return at(line, column, `function '${name}' can not be compiled: ${message} (line ${line})`);
}

function at(line: number, column: number, message: string): SourceProblem {
  return { message, line, column, severity: "error" };
}
