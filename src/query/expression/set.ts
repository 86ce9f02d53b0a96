/** Arrays as sets; results come in the order of all values, but `$setDifference` keeps its first argument's. */
import { compare, identityBy, type TextOrder } from "../../bson/compare.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { isNullish, isTruthy } from "../truth.ts";
import {
  compileArguments,
  compileList,
  fold,
  foldParts,
  spend,
  type CompileOperator,
  type Evaluate,
  type Frame,
  failing,
} from "./operator.ts";

type Identity = string | number;

type IdentityOf = (value: Value) => Identity;

/** One value per identity: the first. */
function toSet(array: readonly Value[], identityOf: IdentityOf): Map<Identity, Value> {
  const set = new Map<Identity, Value>();
  for (const each of array) {
    const identity = identityOf(each);
    if (!set.has(identity)) set.set(identity, each);
  }
  return set;
}

function inOrder(values: Iterable<Value>, collation: TextOrder | undefined): Value[] {
  return [...values].toSorted((left, right) => compare(left, right, collation));
}

function mustBeArray(
  value: Value | undefined,
  frame: Frame,
  code: number,
  text: string,
): readonly Value[] {
  if (!isArray(value)) throw new MongoError(code, `${text}: ${typeName(value)}`);
  spend(frame, value.length * 2);
  return value;
}

const compileSetUnion: CompileOperator = (operand, compiler, name) =>
  foldParts(
    name,
    compileList(operand, compiler),
    (args) => unite(args, compiler.environment.collation),
    "free",
    compiler,
  );

function unite(args: readonly Evaluate[], collation: TextOrder | undefined): Evaluate {
  return (frame) => {
    const all: Value[] = [];
    for (const arg of args) {
      const value = arg(frame);
      if (isNullish(value)) return null;
      const array = mustBeArray(
        value,
        frame,
        17043,
        "All operands of $setUnion must be arrays. One argument is of type",
      );
      for (const each of array) all.push(each);
    }
    return inOrder(toSet(all, identityBy(collation)).values(), collation);
  };
}

const compileSetIntersection: CompileOperator = (operand, compiler, name) =>
  foldParts(
    name,
    compileList(operand, compiler),
    (args) => intersect(args, compiler.environment.collation),
    "free",
    compiler,
  );

function intersect(args: readonly Evaluate[], collation: TextOrder | undefined): Evaluate {
  return (frame) => {
    const identityOf = identityBy(collation);
    let common: Map<Identity, Value> | undefined;
    for (const arg of args) {
      const value = arg(frame);
      if (isNullish(value)) return null;
      const array = mustBeArray(
        value,
        frame,
        17047,
        "All operands of $setIntersection must be arrays. One argument is of type",
      );
      let others = toSet(array, identityOf);
      // Of equal values, the server keeps those of the smaller set.
      if (common === undefined || common.size > others.size)
        [common, others] = [others, common ?? others];
      for (const identity of common.keys()) if (!others.has(identity)) common.delete(identity);
    }
    return inOrder(common?.values() ?? [], collation);
  };
}

const compileSetDifference: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 2);
  const [left, right] = args as [Evaluate, Evaluate];
  const text = "both operands of $setDifference must be arrays.";
  return fold((frame) => {
    const first = left(frame);
    const second = right(frame);
    if (isNullish(first) || isNullish(second)) return null;
    const from = mustBeArray(first, frame, 17048, `${text} First argument is of type`);
    const without = mustBeArray(second, frame, 17049, `${text} Second argument is of type`);
    const identityOf = identityBy(compiler.environment.collation);
    const seen = new Set(without.map((each) => identityOf(each)));
    return from.filter((each) => {
      const identity = identityOf(each);
      if (seen.has(identity)) return false;
      seen.add(identity);
      return true;
    });
  }, args);
};

const compileSetEquals: CompileOperator = (operand, compiler) => {
  const args = compileList(operand, compiler);
  if (args.length < 2)
    throw new MongoError(17045, `$setEquals needs at least two arguments had: ${args.length}`);
  const { isUnoptimized = false } = compiler.environment;
  for (const [index, arg] of isUnoptimized ? [] : args.entries()) {
    if (arg.constant === undefined || isArray(arg.constant.value)) continue;
    const type = typeName(arg.constant.value);
    return failing(
      new MongoError(
        5_887_502,
        `All operands of $setEquals must be arrays. ${index + 1}-th argument is of type: ${type}`,
      ),
    );
  }
  const known = isUnoptimized ? undefined : args.find((each) => each.constant !== undefined);
  // A constant is prepared, and compared with first.
  const sorted = known === undefined ? args : [known, ...args.filter((each) => each !== known)];
  // Not folded: the server leaves it where it stands even if all is constant.
  return (frame) => {
    const identityOf = identityBy(compiler.environment.collation);
    let first: Map<Identity, Value> | undefined;
    for (const arg of sorted) {
      const text = `All operands of $setEquals must be arrays. ${args.indexOf(arg) + 1}-th argument is of type`;
      const set = toSet(mustBeArray(arg(frame), frame, 17044, text), identityOf);
      first ??= set;
      if (set.size !== first.size) return false;
      for (const identity of set.keys()) if (!first.has(identity)) return false;
    }
    return true;
  };
};

const compileSetIsSubset: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 2);
  const [left, right] = args as [Evaluate, Evaluate];
  const text = "both operands of $setIsSubset must be arrays.";
  const isPrepared =
    compiler.environment.isUnoptimized !== true &&
    right.constant !== undefined &&
    left.constant === undefined;
  if (isPrepared && !isArray(right.constant?.value))
    return failing(
      new MongoError(
        17311,
        `${text} Second argument is of type: ${typeName(right.constant?.value)}`,
      ),
    );
  const firstCode = isPrepared ? 17310 : 17046;
  return fold((frame) => {
    const first = left(frame);
    const second = right(frame);
    const part = mustBeArray(first, frame, firstCode, `${text} First argument is of type`);
    const whole = mustBeArray(second, frame, 17042, `${text} Second argument is of type`);
    const identityOf = identityBy(compiler.environment.collation);
    const known = new Set(whole.map((each) => identityOf(each)));
    return part.every((each) => known.has(identityOf(each)));
  }, args);
};

function testElements(code: number, test: (array: readonly Value[]) => boolean): CompileOperator {
  return (operand, compiler, name) => {
    const args = compileArguments(operand, compiler, name, 1);
    const [list] = args as [Evaluate];
    return fold((frame) => {
      const array = list(frame);
      if (!isArray(array))
        throw new MongoError(
          code,
          `${name}'s argument must be an array, but is ${typeName(array)}`,
        );
      spend(frame, array.length);
      return test(array);
    }, args);
  };
}

export const setOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$allElementsTrue", testElements(17040, (array) => array.every((each) => isTruthy(each)))],
  ["$anyElementTrue", testElements(17041, (array) => array.some((each) => isTruthy(each)))],
  ["$setDifference", compileSetDifference],
  ["$setEquals", compileSetEquals],
  ["$setIntersection", compileSetIntersection],
  ["$setIsSubset", compileSetIsSubset],
  ["$setUnion", compileSetUnion],
]);
