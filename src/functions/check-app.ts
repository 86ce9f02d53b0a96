/** What is wrong with an app's functions and with who may call what, before any of it is live. */
import type { AppConfig, Expression, FunctionConfig, Origin } from "../config/app-config.ts";
import type { Problem } from "../config/app-problem.ts";
import { sourceFile } from "../config/source-file.ts";
import { createPacer } from "../kit/pacer.ts";
import { compileExpression } from "../rules/expressions.ts";
import { checkFunctionSource, checkSource } from "./check-source.ts";

/** Compiles all sources and conditions; nothing of the app runs. */
export async function checkFunctions(
  config: AppConfig,
): Promise<{ readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] }> {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const pacer = createPacer();
  for (const made of config.functions.values()) {
    for (const { severity, message, line, column } of await checkFunctionSource(made)) {
      const problem = { file: sourcePathOf(config, made), path: "", line, column, message };
      (severity === "error" ? problems : warnings).push(problem);
    }
    if (pacer.due(8)) await pacer.rest();
  }
  for (const part of [...config.functions.values(), config.dataApi]) {
    if (part?.runAs.kind !== "script") continue;
    for (const { severity, message } of checkSource(
      "run_as_user_id_script_source",
      part.runAs.source,
    ))
      if (severity === "error")
        problems.push({ ...placeOf(part.origin, "run_as_user_id_script_source"), message });
  }
  for (const part of [...config.functions.values(), ...config.endpoints, config.dataApi])
    problems.push(...checkCondition(part?.canEvaluate, part?.origin));
  return { problems, warnings };
}

function checkCondition(
  condition: Expression | undefined,
  origin: Origin | undefined,
): readonly Problem[] {
  const found: Problem[] = [];
  if (condition !== undefined)
    compileExpression(condition, "call", ({ path, message }) => {
      found.push({ ...placeOf(origin, "can_evaluate", ...path), message });
    });
  return found;
}

function placeOf(
  origin: Origin | undefined,
  ...steps: readonly (string | number)[]
): Pick<Problem, "file" | "path"> {
  const path = [...(origin?.path ?? []), ...steps]
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("");
  return { file: origin?.file.path ?? "", path: path.replace(/^\./, "") };
}

/** In directories of before 20210101 each function has a folder of its own. */
function sourcePathOf({ files }: AppConfig, made: FunctionConfig): string {
  const path = sourceFile(made);
  const former = made.origin?.file.path.replace(/config\.json$/, "source.js");
  return !files.has(path) && former !== undefined && files.has(former) ? former : path;
}
