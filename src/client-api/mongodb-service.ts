/**
 * What `functions/call` does for a data source named as `service`: the operations that the original's clients send.
 *
 * To add an operation: a line in `operations`.
 */
import { fieldOf, mustDoc, mustDocs, mustList, mustText } from "../actions/fields.ts";
import { optionalBoolean, optionalCount, optionalDoc, readableDoc } from "../actions/fields.ts";
import { mustReplacement, mustUpdate } from "../actions/update.ts";
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import type { Scope } from "../config/scope.ts";
import { Fault } from "../kit/fault.ts";
import type { Limits } from "../kit/limits.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { type DataAccess, openNamespace, type Use } from "../rules/open-namespace.ts";
import type {
  Batches,
  Collection,
  FindOneAndOptions,
  FindOptions,
  UpdateOptions,
  UpdateResult,
} from "../sources/source.ts";

/** What an operation gives: documents as they come, or one value. */
export type ServiceResult =
  | { readonly kind: "documents"; readonly batches: Batches; readonly documentsMax: number }
  | { readonly kind: "value"; readonly value: Value };

export interface ServiceCall {
  /** The name of a data source. */
  readonly service: string;
  /** The operation. */
  readonly name: string;
  readonly args: readonly Value[];
}

interface Context {
  readonly collection: Collection;
  readonly signal: AbortSignal;
  readonly limits: Limits;
}

interface Operation {
  use(args: Doc): Use;
  run(args: Doc, context: Context): Promise<ServiceResult>;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const reading = (): Use => ({ verb: "find" });
const inserting = (): Use => ({ verb: "insert" });
const updating = (): Use => ({ verb: "update" });
const deleting = (): Use => ({ verb: "delete" });

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["find", { use: reading, run: find }],
  ["findOne", { use: reading, run: findOne }],
  ["count", { use: reading, run: count }],
  ["distinct", { use: reading, run: distinct }],
  [
    "aggregate",
    { use: (args) => ({ verb: "aggregate", pipeline: args.get("pipeline") }), run: aggregate },
  ],
  ["insertOne", { use: inserting, run: insertOne }],
  ["insertMany", { use: inserting, run: insertMany }],
  ["updateOne", { use: updating, run: updateOne }],
  ["updateMany", { use: updating, run: updateMany }],
  ["replaceOne", { use: updating, run: replaceOne }],
  ["deleteOne", { use: deleting, run: deleteOne }],
  ["deleteMany", { use: deleting, run: deleteMany }],
  ["findOneAndUpdate", { use: updating, run: findOneAndUpdate }],
  // realm-web 2.0.1 sends its `findOneAndDelete` under this name, without an `update`.
  [
    "findOneAndReplace",
    {
      use: (args) => (args.has("update") ? updating() : deleting()),
      run: async (args, context) =>
        args.has("update") ? findOneAndReplace(args, context) : findOneAndDelete(args, context),
    },
  ],
  ["findOneAndDelete", { use: deleting, run: findOneAndDelete }],
]);

/**
 * Runs one operation as the scope's user. Reads may go on while the result is consumed.
 *
 * @throws {Fault} for a data source or an operation that is none, for its arguments, for what the user may not do
 * @throws {MongoError} what the data source says
 */
export async function callMongodbService(
  call: ServiceCall,
  scope: Scope,
  { access, limits }: { readonly access: DataAccess; readonly limits: Limits },
): Promise<ServiceResult> {
  const { service, name } = call;
  if (!scope.app.dataSources.has(service))
    throw new Fault("ServiceNotFound", `service not found: '${service}'`);
  if (name === "watch")
    throw new Fault("ServiceCommandNotFound", "watch is a stream: GET it with 'baas_request'");
  const operation = operations.get(name);
  if (operation === undefined)
    throw new Fault("ServiceCommandNotFound", `command not found: '${name}'`);
  const [args] = call.args;
  if (!(args instanceof Doc))
    throw new Fault("InvalidParameter", `mongodb ${name}: the argument must be an object`);
  const namespace = {
    dataSource: service,
    database: mustText(args, "database"),
    collection: mustText(args, "collection"),
  };
  const collection = openNamespace(scope, namespace, operation.use(args), access);
  return operation.run(args, { collection, signal: scope.signal, limits });
}

/** @returns the cause itself when it is not MongoDB's */
export function wordServiceFailure(cause: unknown): unknown {
  if (!(cause instanceof MongoError)) return cause;
  const { code, codeName, message } = cause;
  if (code === maxTimeExpired)
    return new Fault("ExecutionTimeLimitExceeded", "execution time limit exceeded", { cause });
  return new Fault("MongoDBError", `(${codeName}) ${message}`, { cause });
}

const maxTimeExpired = 50;

async function find(args: Doc, context: Context): Promise<ServiceResult> {
  const { documentsMax } = context.limits;
  const options: Writable<FindOptions> = shapeOptions(args, context);
  // Atlas: a client that names no limit gets as many documents as an answer may have, unlike the Data API's `find`.
  options.limit = Math.min(optionalCount(args, "limit") || documentsMax, documentsMax);
  const skip = optionalCount(args, "skip");
  if (skip !== undefined) options.skip = skip;
  const batches = context.collection.find(readFilter(args), options);
  return { kind: "documents", batches, documentsMax };
}

async function findOne(args: Doc, context: Context): Promise<ServiceResult> {
  return of(await context.collection.findOne(readFilter(args), shapeOptions(args, context)));
}

