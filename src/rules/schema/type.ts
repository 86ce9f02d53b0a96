/** `bsonType` and `type`. */
import { isArray, isNumber, typeName, type Value } from "../../bson/value.ts";
import type { CompileKeyword } from "./check.ts";

type Test = (value: Value) => boolean;

const uuidSubType = 4;

function named(name: string): Test {
  return (value) => typeName(value) === name;
}

/** A plain value of JSON and one of BSON are told apart: `5` is an `int`, never a `double`. */
const bsonTypes: ReadonlyMap<string, Test> = new Map<string, Test>([
  ...(
    [
      "double",
      "string",
      "object",
      "array",
      "objectId",
      "date",
      "bool",
      "null",
      "regex",
      "int",
      "timestamp",
      "long",
      "decimal",
      "binData",
      "symbol",
      "minKey",
      "maxKey",
      "undefined",
    ] as const
  ).map((name) => [name, named(name)] as const),
  ["number", isNumber],
  ["mixed", () => true],
  ["uuid", isUuid],
  ["javascript", isCode],
  ["function", isCode],
]);

const jsonTypes: ReadonlyMap<string, Test> = new Map<string, Test>([
  ["string", named("string")],
  ["object", named("object")],
  ["array", named("array")],
  ["boolean", named("bool")],
  ["null", named("null")],
  ["number", isNumber],
]);

function isUuid(value: Value): boolean {
  if (typeof value !== "object" || value === null || isArray(value)) return false;
  return value.bsonType === 5 && value.subType === uuidSubType;
}

function isCode(value: Value): boolean {
  const name = typeName(value);
  return name === "javascript" || name === "javascriptWithScope";
}

export const compileType: CompileKeyword = ({ name, operand, wrong }) => {
  const names = isArray(operand) ? operand : [operand];
  const known = name === "bsonType" ? bsonTypes : jsonTypes;
  const tests: Test[] = [];
  const wanted: string[] = [];
  for (const each of names) {
    const test = typeof each === "string" ? known.get(each) : undefined;
    if (test === undefined)
      return wrong(`expected ${[...known.keys()].join(", ")}, or a list of these`);
    tests.push(test);
    wanted.push(each as string);
  }
  if (tests.length === 0) return wrong("expected at least one type");
  return ({ value, field }, { report }) => {
    if (tests.some((test) => test(value))) return;
    report({
      kind: "invalid_type",
      field,
      message: `expected ${wanted.join(" or ")}, given ${typeName(value)}`,
    });
  };
};
