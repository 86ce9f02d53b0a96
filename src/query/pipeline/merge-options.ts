/** What `$merge` is asked to do. */
import { Doc } from "../../bson/doc.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { badValue, MongoError, typeMismatch } from "../../kit/mongo-error.ts";
import { compileStageExpression, type CompiledExpression } from "../expression.ts";
import { checkNewVariableName } from "../variable-name.ts";
import { splitFieldPath } from "../expression/field-path.ts";
import { type Namespace, type StageContext } from "./stage.ts";
import { mustBeTarget, type Refusals } from "./write-target.ts";

type WhenMatched = "replace" | "keepExisting" | "merge" | "fail" | readonly Value[];
type WhenNotMatched = "insert" | "discard" | "fail";

export interface Merge {
  readonly target: Namespace;
  readonly on: readonly string[];
  readonly whenMatched: WhenMatched;
  readonly whenNotMatched: WhenNotMatched;
  readonly variables: readonly (readonly [string, CompiledExpression])[];
}

const known = new Set(["into", "on", "let", "whenMatched", "whenNotMatched"]);
const matchedModes = new Set(["replace", "keepExisting", "merge", "fail"]);

/** @throws {MongoError} 14 */
export function mustBeMerge(spec: Value): string | Doc {
  if (typeof spec === "string" || spec instanceof Doc) return spec;
  throw typeMismatch(`$merge requires a string or object argument, but found ${typeName(spec)}`);
}

export function readMerge(value: Value, context: StageContext): Merge {
  const { database } = context.namespace;
  const spec = mustBeMerge(value);
  if (typeof spec === "string") return defaults(readInto(spec, database), context);
  for (const key of spec.keys())
    if (!known.has(key))
      throw new MongoError(40415, `BSON field '$merge.${key}' is an unknown field.`);
  // Null is as good as nothing where only one type may be; the options with several types refuse it.
  const given = (key: string): Value | undefined => spec.get(key) ?? undefined;
  const on = spec.get("on");
  const names = on === undefined ? ["_id"] : readOn(on);
  const matched = readMatched(spec.get("whenMatched"));
  const notMatched = readNotMatched(given("whenNotMatched"));
  mustFitTogether(matched, notMatched);
  const into = spec.get("into");
  if (into === undefined)
    throw new MongoError(40414, "BSON field '$merge.into' is missing but a required field");
  const merge = defaults(readInto(into, database), context);
  return {
    ...merge,
    on: names,
    whenMatched: matched,
    whenNotMatched: notMatched,
    variables: readVariables(given("let"), matched, context),
  };
}

function defaults(target: Namespace, context: StageContext): Merge {
  return {
    target,
    on: ["_id"],
    whenMatched: "merge",
    whenNotMatched: "insert",
    variables: [["new", compileStageExpression("$$ROOT", context.environment)]],
  };
}

function readInto(into: Value, database: string): Namespace {
  if (into === "") throw new MongoError(5786800, "$merge 'into' field cannot be an empty string");
  const target =
    typeof into === "string" ? { database, collection: into } : readIntoDoc(into, database);
  mustBeTarget(target, refusals);
  return target;
}

const refusals: Refusals = {
  invalid: (namespace) => new MongoError(73, `Invalid $merge target namespace: '${namespace}'`),
  special: (collection) =>
    new MongoError(31319, `Cannot $merge to special collection: ${collection}`),
  internal: (database) => new MongoError(31320, `Cannot $merge to internal database: ${database}`),
};

function readIntoDoc(into: Value, database: string): Namespace {
  if (!(into instanceof Doc))
    throw new MongoError(
      51178,
      `$merge 'into' field  must be either a string or an object, but found ${typeName(into)}`,
    );
  for (const key of into.keys())
    if (key !== "db" && key !== "coll")
      throw new MongoError(40415, `BSON field 'into.${key}' is an unknown field.`);
  const own = readName("db", into.get("db"));
  const collection = readName("coll", into.get("coll"));
  if (collection === "")
    throw new MongoError(
      5786801,
      "$merge 'into' field must specify a 'coll' that is not empty, null or undefined",
    );
  return { database: own === "" ? database : own, collection };
}