async function count(args: Doc, { collection, signal }: Context): Promise<ServiceResult> {
  const limit = optionalCount(args, "limit") ?? 0;
  const options = limit === 0 ? { signal } : { signal, limit };
  return of(BigInt(await collection.countDocuments(readFilter(args), options)));
}

async function distinct(args: Doc, { collection, signal }: Context): Promise<ServiceResult> {
  return of(await collection.distinct(mustText(args, "field"), readFilter(args), { signal }));
}

async function aggregate(args: Doc, context: Context): Promise<ServiceResult> {
  const { collection, signal, limits } = context;
  const batches = collection.aggregate(mustList(args, "pipeline"), { signal });
  return { kind: "documents", batches, documentsMax: limits.documentsMax };
}

async function insertOne(args: Doc, { collection, signal }: Context): Promise<ServiceResult> {
  const id = await collection.insertOne(mustDoc(args, "document"), { signal });
  return of(Doc.of({ insertedId: id }));
}

async function insertMany(args: Doc, { collection, signal }: Context): Promise<ServiceResult> {
  const documents = mustDocs(args, "documents");
  if (documents.length === 0)
    throw new Fault("InvalidParameter", '"documents" argument must have at least one document');
  const ordered = optionalBoolean(args, "ordered");
  const options = ordered === undefined ? { signal } : { signal, ordered };
  return of(Doc.of({ insertedIds: await collection.insertMany(documents, options) }));
}

async function updateOne(args: Doc, context: Context): Promise<ServiceResult> {
  const options = updateOptions(args, context);
  return updated(await context.collection.updateOne(writeFilter(args), mustUpdate(args), options));
}

async function updateMany(args: Doc, context: Context): Promise<ServiceResult> {
  const options = updateOptions(args, context);
  return updated(await context.collection.updateMany(writeFilter(args), mustUpdate(args), options));
}

async function replaceOne(args: Doc, context: Context): Promise<ServiceResult> {
  const options = updateOptions(args, context);
  const replacement = replacementOf(args);
  return updated(await context.collection.replaceOne(writeFilter(args), replacement, options));
}

async function deleteOne(args: Doc, { collection, signal }: Context): Promise<ServiceResult> {
  return deleted(await collection.deleteOne(writeFilter(args), { signal }));
}

async function deleteMany(args: Doc, { collection, signal }: Context): Promise<ServiceResult> {
  return deleted(await collection.deleteMany(writeFilter(args), { signal }));
}

async function findOneAndUpdate(args: Doc, context: Context): Promise<ServiceResult> {
  const options = findOneAndOptions(args, context);
  return of(
    await context.collection.findOneAndUpdate(writeFilter(args), mustUpdate(args), options),
  );
}

async function findOneAndReplace(args: Doc, context: Context): Promise<ServiceResult> {
  const options = findOneAndOptions(args, context);
  return of(
    await context.collection.findOneAndReplace(writeFilter(args), replacementOf(args), options),
  );
}

async function findOneAndDelete(args: Doc, context: Context): Promise<ServiceResult> {
  const options = shapeOptions(args, context);
  return of(await context.collection.findOneAndDelete(writeFilter(args), options));
}

function of(value: Value): ServiceResult {
  return { kind: "value", value };
}

function updated({ matchedCount, modifiedCount, upsertedId }: UpdateResult): ServiceResult {
  const counts = Doc.of({ matchedCount, modifiedCount });
  return of(upsertedId === undefined ? counts : counts.with("upsertedId", upsertedId));
}

function deleted(deletedCount: number): ServiceResult {
  return of(Doc.of({ deletedCount }));
}

/** Operations on one document say `filter`, all others `query`. */
function filterName(args: Doc): "query" | "filter" {
  return args.has("query") ? "query" : "filter";
}

function readFilter(args: Doc): Doc {
  return readableDoc(args, filterName(args)) ?? Doc.empty;
}

/** A filter that was lost on the way must not reach every document. */
function writeFilter(args: Doc): Doc {
  return mustDoc(args, args.has("filter") ? "filter" : "query");
}

function replacementOf(args: Doc): Doc {
  return mustReplacement(Doc.of({ replacement: fieldOf(args, "update") ?? null }));
}

function shapeOptions(
  args: Doc,
  { signal }: Context,
): { signal: AbortSignal; projection?: Doc; sort?: Doc } {
  const projection = readableDoc(args, args.has("project") ? "project" : "projection");
  const sort = readableDoc(args, "sort");
  return {
    signal,
    ...(projection !== undefined && { projection }),
    ...(sort !== undefined && { sort }),
  };
}

function updateOptions(args: Doc, { signal }: Context): UpdateOptions {
  const upsert = optionalBoolean(args, "upsert");
  const arrayFilters =
    fieldOf(args, "arrayFilters") === undefined ? undefined : mustDocs(args, "arrayFilters");
  const collation = optionalDoc(args, "collation");
  return {
    signal,
    ...(upsert !== undefined && { upsert }),
    ...(arrayFilters !== undefined && { arrayFilters }),
    ...(collation !== undefined && { collation }),
  };
}

function findOneAndOptions(args: Doc, context: Context): FindOneAndOptions {
  const returnsNew = optionalBoolean(args, "returnNewDocument") ?? false;
  return {
    ...shapeOptions(args, context),
    ...updateOptions(args, context),
    returnDocument: returnsNew ? "after" : "before",
  };
}
