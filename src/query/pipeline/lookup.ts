import { identityOf } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { printBson } from "../../bson/print.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { failedToParse, MongoError, typeMismatch } from "../../kit/mongo-error.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileExpressionFor, type CompiledExpression } from "../expression.ts";
import { carryMetadata } from "../metadata.ts";
import { isUnavailableMetadata, OptimizationFailure } from "../optimization-failure.ts";
import { checkNewVariableName } from "../variable-name.ts";
import { compiledLater } from "./compiled-later.ts";
import { splitFieldPath } from "../expression/field-path.ts";
import { weightOf } from "../weight.ts";
import { setNested } from "./nested.ts";
import { compileMatch } from "../match.ts";
import { buildLookupTable, type LookupTable } from "./lookup-table.ts";
import {
  type Batches,
  batchesOf,
  type CompileStage,
  type Namespace,
  type Run,
  type StageContext,
  failAfter,
  type Stages,
} from "./stage.ts";
import { valuesAtPath } from "./values-at-path.ts";

interface Lookup {
  readonly namespace: Namespace;
  readonly as: readonly string[];
  readonly local: readonly string[] | undefined;
  readonly foreign: string | undefined;
  readonly pipeline: Stages | undefined;
  readonly variables: readonly (readonly [string, CompiledExpression])[];
  /** The variables that `pipeline` was compiled with: set before it runs. */
  readonly bound: Map<string, Value | undefined>;
  readonly environment: QueryEnvironment;
}

/** Answers of one foreign collection that are remembered, since local values repeat. */
const cacheEntriesMax = 1000;
const cacheBytesMax = 32 * 2 ** 20;
/** The array that a document gets may not make it larger than a document may be. */
const joinedBytesMax = 16 * 2 ** 20;

export const compileLookup: CompileStage = (spec, context, name) => {
  const lookup = readLookup(spec, context);
  const isCacheable = lookup.variables.length === 0;
  return {
    name,
    reads: [lookup.namespace, ...(lookup.pipeline?.reads ?? [])],
    async *run(input, run) {
      const cache = new Map<string | number, readonly Doc[]>();
      let cacheBytes = 0;
      const joining = startJoining(lookup, run);
      for await (const batch of input) {
        const output: Doc[] = [];
        try {
          for (const doc of batch) {
            const wanted = lookup.local === undefined ? [] : localValues(doc, lookup.local);
            const key = identityOf(wanted);
            let joined = isCacheable ? cache.get(key) : undefined;
            if (joined === undefined) {
              joined = await joining(doc, wanted);
              cacheBytes += joined.reduce((sum, each) => sum + weightOf(each), 64);
              if (cache.size < cacheEntriesMax && cacheBytes < cacheBytesMax)
                cache.set(key, joined);
            }
            const widened = setNested(doc, lookup.as, joined);
            carryMetadata(doc, widened);
            output.push(widened);
            if (run.pacer.due()) await run.pacer.rest();
          }
        } catch (cause) {
          yield* failAfter(output, cause);
        }
        yield output;
      }
    },
  };
};

/** What the local field holds; an array stands for its elements, nothing for null. */
function localValues(doc: Doc, path: readonly string[]): readonly Value[] {
  const values = valuesAtPath(doc, path);
  return values.length === 0 ? [null] : values;
}

/** Joins by reading the whole collection after which it pays to note what is where. */
const readsMax = 4;

type Join = (doc: Doc, wanted: readonly Value[]) => Promise<readonly Doc[]>;

function startJoining(lookup: Lookup, run: Run): Join {
  const { foreign, pipeline, namespace, environment } = lookup;
  const isByTable =
    foreign !== undefined && pipeline === undefined && environment.collation === undefined;
  let table: LookupTable | undefined;
  let reads = 0;
  return async (doc, wanted) => {
    reads += 1;
    if (isByTable && reads === readsMax) {
      const all = run.source.read(namespace, { filter: Doc.empty, environment });
      table = await buildLookupTable(namespace, foreign, all, run);
    }
    const filter = foreign === undefined ? Doc.empty : joinFilter(foreign, wanted);
    if (table !== undefined) {
      const match = compileMatch(filter, environment);
      const found = table.candidates(wanted).filter((each) => match.matches(each));
      return await gather(batchesOf(found), lookup, run);
    }
    // An enclosing `$lookup` sets its variables per document, too.
    for (const [name, value] of environment.variables) lookup.bound.set(name, value);
    for (const [name, expression] of lookup.variables)
      lookup.bound.set(name, expression.evaluate(doc));
    const documents =
      pipeline === undefined
        ? run.source.read(namespace, { filter, environment })
        : pipeline.runOn(namespace, run, filter);
    return await gather(documents, lookup, run);
  };
}

