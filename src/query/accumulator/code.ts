/** `$accumulator`: code that collects. */
import { Doc } from "../../bson/doc.ts";
import { printValue } from "../../bson/print-value.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { sourceOf } from "../code.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileExpression, compileStageExpression } from "../expression.ts";
import type { CompileAccumulator } from "./accumulation.ts";

const required = ["init", "accumulate", "merge", "accumulateArgs"] as const;
const sources = ["init", "accumulate", "merge", "finalize"] as const;
const others = ["initArgs", "accumulateArgs", "lang"] as const;
const known: ReadonlySet<string> = new Set([...sources, ...others]);
const codeOfMissing = { init: 0, accumulate: 1, merge: 2, accumulateArgs: 3 } as const;

export const compileCodeAccumulator: CompileAccumulator = (operand, environment, name) => {
  const { code } = environment;
  if (code === undefined) throw new MongoError(2, `${name} is not allowed in this context`);
  if (!(operand instanceof Doc))
    throw new MongoError(
      4_544_703,
      `$accumulator expects an object as an argument; found: ${typeName(operand)}`,
    );
  const texts = readSources(operand, environment);
  for (const each of required)
    if (operand.get(each) === undefined)
      throw new MongoError(
        4_544_707 + codeOfMissing[each],
        `$accumulator missing required argument '${each}'`,
      );
  const initArgs = compileStageExpression(operand.get("initArgs") ?? [], environment);
  const given = compileStageExpression(operand.get("accumulateArgs") as Value, environment);
  const start = code.compileAccumulator({
    init: texts.get("init") as string,
    accumulate: texts.get("accumulate") as string,
    finalize: texts.get("finalize"),
  });
  return {
    evaluate: (doc) => mustBeArray(given.evaluate(doc), "accumulateArgs", 4_544_712),
    start(groupId) {
      const root = groupId instanceof Doc ? groupId : Doc.empty;
      const running = start(
        mustBeArray(initArgs.evaluate(root), "initArgs", 4_544_711) as readonly Value[],
      );
      return {
        add(args) {
          running.add(args as readonly Value[]);
        },
        result: () => running.result(),
      };
    },
    keepsValues: false,
    usesGroupId: initArgs.constant === undefined,
  };
};

/** @throws {MongoError} 4544701 to 4544706 for what is wrong with an argument, in the order in which they stand */
function readSources(operand: Doc, environment: QueryEnvironment): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of operand.entries()) {
    if (!known.has(key))
      throw new MongoError(4_544_706, `$accumulator got an unexpected field: ${key}`);
    if (key === "lang") mustBeJavascript(value);
    else if ((sources as readonly string[]).includes(key))
      texts.set(key, readSource(key, value, environment));
  }
  return texts;
}

function readSource(name: string, value: Value, environment: QueryEnvironment): string {
  const { constant } = compileExpression(value, environment);
  if (constant === undefined)
    throw new MongoError(4_544_701, `$accumulator '${name}' must be a constant expression`);
  const source = sourceOf(constant.value);
  if (source === undefined)
    throw new MongoError(4_544_702, `$accumulator '${name}' must be a String or Code`);
  return source;
}

function mustBeJavascript(language: Value): void {
  if (typeof language !== "string")
    throw new MongoError(
      4_544_704,
      `$accumulator lang must be a string; found: ${typeName(language)}`,
    );
  if (language !== "js") throw new MongoError(4_544_705, "$accumulator only supports lang: 'js'");
}

function mustBeArray(value: Value | undefined, name: string, code: number): Value {
  if (isArray(value)) return value;
  throw new MongoError(
    code,
    `$accumulator ${name} must evaluate to an array: ${value === undefined ? "MISSING" : printValue(value)}`,
  );
}
