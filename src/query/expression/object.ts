/** Operators on documents. */
import { Doc } from "../../bson/doc.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { printValue } from "../../bson/print-value.ts";
import { isNullish } from "../truth.ts";
import { mustFit } from "../weight.ts";
import { isDoc, readNamedArguments } from "./named-arguments.ts";
import {
  compileArguments,
  compileList,
  constantOf,
  fold,
  foldParts,
  spend,
  type CompileOperator,
  type Compiler,
  type Evaluate,
} from "./operator.ts";

const compileMergeObjects: CompileOperator = (operand, compiler, name) =>
  foldParts(name, compileList(operand, compiler), mergeArguments, "fixed", compiler);

function mergeArguments(args: readonly Evaluate[]): Evaluate {
  return (frame) => {
    const fields = new Map<string, Value>();
    const [only] = args;
    const first = args.length === 1 && only !== undefined ? only(frame) : undefined;
    // A single argument may be an array of documents.
    const values = isArray(first) ? first : args.map((each) => each(frame));
    for (const value of values) {
      if (isNullish(value)) continue;
      if (!isDoc(value))
        throw new MongoError(
          40_400,
          `$mergeObjects requires object inputs, but input ${printValue(value)} is of type ${typeName(value)}`,
        );
      spend(frame, value.size);
      for (const [key, each] of value.entries()) fields.set(key, each);
    }
    return mustFit(Doc.fromEntries(fields));
  };
}

const compileObjectToArray: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 1);
  const [argument] = args as [Evaluate];
  return fold((frame) => {
    const doc = argument(frame);
    if (isNullish(doc)) return null;
    if (!isDoc(doc))
      throw new MongoError(
        40_390,
        `$objectToArray requires a document input, found: ${typeName(doc)}`,
      );
    spend(frame, doc.size);
    return [...doc.entries()].map(([key, value]) => Doc.fromParts(["k", "v"], [key, value]));
  }, args);
};

const compileArrayToObject: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 1);
  const [argument] = args as [Evaluate];
  return fold((frame) => {
    const pairs = argument(frame);
    if (isNullish(pairs)) return null;
    if (!isArray(pairs))
      throw new MongoError(
        40_386,
        `$arrayToObject requires an array input, found: ${typeName(pairs)}`,
      );
    spend(frame, pairs.length);
    return pairsToDoc(pairs);
  }, args);
};

function pairsToDoc(pairs: readonly Value[]): Doc {
  const fields = new Map<string, Value>();
  const [first] = pairs;
  if (first === undefined) return Doc.empty;
  const read = isArray(first) ? readArrayPair : readDocPair;
  if (!isArray(first) && !isDoc(first))
    throw new MongoError(
      40_398,
      `Unrecognised input type format for $arrayToObject: ${typeName(first)}`,
    );
  for (const pair of pairs) {
    const [key, value] = read(pair);
    fields.set(key, value);
  }
  return Doc.fromEntries(fields);
}

function readArrayPair(pair: Value): [string, Value] {
  if (!isArray(pair))
    throw new MongoError(
      40_396,
      `$arrayToObject requires a consistent input format. Elements mustall be arrays or all be objects. Array was detected, now found: ${typeName(pair)}`,
    );
  if (pair.length !== 2)
    throw new MongoError(
      40_397,
      `$arrayToObject requires an array of size 2 arrays,found array of size: ${pair.length}`,
    );
  const [key, value] = pair as [Value, Value];
  if (typeof key !== "string")
    throw new MongoError(
      40_395,
      `$arrayToObject requires an array of key-value pairs, where the key must be of type string. Found key type: ${typeName(key)}`,
    );
  if (key.includes("\0"))
    throw new MongoError(4_940_400, "Key field cannot contain an embedded null byte");
  return [key, value];
}

function readDocPair(pair: Value): [string, Value] {
  if (!isDoc(pair))
    throw new MongoError(
      40_391,
      `$arrayToObject requires a consistent input format. Elements mustall be arrays or all be objects. Object was detected, now found: ${typeName(pair)}`,
    );
  if (pair.size !== 2)
    throw new MongoError(
      40_392,
      `$arrayToObject requires an object keys of 'k' and 'v'. Found incorrect number of keys:${pair.size}`,
    );
  const key = pair.get("k");
  const value = pair.get("v");
  if (key === undefined || value === undefined)
    throw new MongoError(
      40_393,
      `$arrayToObject requires an object with keys 'k' and 'v'. Missing either or both keys from: ${printValue(pair)}`,
    );
  if (typeof key !== "string")
    throw new MongoError(
      40_394,
      `$arrayToObject requires an object with keys 'k' and 'v', where the value of 'k' must be of type string. Found type: ${typeName(key)}`,
    );
  if (key.includes("\0"))
    throw new MongoError(4_940_401, "Key field cannot contain an embedded null byte");
  return [key, value];
}

