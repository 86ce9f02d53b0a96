/**
 * Aggregation expressions, compiled to closures: the entrance.
 *
 * To add an operator: a line in the table of its family in `expression/`, and a row in that family's test.
 *
 * @module
 */
import { Doc } from "../bson/doc.ts";
import { isArray, ObjectId, Undefined, type Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { printBson } from "../bson/print.ts";
import type { QueryEnvironment } from "./environment.ts";
import { accumulateOperators } from "./expression/accumulate.ts";
import { arrayOperators } from "./expression/array.ts";
import { iterationOperators } from "./expression/array-iteration.ts";
import { orderOperators } from "./expression/array-order.ts";
import { zipOperators } from "./expression/array-zip.ts";
import { bitwiseOperators } from "./expression/bitwise.ts";
import { booleanOperators } from "./expression/boolean.ts";
import { conditionalOperators } from "./expression/conditional.ts";
import { convertOperators } from "./expression/convert.ts";
import { dateOperators } from "./expression/date.ts";
import { regexOperators } from "./expression/regex.ts";
import { stringOperators } from "./expression/string.ts";
import { trigonometryOperators } from "./expression/trigonometry.ts";
import { digestOperators } from "./expression/digest.ts";
import { ejsonOperators } from "./expression/ejson.ts";
import { sigmoidOperators } from "./expression/sigmoid.ts";
import { similarityOperators } from "./expression/similarity.ts";
import { hashOperators } from "./expression/hash.ts";
import { percentileOperators } from "./expression/percentile.ts";
import { objectOperators } from "./expression/object.ts";
import { randomOperators } from "./expression/random.ts";
import { setOperators } from "./expression/set.ts";
import { sizeOperators } from "./expression/size.ts";
import { arithmeticOperators } from "./expression/arithmetic.ts";
import { codeOperators } from "./expression/code.ts";
import { comparisonOperators } from "./expression/comparison.ts";
import { checkFieldName } from "./expression/field-path.ts";
import {
  constantOf,
  createFrame,
  fold,
  spend,
  type CompileOperator,
  type Compiler,
  type Evaluate,
  type Part,
} from "./expression/operator.ts";
import { reportFailure } from "./optimization-failure.ts";
import { mustFit } from "./weight.ts";
import { compileReference, variableOperators, type Scope } from "./expression/variables.ts";

export interface CompiledExpression {
  /**
   * The expression's value for a document; `undefined` is a missing value.
   *
   * @throws {MongoError} what the operators give for values they do not take, 50 when it is too much work
   */
  evaluate(doc: Doc): Value | undefined;
  /** Set when the expression is the same for all documents. */
  readonly constant?: { readonly value: Value | undefined };
}

export interface BoundExpression {
  /**
   * The expression's value.
   *
   * @param values of the variables that it was compiled with, in their order
   * @param current `$$CURRENT` where it is not the root
   */
  evaluate(
    root: Value,
    values?: readonly (Value | undefined)[],
    current?: Value,
  ): Value | undefined;
  readonly constant?: { readonly value: Value | undefined };
  /** The first constant part that can only fail; the caller throws it, see `keepsFailure`. */
  readonly failure?: MongoError;
}

/**
 * Compiles an expression.
 *
 * @throws {MongoError} for what is no expression, with the server's codes, and for a constant part that can only fail
 */
export function compileExpression(spec: Value, environment: QueryEnvironment): CompiledExpression {
  return compileExpressionFor(spec, environment);
}

/**
 * Compiles an expression of a pipeline's stage: as `compileExpression`, with the words that the server puts before the
 * failure of a constant part there.
 */
export function compileStageExpression(
  spec: Value,
  environment: QueryEnvironment,
): CompiledExpression {
  const expression = compileExpressionFor(spec, environment, { keepsFailure: true });
  if (expression.failure !== undefined) reportFailure(expression.failure, environment);
  return expression;
}

/**
 * Compiles an expression for a caller that has variables of its own to set, or a `$$CURRENT` other than the root.
 *
 * @param options.variables names, without `$$`, already checked; they come before the environment's
 * @param options.keepsFailure does not throw the failure of a constant part but returns it: the server puts words in
 *   front of it that depend on the place
 */
export function compileExpressionFor(
  spec: Value,
  environment: QueryEnvironment,
  options: { readonly variables?: readonly string[]; readonly keepsFailure?: boolean } = {},
): BoundExpression {
  const names = options.variables ?? [];
  const compilation: Compilation = { slotCount: 0, depth: 0, failure: undefined };
  const root = createCompiler(environment, undefined, compilation);
  const evaluate =
    names.length === 0
      ? root.compile(spec)
      : root.withVariables(names, (inner) => inner.compile(spec));
  const { slotCount, failure } = compilation;
  if (failure !== undefined && options.keepsFailure !== true) throw failure;
  return {
    evaluate(doc, values, current = doc): Value | undefined {
      const frame = createFrame(doc, current, slotCount);
      if (values !== undefined)
        for (let index = 0; index < names.length; index += 1) frame.slots[index] = values[index];
      return evaluate(frame);
    },
    ...(evaluate.constant === undefined ? {} : { constant: evaluate.constant }),
    ...(failure === undefined ? {} : { failure }),
  };
}

/** What one compilation counts. */
interface Compilation {
  slotCount: number;
  depth: number;
  failure: MongoError | undefined;
}

/** As deep as BSON may nest. */
const depthMax = 200;

function createCompiler(
  environment: QueryEnvironment,
  scope: Scope | undefined,
  compilation: Compilation,
): Compiler {
  const compiler: Compiler = {
    environment,
    compile(spec): Evaluate {
      compilation.depth += 1;
      if (compilation.depth > depthMax)
        throw new MongoError(15, `expression exceeds maximum nested object depth: ${depthMax}`);
      const evaluate = compileSpec(spec, compiler, scope);
      compilation.depth -= 1;
      compilation.failure ??= evaluate.failure;
      return evaluate;
    },
    compileApart(spec): Part {
      const told = compilation.failure;
      compilation.failure = undefined;
      const evaluate = compiler.compile(spec);
      const { failure } = compilation;
      compilation.failure = told;
      return { evaluate, failure };
    },
    compileUnoptimized(spec): Evaluate {
      const unoptimized = { ...environment, isUnoptimized: true };
      return createCompiler(unoptimized, scope, compilation).compileApart(spec).evaluate;
    },
    withVariables(names, build) {
      let inner = scope;
      const slots = names.map((name) => {
        const slot = compilation.slotCount;
        compilation.slotCount += 1;
        inner = { name, slot, outer: inner };
        return slot;
      });
      return build(createCompiler(environment, inner, compilation), slots);
    },
  };
  return compiler;
}

function compileSpec(spec: Value, compiler: Compiler, scope: Scope | undefined): Evaluate {
  if (typeof spec === "string")
    return spec.startsWith("$")
      ? compileReference(spec, compiler.environment, scope)
      : constantOf(spec);
  if (typeof spec !== "object" || spec === null) return constantOf(spec);
  if (isArray(spec)) return compileArray(spec, compiler);
  // Atlas: the drivers write a literal undefined of a command as null, and so it arrived.
  if (spec === Undefined) return constantOf(null);
  if (spec.bsonType !== 3) return constantOf(spec);
  const [first] = spec.keys();
  if (first?.startsWith("$") === true) return compileOperator(first, spec, compiler);
  return compileObject(spec, compiler);
}

function compileOperator(name: string, spec: Doc, compiler: Compiler): Evaluate {
  if (spec.size !== 1)
    throw new MongoError(
      15983,
      `An object representing an expression must have exactly one field: ${printBson(spec)}`,
    );
  const compile = operators.get(name);
  if (compile === undefined) throw new MongoError(168, `Unrecognized expression '${name}'`);
  return compile(spec.valueAt(0), compiler, name);
}

/** Stands for itself. */
function isPlain(spec: Value): boolean {
  if (typeof spec === "string") return !spec.startsWith("$");
  return typeof spec !== "object" || spec === null || spec instanceof ObjectId;
}

function compileArray(spec: readonly Value[], compiler: Compiler): Evaluate {
  if (spec.every(isPlain)) return constantOf(spec);
  const items = spec.map((each) => compiler.compile(each));
  return fold((frame) => {
    spend(frame, items.length);
    return mustFit(items.map((each) => each(frame) ?? null));
  }, items);
}

function compileObject(spec: Doc, compiler: Compiler): Evaluate {
  const keys = spec.keys();
  for (const key of keys) checkFieldName(key);
  const fields = spec.values().map((each) => compiler.compile(each));
  return fold((frame) => {
    spend(frame, fields.length);
    const present: string[] = [];
    const values: Value[] = [];
    for (let index = 0; index < fields.length; index += 1) {
      const value = (fields[index] as Evaluate)(frame);
      if (value === undefined) continue;
      present.push(keys[index] as string);
      values.push(value);
    }
    return mustFit(Doc.fromParts(present, values));
  }, fields);
}

const operators: ReadonlyMap<string, CompileOperator> = new Map([
  ...arithmeticOperators,
  ...comparisonOperators,
  ...accumulateOperators,
  ...arrayOperators,
  ...iterationOperators,
  ...orderOperators,
  ...zipOperators,
  ...bitwiseOperators,
  ...booleanOperators,
  ...codeOperators,
  ...conditionalOperators,
  ...convertOperators,
  ...dateOperators,
  ...digestOperators,
  ...ejsonOperators,
  ...hashOperators,
  ...sigmoidOperators,
  ...similarityOperators,
  ...objectOperators,
  ...percentileOperators,
  ...regexOperators,
  ...stringOperators,
  ...trigonometryOperators,
  ...randomOperators,
  ...setOperators,
  ...sizeOperators,
  ...variableOperators,
]);

/**
 * Names of all operators of expressions: for the documentation's table.
 *
 * @public used by `tools/`
 */
export function listExpressionOperators(): readonly string[] {
  return [...operators.keys()];
}
