/** `$cond $ifNull $switch`. */
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { isNullish, isTruthy } from "../truth.ts";
import { isDoc, mustHave, readNamedArguments } from "./named-arguments.ts";
import {
  compileArguments,
  compileList,
  failing,
  type CompileOperator,
  type Compiler,
  type Evaluate,
  type Frame,
  type Part,
} from "./operator.ts";

const compileCond: CompileOperator = (operand, compiler, name) => {
  const args = isDoc(operand)
    ? compileNamedCond(operand, compiler)
    : compileArguments(operand, compiler, name, 3);
  const [condition, whenTrue, whenFalse] = args as [Evaluate, Evaluate, Evaluate];
  if (condition.constant !== undefined)
    return isTruthy(condition.constant.value) ? whenTrue : whenFalse;
  return (frame) => (isTruthy(condition(frame)) ? whenTrue(frame) : whenFalse(frame));
};

function compileNamedCond(operand: Value, compiler: Compiler): Evaluate[] {
  const named = readNamedArguments(operand, {
    names: ["if", "then", "else"],
    notAnObject: [17080, "Missing 'if' parameter to $cond"],
    unknown: [17083, (name) => `Unrecognized parameter to $cond: ${name}`],
  });
  return [
    compiler.compile(mustHave(named, "if", 17080, "Missing 'if' parameter to $cond")),
    compiler.compile(mustHave(named, "then", 17081, "Missing 'then' parameter to $cond")),
    compiler.compile(mustHave(named, "else", 17082, "Missing 'else' parameter to $cond")),
  ];
}

const compileIfNull: CompileOperator = (operand, compiler) => {
  const args = compileList(operand, compiler);
  if (args.length < 2)
    throw new MongoError(1_257_300, `$ifNull needs at least two arguments, had: ${args.length}`);
  const open = dropSettled(args);
  const [only] = open;
  if (open.length === 1 && only !== undefined) return only;
  return (frame) => {
    let value: Value | undefined;
    for (const arg of open) {
      value = arg(frame);
      if (!isNullish(value)) return value;
    }
    return value;
  };
};

/** Constants that are null make no difference but in the last place, and none of what follows one that is not. */
function dropSettled(args: readonly Evaluate[]): Evaluate[] {
  const open: Evaluate[] = [];
  for (const [index, arg] of args.entries()) {
    const isEmpty = arg.constant !== undefined && isNullish(arg.constant.value);
    if (isEmpty && index < args.length - 1) continue;
    open.push(arg);
    if (arg.constant !== undefined && !isEmpty) break;
  }
  return open;
}

interface Branch {
  readonly condition: Part;
  readonly outcome: Part;
}

const compileSwitch: CompileOperator = (operand, compiler) => {
  const named = readNamedArguments(operand, {
    names: ["branches", "default"],
    notAnObject: [40_060, `$switch requires an object as an argument, found: ${typeName(operand)}`],
    unknown: [40_067, (name) => `$switch found an unknown argument: ${name}`],
  });
  const branches: Branch[] = [];
  let fallback: Part | undefined;
  for (const [name, value] of named.entries())
    if (name === "default") fallback = compiler.compileApart(value);
    else for (const branch of readBranches(value, compiler)) branches.push(branch);
  if (branches.length === 0) throw new MongoError(40_068, "$switch requires at least one branch");
  const { isUnoptimized = false } = compiler.environment;
  return chooseBranch(
    isUnoptimized ? { open: branches, last: fallback } : settle(branches, fallback),
  );
};

function readBranches(value: Value, compiler: Compiler): Branch[] {
  if (!isArray(value))
    throw new MongoError(
      40_061,
      `$switch expected an array for 'branches', found: ${typeName(value)}`,
    );
  return value.map((each) => {
    const branch = readNamedArguments(each, {
      names: ["case", "then"],
      notAnObject: [
        40_062,
        `$switch expected each branch to be an object, found: ${typeName(each)}`,
      ],
      unknown: [40_063, (name) => `$switch found an unknown argument to a branch: ${name}`],
    });
    const compiled = new Map(
      [...branch.entries()].map(([name, spec]) => [name, compiler.compileApart(spec)]),
    );
    const condition = compiled.get("case");
    const outcome = compiled.get("then");
    if (condition === undefined)
      throw new MongoError(40_064, "$switch requires each branch have a 'case' expression");
    if (outcome === undefined)
      throw new MongoError(40_065, "$switch requires each branch have a 'then' expression.");
    return { condition, outcome };
  });
}

/** A `$switch` with what constants decide settled. */
interface Settled {
  readonly open: readonly Branch[];
  /** What is left when no branch applies. */
  readonly last: Part | undefined;
  /** The first part that can only fail. */
  readonly failure?: MongoError | undefined;
}

/** As the server optimizes: the default first, then what can still be reached of the branches in turn. */
function settle(branches: readonly Branch[], fallback: Part | undefined): Settled {
  const open: Branch[] = [];
  let failure = fallback?.failure;
  for (const branch of branches) {
    const { condition, outcome } = branch;
    const { constant } = condition.evaluate;
    failure ??= condition.failure;
    if (constant !== undefined && !isTruthy(constant.value)) continue;
    failure ??= outcome.failure;
    if (constant !== undefined) return { open, last: outcome, failure };
    open.push(branch);
  }
  if (open.length > 0 || fallback !== undefined) return { open, last: fallback, failure };
  failure ??= new MongoError(
    40_069,
    "Cannot execute a switch statement where all the cases evaluate to false without a default",
  );
  return { open, last: { evaluate: failing(failure), failure }, failure };
}

function chooseBranch({ open, last, failure }: Settled): Evaluate {
  if (open.length === 0 && last !== undefined)
    return failure === undefined ? last.evaluate : withFailure(last.evaluate, failure);
  const evaluate: Evaluate = (frame) => {
    for (const { condition, outcome } of open)
      if (isTruthy(condition.evaluate(frame))) return outcome.evaluate(frame);
    if (last !== undefined) return last.evaluate(frame);
    throw new MongoError(
      40_066,
      "$switch could not find a matching branch for an input, and no default was specified.",
    );
  };
  return failure === undefined ? evaluate : withFailure(evaluate, failure);
}

function withFailure(evaluate: Evaluate, failure: MongoError): Evaluate {
  return Object.assign((frame: Frame) => evaluate(frame), { failure });
}

export const conditionalOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$cond", compileCond],
  ["$ifNull", compileIfNull],
  ["$switch", compileSwitch],
]);
