/** Inserts, updates and deletes as the server's commands, in messages that it takes. */
import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type {
  BulkOperation,
  BulkResult,
  CallOptions,
  UpdateOptions,
  WriteFailure,
} from "../source.ts";
import type { Fields, Link } from "./link.ts";

/** The server's bounds are 100,000 documents and 48,000,000 bytes a message. */
const documentsMax = 100_000;
const messageBytesMax = 40_000_000;

export type WriteVerb = "insert" | "update" | "delete";

const fieldOf = { insert: "documents", update: "updates", delete: "deletes" } as const;

/** One document of an insert, or one statement of an update or delete. */
export interface Statement {
  readonly verb: WriteVerb;
  readonly document: Doc;
  /** Touches many documents, which the server can not repeat safely. */
  readonly isMany: boolean;
  /** Where it stood in the caller's list. */
  readonly index: number;
}

export interface WriteOptions {
  readonly signal?: AbortSignal | undefined;
  readonly ordered: boolean;
  readonly let?: Doc | undefined;
  readonly comment?: Value | undefined;
}

/** What a list of statements did; the keys of the maps are the statements' indexes. */
export interface Written {
  readonly insertedCount: number;
  readonly matchedCount: number;
  readonly modifiedCount: number;
  readonly deletedCount: number;
  readonly upsertedIds: ReadonlyMap<number, Value>;
  /** In the order of the statements; ordered, nothing after the first was tried. */
  readonly failures: readonly WriteFailure[];
}

/** Runs statements in as few commands as there can be. */
export async function writeAll(
  link: Link,
  namespace: { readonly database: string; readonly collection: string },
  statements: readonly Statement[],
  options: WriteOptions,
): Promise<Written> {
  const tally = createTally();
  for (const group of groupsOf(statements)) {
    const { verb } = group[0] as Statement;
    const { reply } = await link.call({
      kind: group.some((each) => each.isMany) ? "write" : "retryableWrite",
      database: namespace.database,
      name: verb,
      target: namespace.collection,
      fields: [
        ["ordered", options.ordered],
        ["let", verb === "insert" ? undefined : options.let],
        ["comment", options.comment],
      ],
      sequence: {
        field: fieldOf[verb],
        documents: group.map((each) => each.document.toBytes()),
      },
      signal: options.signal,
    });
    tally.add(verb, reply, group);
    if (options.ordered && tally.hasFailed()) break;
  }
  return tally.written();
}

interface Tally {
  add(verb: WriteVerb, reply: Doc, group: readonly Statement[]): void;
  hasFailed(): boolean;
  written(): Written;
}

function createTally(): Tally {
  const counts = { insert: 0, update: 0, delete: 0, modified: 0 };
  const upsertedIds = new Map<number, Value>();
  const failures: WriteFailure[] = [];
  return {
    add(verb, reply, group): void {
      const upserted = docsOf(reply.get("upserted"));
      for (const each of upserted) {
        const statement = group[toNumber(each.get("index"))] as Statement;
        upsertedIds.set(statement.index, each.get("_id") as Value);
      }
      // What an upsert inserted counts in `n`, but matched nothing.
      counts[verb] += toNumber(reply.get("n")) - upserted.length;
      counts.modified += toNumber(reply.get("nModified"));
      for (const each of docsOf(reply.get("writeErrors"))) {
        const { index } = group[toNumber(each.get("index"))] as Statement;
        const message = each.get("errmsg") as string;
        failures.push({ index, code: toNumber(each.get("code")), message });
      }
    },
    hasFailed: () => failures.length > 0,
    written: () => ({
      insertedCount: counts.insert,
      matchedCount: counts.update,
      modifiedCount: counts.modified,
      deletedCount: counts.delete,
      upsertedIds,
      failures,
    }),
  };
}

/** Neighbours of one verb go together, as far as a message holds them. */
function* groupsOf(statements: readonly Statement[]): IterableIterator<readonly Statement[]> {
  let group: Statement[] = [];
  let bytes = 0;
  for (const statement of statements) {
    const length = statement.document.toBytes().length;
    const fits =
      group[0]?.verb === statement.verb &&
      // One that can not be repeated would keep the others from being repeated.
      group[0].isMany === statement.isMany &&
      group.length < documentsMax &&
      bytes + length <= messageBytesMax;
    if (!fits && group.length > 0) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(statement);
    bytes += length;
  }
  if (group.length > 0) yield group;
}

