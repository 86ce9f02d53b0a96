/** `$$` variables, `$let` and `$literal`. */
import type { Doc } from "../../bson/doc.ts";
import { isArray, Timestamp, typeOf, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { QueryEnvironment } from "../environment.ts";
import { arrayAsDoc } from "../array-doc.ts";
import { checkNewVariableName, checkVariableName } from "../variable-name.ts";
import { followPath, splitFieldPath } from "./field-path.ts";
import { constantOf, type CompileOperator, type Evaluate, type Frame } from "./operator.ts";

/** Variables that an expression defines around the place that is being compiled, innermost first. */
export interface Scope {
  readonly name: string;
  readonly slot: number;
  readonly outer: Scope | undefined;
}

/**
 * Compiles `"$path"` or `"$$name.path"`.
 *
 * @throws {MongoError} 17276 for a variable that nobody defined, and for ill-formed names and paths
 */
export function compileReference(
  text: string,
  environment: QueryEnvironment,
  scope: Scope | undefined,
): Evaluate {
  if (text === "$") throw new MongoError(16872, "'$' by itself is not a valid FieldPath");
  if (!text.startsWith("$$")) {
    const parts = splitFieldPath(text.slice(1));
    return atPath(readVariable("CURRENT", environment, scope), parts);
  }
  const path = text.slice(2);
  const dot = path.indexOf(".");
  const name = dot < 0 ? path : path.slice(0, dot);
  checkVariableName(name);
  const read = readVariable(name, environment, scope);
  return atPath(read, splitFieldPath(path).slice(1));
}

function atPath(read: Evaluate, parts: readonly string[]): Evaluate {
  if (parts.length === 0) return read;
  if (read.constant !== undefined) return constantOf(followPath(read.constant.value, parts));
  const [only] = parts;
  if (parts.length > 1 || only === undefined) return (frame) => followPath(read(frame), parts);
  // The commonest expression of all.
  return (frame) => {
    const from = read(frame);
    if (typeof from === "object" && from !== null && !isArray(from) && from.bsonType === 3)
      return from.get(only);
    return followPath(from, parts);
  };
}

function readVariable(
  name: string,
  environment: QueryEnvironment,
  scope: Scope | undefined,
): Evaluate {
  for (let at = scope; at !== undefined; at = at.outer) {
    const { slot } = at;
    if (at.name === name) return (frame) => frame.slots[slot];
  }
  const builtin = builtins.get(name);
  if (builtin !== undefined) return builtin(environment);
  const { variables } = environment;
  if (!variables.has(name)) throw new MongoError(17276, `Use of undefined variable: ${name}`);
  return () => variables.get(name);
}

const readRoot = (frame: Frame): Value => frame.root;
const readCurrent = (frame: Frame): Value => frame.current;

const builtins: ReadonlyMap<string, (environment: QueryEnvironment) => Evaluate> = new Map([
  ["ROOT", (): Evaluate => readRoot],
  ["CURRENT", (): Evaluate => readCurrent],
  ["REMOVE", (): Evaluate => constantOf(undefined)],
  ["NOW", ({ now }: QueryEnvironment): Evaluate => constantOf(now)],
  [
    "CLUSTER_TIME",
    // Atlas: the cluster's logical clock; one node has none, so it is the second of the request.
    ({ now }: QueryEnvironment): Evaluate =>
      constantOf(new Timestamp(Math.floor(Number(now.ms) / 1000), 1)),
  ],
  ["JS_SCOPE", (): Evaluate => unavailable("JS_SCOPE")],
  ["IS_MR", (): Evaluate => unavailable("IS_MR")],
  [
    "SEARCH_META",
    (): Evaluate => {
      throw new MongoError(
        6_347_903,
        "Can't access $$SEARCH_META without a $search stage earlier in the pipeline",
      );
    },
  ],
]);

function unavailable(name: string): Evaluate {
  return () => {
    throw new MongoError(51_144, `Builtin variable '$$${name}' is not available`);
  };
}

const compileLiteral: CompileOperator = (operand) => constantOf(operand);

/** `{ $let: { vars: { name: expression, … }, in: expression } }`. */
const compileLet: CompileOperator = (operand, compiler) => {
  if (!isDoc(operand)) throw new MongoError(16874, "$let only supports an object as its argument");
  for (const key of operand.keys())
    if (key !== "vars" && key !== "in")
      throw new MongoError(16875, `Unrecognized parameter to $let: ${key}`);
  const given = operand.get("vars");
  const body = operand.get("in");
  if (given === undefined) throw new MongoError(16876, "Missing 'vars' parameter to $let");
  if (body === undefined) throw new MongoError(16877, "Missing 'in' parameter to $let");
  // An array is as good as a document for the server, which finds its names wrong.
  const vars = isArray(given) ? arrayAsDoc(given) : given;
  if (!isDoc(vars)) throw new MongoError(10065, "invalid parameter: expected an object (vars)");
  const names = vars.keys();
  for (const name of names) checkNewVariableName(name);
  // The new variables do not see each other.
  const values = vars.values().map((each) => compiler.compile(each));
  return compiler.withVariables(names, (inner, slots) => {
    const evaluate = inner.compile(body);
    if (names.length === 0) return evaluate;
    return bind(values, slots, evaluate);
  });
};

function bind(values: readonly Evaluate[], slots: readonly number[], body: Evaluate): Evaluate {
  return (frame) => {
    const given = values.map((each) => each(frame));
    for (let index = 0; index < given.length; index += 1)
      frame.slots[slots[index] as number] = given[index];
    return body(frame);
  };
}

function isDoc(value: Value): value is Doc {
  return typeOf(value) === 3;
}

export const variableOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$const", compileLiteral],
  ["$literal", compileLiteral],
  ["$let", compileLet],
]);