/** What is not there is as good as empty. */
function readName(key: string, value: Value | undefined): string {
  const name = value ?? "";
  if (typeof name === "string") return name;
  throw typeMismatch(
    `BSON field 'into.${key}' is the wrong type '${typeName(name)}', expected type 'string'`,
  );
}

function readOn(on: Value): readonly string[] {
  if (typeof on === "string") {
    splitFieldPath(on);
    return [on];
  }
  if (!isArray(on))
    throw new MongoError(
      51186,
      `$merge 'on' field  must be either a string or an array of strings, but found ${typeName(on)}`,
    );
  if (on.length === 0)
    throw new MongoError(
      51187,
      "If explicitly specifying $merge 'on', must include at least one field",
    );
  const names = on.map((each) => {
    if (typeof each !== "string")
      throw new MongoError(
        51134,
        `$merge 'on' array elements must be strings, but found ${typeName(each)}`,
      );
    splitFieldPath(each);
    return each;
  });
  for (const [index, name] of names.entries())
    if (names.indexOf(name) !== index)
      throw new MongoError(31465, `Found a duplicate field '${name}'`);
  return names;
}

function readMatched(value: Value | undefined): WhenMatched {
  if (value === undefined) return "merge";
  if (isArray(value)) {
    if (value.some((each) => !(each instanceof Doc)))
      throw typeMismatch("Each element of the 'pipeline' array must be an object");
    return value;
  }
  if (typeof value !== "string")
    throw new MongoError(
      51191,
      `$merge 'whenMatched' field  must be either a string or an array, but found ${typeName(value)}`,
    );
  if (!matchedModes.has(value))
    throw badValue(`Enumeration value '${value}' for field 'whenMatched' is not a valid value.`);
  return value as Exclude<WhenMatched, readonly Value[]>;
}

function readNotMatched(value: Value | undefined): WhenNotMatched {
  if (value === undefined) return "insert";
  if (value === "insert" || value === "discard" || value === "fail") return value;
  if (typeof value !== "string")
    throw typeMismatch(
      `BSON field '$merge.whenNotMatched' is the wrong type '${typeName(value)}', expected type 'string'`,
    );
  throw badValue(
    `Enumeration value '${value}' for field '$merge.whenNotMatched' is not a valid value.`,
  );
}

/** @throws {MongoError} 51181 for two modes that make no sense together */
function mustFitTogether(whenMatched: WhenMatched, whenNotMatched: WhenNotMatched): void {
  if (whenNotMatched === "insert") return;
  if (whenMatched !== "keepExisting" && whenMatched !== "fail") return;
  throw new MongoError(
    51181,
    `Combination of $merge modes 'whenMatched: ${whenMatched}' and 'whenNotMatched: ${whenNotMatched}' is not supported`,
  );
}

function readVariables(
  value: Value | undefined,
  matched: WhenMatched,
  { environment }: StageContext,
): Merge["variables"] {
  if (value !== undefined && typeof matched === "string")
    throw new MongoError(51199, `Cannot use 'let' variables with 'whenMatched: ${matched}' mode`);
  const root = compileStageExpression("$$ROOT", environment);
  if (value === undefined) return [["new", root]];
  if (!(value instanceof Doc))
    throw typeMismatch(
      `BSON field '$merge.let' is the wrong type '${typeName(value)}', expected type 'object'`,
    );
  const own = value.get("new");
  if (own !== undefined && own !== "$$ROOT")
    throw new MongoError(
      51273,
      "'let' may not define a value for the reserved 'new' variable other than '$$ROOT'",
    );
  const variables = [...value.entries()].map(([name, spec]) => {
    checkNewVariableName(name);
    return [name, compileStageExpression(spec, environment)] as const;
  });
  return own === undefined ? [["new", root], ...variables] : variables;
}