async function gather(documents: Batches, { namespace }: Lookup, run: Run): Promise<Doc[]> {
  const joined: Doc[] = [];
  let bytes = 0;
  for await (const batch of documents) {
    for (const each of batch) {
      bytes += weightOf(each);
      joined.push(each);
    }
    if (bytes > joinedBytesMax)
      throw new MongoError(
        4568,
        `Total size of documents in ${namespace.collection} matching pipeline's $lookup stage exceeds ${joinedBytesMax} bytes`,
      );
    if (run.pacer.due()) await run.pacer.rest();
  }
  return joined;
}

function joinFilter(foreign: string, wanted: readonly Value[]): Doc {
  const equalTo = (value: Value): Doc =>
    Doc.fromParts([foreign], [Doc.fromParts(["$eq"], [value])]);
  if (wanted.length === 1) return equalTo(wanted[0] as Value);
  // In `$in` a regular expression would match strings; here it only equals itself.
  const hasRegex = wanted.some((each) => typeName(each) === "regex");
  if (hasRegex) return Doc.fromParts(["$or"], [wanted.map(equalTo)]);
  return Doc.fromParts([foreign], [Doc.fromParts(["$in"], [wanted])]);
}

const stringOptions = new Set(["from", "as", "localField", "foreignField"]);

/** Its pipeline, if it has one. @throws {MongoError} 9 and 14 */
export function outlineLookup(value: Value): readonly (readonly Value[])[] {
  const spec = mustBeLookup(value);
  const from = spec.get("from");
  if (from !== undefined) mustBeCollection(from);
  const pipeline = spec.get("pipeline");
  return isArray(pipeline) ? [pipeline] : [];
}

function mustBeLookup(spec: Value): Doc {
  if (!(spec instanceof Doc))
    throw failedToParse(
      `the $lookup stage specification must be an object, but found ${typeName(spec)}`,
    );
  if (!spec.has("from") && !spec.has("pipeline")) throw noPipeline();
  return spec;
}

function mustBeCollection(from: Value): string {
  if (from instanceof Doc) throw otherDatabase(from);
  if (typeof from !== "string")
    throw failedToParse(`$lookup 'from' field must be a string, but found ${typeName(from)}`);
  // Whether there is such a collection, or could be, matters to nobody else.
  if (from.includes("\0"))
    throw new MongoError(73, "namespaces cannot have embedded null characters");
  if (from.startsWith("."))
    throw new MongoError(73, `Collection names cannot start with '.': ${from}`);
  return from;
}

/** A collection of another database is none that a request may join. */
function otherDatabase(from: Doc): MongoError {
  for (const [key, value] of from.entries()) {
    if (key !== "db" && key !== "coll")
      return new MongoError(40415, `BSON field 'from.${key}' is an unknown field.`);
    if (typeof value !== "string")
      return typeMismatch(
        `BSON field 'from.${key}' is the wrong type '${typeName(value)}', expected type 'string'`,
      );
  }
  const { db, coll } = { db: from.get("db") ?? "", coll: from.get("coll") ?? "" };
  return failedToParse(
    `$lookup with syntax {from: {db:<>, coll:<>},..} is not supported for db: ${db as string} and coll: ${coll as string}`,
  );
}

