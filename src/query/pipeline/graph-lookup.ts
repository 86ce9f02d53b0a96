import { identityBy, identityOf } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { printBson } from "../../bson/print.ts";
import { isArray, isNumber, typeName, type Value } from "../../bson/value.ts";
import { failedToParse, MongoError } from "../../kit/mongo-error.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileExpressionFor, type CompiledExpression } from "../expression.ts";
import { compileMatch } from "../match.ts";
import { weightOf } from "../weight.ts";
import { toDouble } from "../number.ts";
import { createMemoryBound, type MemoryBound } from "./memory.ts";
import { splitFieldPath } from "../expression/field-path.ts";
import { carryMetadata } from "../metadata.ts";
import { setNested } from "./nested.ts";
import {
  failAfter,
  type CompileStage,
  type Namespace,
  type Run,
  type StageContext,
} from "./stage.ts";
import { valuesAtPath } from "./values-at-path.ts";

interface GraphLookup {
  readonly namespace: Namespace;
  readonly as: readonly string[];
  readonly startWith: CompiledExpression;
  readonly from: readonly string[];
  readonly to: string;
  readonly depthMax: number;
  readonly depthPath: readonly string[] | undefined;
  readonly restriction: Doc | undefined;
  readonly environment: QueryEnvironment;
}

export const compileGraphLookup: CompileStage = (spec, context, name) => {
  const lookup = readGraphLookup(spec, context);
  return {
    name,
    reads: [lookup.namespace],
    async *run(input, run) {
      for await (const batch of input) {
        const output: Doc[] = [];
        try {
          for (const doc of batch) {
            const reached = await search(doc, lookup, run);
            const widened = setNested(doc, lookup.as, reached);
            carryMetadata(doc, widened);
            output.push(widened);
          }
        } catch (cause) {
          yield* failAfter(output, cause);
        }
        yield output;
      }
    },
  };
};

/** Breadth first: each round asks for all documents that the last round's values point to. */
async function search(doc: Doc, lookup: GraphLookup, run: Run): Promise<Value[]> {
  const memory = createMemoryBound("$graphLookup");
  const reached = new Map<string | number, Doc>();
  const asked = new Set<string | number>();
  const identityOfValue = identityBy(lookup.environment.collation);
  const start = lookup.startWith.evaluate(doc);
  let frontier = isArray(start) ? start : start === undefined ? [] : [start];
  for (let depth = 0; depth <= lookup.depthMax && frontier.length > 0; depth += 1) {
    const fresh = frontier.filter((value) => !asked.has(identityOfValue(value)));
    for (const value of fresh) asked.add(identityOfValue(value));
    if (fresh.length === 0) break;
    frontier = await visit(fresh, depth, lookup, { reached, memory }, run);
  }
  return [...reached.values()];
}

interface Found {
  readonly reached: Map<string | number, Doc>;
  readonly memory: MemoryBound;
}

async function visit(
  values: readonly Value[],
  depth: number,
  lookup: GraphLookup,
  { reached, memory }: Found,
  run: Run,
): Promise<Value[]> {
  const next: Value[] = [];
  const clauses: Doc[] = lookup.restriction === undefined ? [] : [lookup.restriction];
  clauses.push(Doc.fromParts([lookup.to], [Doc.fromParts(["$in"], [values])]));
  // A null leads to null, and not to where the field is missing.
  if (values.includes(null))
    clauses.push(Doc.fromParts([lookup.to], [Doc.fromParts(["$exists"], [true])]));
  const filter = Doc.fromParts(["$and"], [clauses]);
  for await (const batch of run.source.read(lookup.namespace, {
    filter,
    environment: lookup.environment,
  })) {
    for (const doc of batch) {
      const key = identityOf(doc.get("_id") ?? null);
      if (!reached.has(key)) {
        memory.add(weightOf(doc));
        const { depthPath } = lookup;
        reached.set(key, depthPath === undefined ? doc : setNested(doc, depthPath, BigInt(depth)));
        for (const value of valuesAtPath(doc, lookup.from)) next.push(value);
      }
      if (run.pacer.due()) await run.pacer.rest();
    }
  }
  return next;
}