export function toInsert(document: Doc, index: number): Statement {
  return { verb: "insert", document: fromBytesOf(document), isMany: false, index };
}

export function toUpdate(
  filter: Doc,
  update: Doc | readonly Value[],
  options: UpdateOptions,
  place: { readonly index: number; readonly isMany: boolean },
): Statement {
  const document = fromFields([
    ["q", filter],
    ["u", update],
    ["multi", place.isMany],
    ["upsert", options.upsert],
    ["arrayFilters", options.arrayFilters],
    ["collation", options.collation],
    ["hint", options.hint],
  ]);
  return { verb: "update", document, ...place };
}

export function toDelete(
  filter: Doc,
  options: CallOptions,
  place: { readonly index: number; readonly isMany: boolean },
): Statement {
  const document = fromFields([
    ["q", filter],
    ["limit", place.isMany ? 0 : 1],
    ["collation", options.collation],
    ["hint", options.hint],
  ]);
  return { verb: "delete", document, ...place };
}

/** @param withId gives an inserted document its `_id` */
export function toStatement(
  operation: BulkOperation,
  index: number,
  withId: (document: Doc, index: number) => Doc,
): Statement {
  if ("insertOne" in operation) return toInsert(withId(operation.insertOne.document, index), index);
  if ("updateOne" in operation) {
    const { filter, update, ...options } = operation.updateOne;
    return toUpdate(filter, mustModify(update), options, { index, isMany: false });
  }
  if ("updateMany" in operation) {
    const { filter, update, ...options } = operation.updateMany;
    return toUpdate(filter, mustModify(update), options, { index, isMany: true });
  }
  if ("replaceOne" in operation) {
    const { filter, replacement, ...options } = operation.replaceOne;
    return toUpdate(filter, mustReplace(replacement), options, { index, isMany: false });
  }
  if ("deleteOne" in operation) {
    const { filter, ...options } = operation.deleteOne;
    return toDelete(filter, options, { index, isMany: false });
  }
  const { filter, ...options } = operation.deleteMany;
  return toDelete(filter, options, { index, isMany: true });
}

/** The entries of the statements that did not fail and, where they are ordered, were tried. */
export function insertedOnly(
  ids: ReadonlyMap<number, Value>,
  { failures }: Written,
  { ordered }: { readonly ordered: boolean },
): ReadonlyMap<number, Value> {
  const failed = new Set(failures.map((each) => each.index));
  const end = ordered ? Math.min(...failed) : Number.POSITIVE_INFINITY;
  return new Map([...ids].filter(([index]) => index < end && !failed.has(index)));
}

export function toBulkResult(
  written: Written,
  insertedIds: ReadonlyMap<number, Value>,
): BulkResult {
  const { insertedCount, matchedCount, modifiedCount, deletedCount, upsertedIds } = written;
  const upsertedCount = upsertedIds.size;
  return {
    insertedCount,
    matchedCount,
    modifiedCount,
    deletedCount,
    insertedIds,
    upsertedIds,
    upsertedCount,
  };
}

/**
 * Refuses what the server would take for a replacement.
 *
 * @throws {MongoError} 9 when the update has no operators
 */
export function mustModify(update: Doc | readonly Value[]): Doc | readonly Value[] {
  if (isArray(update)) return update;
  if (update.keys()[0]?.startsWith("$") === true) return update;
  throw new MongoError(9, "Update document requires atomic operators");
}

/**
 * Refuses what the server would take for an update.
 *
 * @throws {MongoError} 9 when the replacement has operators
 */
export function mustReplace(replacement: Doc): Doc {
  if (replacement.keys()[0]?.startsWith("$") !== true) return replacement;
  throw new MongoError(9, "the replace operation document must not contain atomic operators");
}

function fromFields(fields: Fields): Doc {
  return fromBytesOf(
    Doc.fromEntries(
      fields.filter((field): field is readonly [string, Value] => field[1] !== undefined),
    ),
  );
}

/** The same document over its bytes, so that they are made once. */
function fromBytesOf(document: Doc): Doc {
  return document.source === undefined ? Doc.fromBytes(document.toBytes()) : document;
}

function docsOf(value: Value | undefined): readonly Doc[] {
  return isArray(value) ? value.filter((each) => each instanceof Doc) : [];
}

export function toNumber(value: Value | undefined): number {
  if (typeof value === "number" || typeof value === "bigint") return Number(value);
  return typeof value === "object" && value !== null && "value" in value ? value.value : 0;
}