function readLookup(value: Value, context: StageContext): Lookup {
  const spec = mustBeLookup(value);
  const options = readOptions(spec);
  const namespace = readFrom(spec.get("from"), options.pipeline, context);
  const as = options.texts.get("as");
  if (as === undefined) throw failedToParse("must specify 'as' field for a $lookup");
  const localField = options.texts.get("localField");
  const foreignField = options.texts.get("foreignField");
  const { variables } = options;
  if (options.pipeline === undefined) {
    if (localField === undefined || foreignField === undefined)
      throw failedToParse(
        "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
      );
    if (variables !== undefined)
      throw failedToParse("$lookup with a 'let' argument must also specify 'pipeline'");
  } else if ((localField === undefined) !== (foreignField === undefined))
    throw failedToParse(
      "$lookup requires both or neither of 'localField' and 'foreignField' to be specified",
    );
  const bound = new Map(context.environment.variables);
  const compiled = compileVariables(variables, context, bound);
  return {
    namespace,
    as: splitFieldPath(as),
    local: localField === undefined ? undefined : splitFieldPath(localField),
    foreign: foreignField === undefined ? undefined : splitFieldPath(foreignField).join("."),
    variables: compiled,
    bound,
    environment: context.environment,
    pipeline:
      options.pipeline === undefined
        ? undefined
        : compiledLater(
            () =>
              context.compile(options.pipeline ?? [], {
                place: "lookup",
                namespace,
                environment: { ...context.environment, variables: bound, metadata: new Set() },
              }),
            isLate,
          ),
  };
}

/** The server optimizes the pipeline when it first runs: a constant that fails does so for the first document. */
function isLate(failure: MongoError): boolean {
  return failure instanceof OptimizationFailure || isUnavailableMetadata(failure);
}

function compileVariables(
  variables: Doc | undefined,
  context: StageContext,
  bound: Map<string, Value | undefined>,
): [string, CompiledExpression][] {
  const compiled: [string, CompiledExpression][] = [];
  // The server evaluates them as they are written: what can only fail does so with the first document.
  const environment = { ...context.environment, isUnoptimized: true };
  for (const [name, value] of variables?.entries() ?? []) {
    checkNewVariableName(name);
    compiled.push([name, compileExpressionFor(value, environment, { keepsFailure: true })]);
    bound.set(name, undefined);
  }
  return compiled;
}

interface Options {
  readonly texts: ReadonlyMap<string, string>;
  readonly pipeline: readonly Value[] | undefined;
  readonly variables: Doc | undefined;
}

function readOptions(spec: Doc): Options {
  const texts = new Map<string, string>();
  let pipeline: readonly Value[] | undefined;
  let variables: Doc | undefined;
  for (const [key, value] of spec.entries()) {
    if (key === "pipeline") {
      if (!isArray(value)) throw typeMismatch("'pipeline' option must be specified as an array");
      pipeline = value;
    } else if (key === "let") {
      if (!(value instanceof Doc))
        throw failedToParse(
          `$lookup argument 'let: ${printBson(value)}' must be an object, is type ${typeName(value)}`,
        );
      variables = value;
    } else if (key !== "from") {
      const text = mustBeText(key, value);
      // An empty text is as good as none.
      if (text !== "") texts.set(key, text);
    }
  }
  return { texts, pipeline, variables };
}

function mustBeText(key: string, value: Value): string {
  if (typeof value !== "string")
    throw failedToParse(
      `$lookup argument '${key}' must be a string, found ${key}: ${printBson(value)}: ${typeName(value)}`,
    );
  if (!stringOptions.has(key)) throw failedToParse(`unknown argument to $lookup: ${key}`);
  return value;
}

function readFrom(
  from: Value | undefined,
  pipeline: readonly Value[] | undefined,
  { namespace }: StageContext,
): Namespace {
  if (from === undefined) {
    if (pipeline === undefined) throw noPipeline();
    mustStartWithDocuments(pipeline, "$lookup");
    return namespace;
  }
  const collection = mustBeCollection(from);
  if (collection === "")
    throw new MongoError(73, `invalid $lookup namespace: ${namespace.database}.`);
  return { database: namespace.database, collection };
}

function noPipeline(): MongoError {
  return failedToParse("must specify 'pipeline' when 'from' is empty");
}

/** Without a collection a sub-pipeline has to bring its documents. */
export function mustStartWithDocuments(pipeline: readonly Value[], stage: string): void {
  const first = pipeline[0];
  if (first instanceof Doc && first.has("$documents")) return;
  throw failedToParse(
    `${stage} stage without explicit collection must have a pipeline with $documents as first stage`,
  );
}