const textOptions = new Set(["from", "as", "connectFromField", "connectToField", "depthField"]);

/** @throws {MongoError} 9 */
export function mustBeGraphLookup(spec: Value): Doc {
  if (!(spec instanceof Doc))
    throw failedToParse(
      `the $graphLookup stage specification must be an object, but found ${typeName(spec)}`,
    );
  const from = spec.get("from");
  if (from === undefined)
    throw failedToParse(
      `missing 'from' option to $graphLookup stage specification: ${printBson(spec)}`,
    );
  if (typeof from !== "string")
    throw failedToParse(`$graphLookup 'from' field must be a string, but found ${typeName(from)}`);
  return spec;
}

function readGraphLookup(value: Value, context: StageContext): GraphLookup {
  const spec = mustBeGraphLookup(value);
  const texts = new Map<string, string>();
  let startWith: CompiledExpression | undefined;
  let depthMax = Number.MAX_SAFE_INTEGER;
  let restriction: Doc | undefined;
  for (const [key, each] of spec.entries()) {
    if (key === "startWith") startWith = compileStart(each, context.environment);
    else if (key === "maxDepth") depthMax = readDepth(each);
    else if (key === "restrictSearchWithMatch") restriction = readRestriction(each, context);
    else texts.set(key, readText(key, each));
  }
  const as = texts.get("as");
  const from = texts.get("connectFromField");
  const to = texts.get("connectToField");
  if (as === undefined || from === undefined || to === undefined || startWith === undefined)
    throw new MongoError(
      40105,
      "$graphLookup requires 'from', 'as', 'startWith', 'connectFromField', and 'connectToField' to be specified.",
    );
  const depthField = texts.get("depthField");
  return {
    namespace: { database: context.namespace.database, collection: texts.get("from") as string },
    as: splitFieldPath(as),
    startWith,
    from: splitFieldPath(from),
    to: splitFieldPath(to).join("."),
    depthMax,
    depthPath: depthField === undefined ? undefined : splitFieldPath(depthField),
    restriction,
    environment: context.environment,
  };
}

/** Not optimized by the server: a constant that fails does so when a document comes. */
function compileStart(value: Value, environment: QueryEnvironment): CompiledExpression {
  const expression = compileExpressionFor(value, environment, { keepsFailure: true });
  return { evaluate: (doc) => expression.evaluate(doc) };
}

function readText(key: string, value: Value): string {
  if (!textOptions.has(key))
    throw new MongoError(40104, `Unknown argument to $graphLookup: ${key}`);
  if (typeof value === "string") return value;
  throw new MongoError(40103, `expected string as argument for ${key}, found: ${typeName(value)}`);
}

function readDepth(value: Value): number {
  if (!isNumber(value))
    throw new MongoError(40100, `maxDepth must be numeric, found type: ${typeName(value)}`);
  const depth = toDouble(value);
  if (depth < 0)
    throw new MongoError(40101, `maxDepth requires a nonnegative argument, found: ${depth}`);
  if (!Number.isInteger(depth))
    throw new MongoError(40102, `maxDepth could not be represented as a long long: ${depth}`);
  return depth;
}

function readRestriction(value: Value, { environment }: StageContext): Doc {
  if (!(value instanceof Doc))
    throw new MongoError(
      40185,
      `restrictSearchWithMatch must be an object, found ${typeName(value)}`,
    );
  // Compiled here for its errors; the source compiles it again as part of what it reads.
  try {
    compileMatch(value, environment);
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    throw new MongoError(
      cause.code,
      `Failed to parse 'restrictSearchWithMatch' option to $graphLookup :: caused by :: ${cause.message}`,
      { cause },
    );
  }
  return value;
}