const compileGetField: CompileOperator = (operand, compiler) => {
  const codes = { path: 5_654_600, constant: 5_654_601, type: 5_654_602 };
  const isShort = !isDoc(operand) || operand.keys()[0]?.startsWith("$") === true;
  if (isShort) {
    const field = readFieldName(operand, compiler, "$getField", codes);
    return getField(field, (frame) => frame.current);
  }
  const named = readNamedArguments(operand, {
    names: ["field", "input"],
    notAnObject: [3_041_700, "$getField only supports an object as its argument"],
    unknown: [3_041_701, (name) => `$getField found an unknown argument: ${name}`],
  });
  const compiled = compileInOrder(named, compiler);
  if (compiled.field === undefined)
    throw new MongoError(3_041_702, "$getField requires 'field' to be specified");
  if (compiled.input === undefined)
    throw new MongoError(3_041_703, "$getField requires 'input' to be specified");
  return getField(readFieldName(compiled.field, compiler, "$getField", codes), compiled.input);
};

function getField(field: string, input: Evaluate): Evaluate {
  return (frame) => {
    const doc = input(frame);
    if (doc === undefined) return undefined;
    if (isNullish(doc)) return null;
    return isDoc(doc) ? doc.get(field) : undefined;
  };
}

interface FieldNameCodes {
  readonly path: number;
  readonly constant: number;
  readonly type: number;
}

/** The name must be known when compiling, and not by folding. */
function readFieldName(
  spec: Value,
  compiler: Compiler,
  name: string,
  codes: FieldNameCodes,
): string {
  if (typeof spec === "string" && spec.startsWith("$")) {
    const path = spec.startsWith("$$") ? spec.slice(1) : `$CURRENT.${spec.slice(1)}`;
    throw new MongoError(
      codes.path,
      `'${path}' is a field path reference which is not allowed in this context. Did you mean {$literal: '${path}'}?`,
    );
  }
  const { constant } = compiler.compile(spec);
  const isPlain = !isArray(spec) && (!isDoc(spec) || isLiteral(spec));
  if (constant === undefined || !isPlain)
    throw new MongoError(
      codes.constant,
      `${name} requires 'field' to evaluate to a constant, but got a non-constant argument`,
    );
  if (typeof constant.value !== "string")
    throw new MongoError(
      codes.type,
      `${name} requires 'field' to evaluate to type String, but got ${typeName(constant.value)}`,
    );
  return constant.value;
}

function isLiteral(spec: Doc): boolean {
  const [key] = spec.keys();
  return key === "$literal" || key === "$const";
}

interface FieldArguments {
  readonly field: Value | undefined;
  readonly input: Evaluate | undefined;
  readonly value: Evaluate | undefined;
}

/** All are compiled before the name is looked at: what is wrong with the others is told first. */
function compileInOrder(named: Doc, compiler: Compiler): FieldArguments {
  const compiled = new Map(
    [...named.entries()].map(([key, spec]) => [key, compiler.compileUnoptimized(spec)] as const),
  );
  return {
    field: named.get("field"),
    input: compiled.get("input"),
    value: compiled.get("value"),
  };
}

function changeField(isUnset: boolean): CompileOperator {
  return (operand, compiler, name) => {
    const named = readNamedArguments(operand, {
      names: isUnset ? ["field", "input"] : ["field", "input", "value"],
      notAnObject: [4_161_100, `${name} only supports an object as its argument`],
      unknown: [4_161_101, (unknown) => `${name} found an unknown argument: ${unknown}`],
    });
    const codes = { path: 4_161_108, constant: 4_161_106, type: 4_161_107 };
    const compiled = compileInOrder(named, compiler);
    const { field, input } = compiled;
    const value = isUnset ? constantOf(undefined) : compiled.value;
    if (field === undefined)
      throw new MongoError(4_161_102, `${name} requires 'field' to be specified`);
    if (value === undefined)
      throw new MongoError(4_161_103, `${name} requires 'value' to be specified`);
    if (input === undefined)
      throw new MongoError(4_161_109, `${name} requires 'input' to be specified`);
    return setField(readFieldName(field, compiler, name, codes), input, value);
  };
}

function setField(field: string, input: Evaluate, value: Evaluate): Evaluate {
  return (frame) => {
    const doc = input(frame);
    if (isNullish(doc)) return null;
    if (!isDoc(doc))
      throw new MongoError(4_161_105, "$setField requires 'input' to evaluate to type Object");
    const given = value(frame);
    spend(frame, doc.size);
    return given === undefined ? doc.without(field) : mustFit(doc.with(field, given));
  };
}

export const objectOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$arrayToObject", compileArrayToObject],
  ["$getField", compileGetField],
  ["$mergeObjects", compileMergeObjects],
  ["$objectToArray", compileObjectToArray],
  ["$setField", changeField(false)],
  ["$unsetField", changeField(true)],
]);
