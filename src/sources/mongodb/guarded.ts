/**
 * Writes that a guard looks at: within a transaction, the documents are found, changed by the server, and shown to the
 * guard; what it refuses aborts all of it.
 */
import { Doc } from "../../bson/doc.ts";
import type { ObjectId, Value } from "../../bson/value.ts";
import { Fault } from "../../kit/fault.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { QueryEnvironment } from "../../query/environment.ts";
import { composeUpsert, type UpsertChange } from "../../query/upsert.ts";
import type { Guard } from "../guard.ts";
import type {
  CallOptions,
  Collection,
  FindOneAndOptions,
  FindOptions,
  UpdateOptions,
  UpdateResult,
} from "../source.ts";
import { isTransient } from "./failure.ts";
import {
  compileChange,
  createEnvironment,
  needsOwnCollation,
  needsPosition,
  toChange,
  type UpdateSpec,
  type Write,
} from "./guarded-change.ts";

/** Documents of one call, whose images are held until it is committed. */
const documentsMax = 100_000;
const imageBytesMax = 256 * 2 ** 20;
/** Documents that are changed by one command. */
const chunkSize = 1000;

/** The verbs that write to documents which they find. */
export type GuardedVerbs = Pick<
  Collection,
  | "updateOne"
  | "updateMany"
  | "replaceOne"
  | "deleteOne"
  | "deleteMany"
  | "findOneAndUpdate"
  | "findOneAndReplace"
  | "findOneAndDelete"
>;

/** @param bound of a transaction, which the caller ends */
export function createGuardedVerbs(
  bound: Collection,
  guard: Guard,
  newId: () => ObjectId,
): GuardedVerbs {
  /** Finds the first document that is meant. */
  async function findFirst(options: FindOptions): Promise<Doc | undefined> {
    const { selects } = guard;
    const isSure = selects === undefined;
    const found = bound.find(guard.filter, {
      ...readOptions(options),
      ...(isSure && { limit: 1 }),
      ...(options.sort !== undefined && { sort: options.sort }),
    });
    for await (const batch of found)
      for (const doc of batch) if (isSure || (await selects(doc))) return doc;
    return undefined;
  }

  async function findAll(options: CallOptions): Promise<readonly Doc[]> {
    const meant: Doc[] = [];
    let bytes = 0;
    for await (const batch of bound.find(guard.filter, readOptions(options)))
      for (const doc of batch) {
        if ((await guard.selects?.(doc)) === false) continue;
        meant.push(doc);
        bytes += doc.toBytes().length;
        if (meant.length > documentsMax || bytes > imageBytesMax)
          throw new Fault("InvalidParameter", "too many documents for one write under these rules");
      }
    return meant;
  }

  async function insertComposed(
    filter: Doc,
    change: UpsertChange,
    environment: QueryEnvironment,
    options: CallOptions,
  ): Promise<Doc> {
    const composed = composeUpsert(filter, change, environment, newId);
    await guard.check(undefined, composed);
    await bound.insertOne(composed, options);
    return composed;
  }

  /** Of which of several the server speaks it does not say. */
  async function changeOrDeny<T>(found: readonly Doc[], change: () => Promise<T>): Promise<T> {
    try {
      return await change();
    } catch (cause) {
      if (cause instanceof MongoError && !isTransient(cause))
        for (const before of found) await guard.failed?.(before);
      throw cause;
    }
  }

  /** One document changed, or inserted where there was none. */
  async function changeOne(
    filter: Doc,
    write: Write,
    options: FindOneAndOptions,
  ): Promise<{ readonly before: Doc | undefined; readonly after: Doc } | undefined> {
    const before = await findFirst(options);
    if (before === undefined) {
      if (options.upsert !== true) return undefined;
      const environment = createEnvironment(options);
      const after = await insertComposed(
        filter,
        toChange(write, options, environment),
        environment,
        options,
      );
      return { before, after };
    }
    const target = idFilter(before);
    if (needsOwnCollation(options)) {
      const [after] = await changeHere(filter, write, [before], options);
      return { before, after: after as Doc };
    }
    const rest = { ...writeOptions(options), returnDocument: "after" } as const;
    const after = await changeOrDeny([before], async () =>
      "update" in write
        ? bound.findOneAndUpdate(
            needsPosition(write.update) ? Doc.of({ $and: [target, filter] }) : target,
            write.update,
            rest,
          )
        : bound.findOneAndReplace(target, write.replacement, rest),
    );
    if (after === null)
      throw new MongoError(
        2,
        "The positional operator did not find the match needed from the query.",
      );
    await guard.check(before, after);
    return { before, after };
  }

  /** By a collation the server would compare `_id`s, too: what becomes of the documents is found out here. */
  async function changeHere(
    filter: Doc,
    write: Write,
    found: readonly Doc[],
    options: UpdateOptions,
  ): Promise<readonly Doc[]> {
    const change = compileChange(filter, write, options);
    const changed: Doc[] = [];
    for (const before of found) {
      const after = await changeOrDeny([before], async () => Promise.resolve(change(before)));
      await guard.check(before, after);
      const { signal } = options;
      if (after !== before)
        await bound.replaceOne(idFilter(before), after, {
          ...(signal !== undefined && { signal }),
        });
      changed.push(after);
    }
    return changed;
  }

  async function takeOne(options: FindOneAndOptions): Promise<Doc | undefined> {
    const before = await findFirst(options);
    if (before === undefined) return undefined;
    await guard.check(before, undefined);
    await bound.deleteOne(idFilter(before), { signal: options.signal } as CallOptions);
    return before;
  }

  async function changeAll(
    filter: Doc,
    update: UpdateSpec,
    found: readonly Doc[],
    options: UpdateOptions,
  ): Promise<UpdateResult> {
    if (needsOwnCollation(options)) {
      const changed = await changeHere(filter, { update }, found, options);
      const modified = changed.filter((after, index) => after !== found[index]);
      return { matchedCount: found.length, modifiedCount: modified.length };
    }
    let modifiedCount = 0;
    for (let at = 0; at < found.length; at += chunkSize) {
      const chunk = found.slice(at, at + chunkSize);
      const target = idsFilter(chunk);
      const result = await changeOrDeny(chunk, async () =>
        bound.updateMany(
          needsPosition(update) ? Doc.of({ $and: [target, filter] }) : target,
          update,
          writeOptions(options),
        ),
      );
      modifiedCount += result.modifiedCount;
      await checkAll(chunk, target, options);
    }
    return { matchedCount: found.length, modifiedCount };
  }

  async function checkAll(chunk: readonly Doc[], target: Doc, options: CallOptions): Promise<void> {
    const former = new Map(chunk.map((each) => [idKey(each), each]));
    for await (const batch of bound.find(target, { signal: options.signal } as FindOptions))
      for (const after of batch) await guard.check(former.get(idKey(after)), after);
  }

  return {
    updateOne: async (filter, update, options = {}) =>
      toResult(await wordedAsUpdate(changeOne(filter, { update }, options))),
    replaceOne: async (filter, replacement, options = {}) =>
      toResult(await wordedAsUpdate(changeOne(filter, { replacement }, options))),
    async updateMany(filter, update, options = {}) {
      const found = await findAll(options);
      if (found.length > 0 || options.upsert !== true)
        return changeAll(filter, update, found, options);
      const environment = createEnvironment(options);
      const change = toChange({ update }, options, environment);
      const after = await insertComposed(filter, change, environment, options);
      return toResult({ before: undefined, after });
    },
    deleteOne: async (_filter, options = {}) => ((await takeOne(options)) === undefined ? 0 : 1),
    async deleteMany(_filter, options = {}) {
      const found = await findAll(options);
      for (const each of found) await guard.check(each, undefined);
      for (let at = 0; at < found.length; at += chunkSize)
        await bound.deleteMany(idsFilter(found.slice(at, at + chunkSize)), {
          signal: options.signal,
        } as CallOptions);
      return found.length;
    },
    findOneAndUpdate: async (filter, update, options = {}) =>
      toImage(await changeOne(filter, { update }, options), options),
    findOneAndReplace: async (filter, replacement, options = {}) =>
      toImage(await changeOne(filter, { replacement }, options), options),
    findOneAndDelete: async (_filter, options = {}) => (await takeOne(options)) ?? null,
  };
}

const findAndModifyPrefix = "Plan executor error during findAndModify :: caused by :: ";

/** The command that gives the document back words its failures in its own way. */
async function wordedAsUpdate<T>(changed: Promise<T>): Promise<T> {
  try {
    return await changed;
  } catch (cause) {
    if (!(cause instanceof MongoError) || !cause.message.startsWith(findAndModifyPrefix))
      throw cause;
    const { code, message } = cause;
    throw new MongoError(code, message.slice(findAndModifyPrefix.length), { cause: cause.cause });
  }
}

function readOptions({ signal, hint, comment }: CallOptions): FindOptions {
  return {
    ...(signal !== undefined && { signal }),
    ...(hint !== undefined && { hint }),
    ...(comment !== undefined && { comment }),
  };
}

/** The document has been found: how, does not matter any more. */
function writeOptions(options: UpdateOptions): UpdateOptions {
  const { signal, arrayFilters, comment } = options;
  return {
    ...(signal !== undefined && { signal }),
    ...(arrayFilters !== undefined && { arrayFilters }),
    ...(comment !== undefined && { comment }),
    ...(options.let !== undefined && { let: options.let }),
  };
}

function idFilter(doc: Doc): Doc {
  return Doc.of({ _id: Doc.of({ $eq: doc.get("_id") as Value }) });
}

function idsFilter(docs: readonly Doc[]): Doc {
  return Doc.of({ _id: Doc.of({ $in: docs.map((each) => each.get("_id") as Value) }) });
}

function idKey(doc: Doc): string {
  return Doc.of({ _id: doc.get("_id") as Value })
    .toBytes()
    .toString("latin1");
}

function toResult(
  changed: { readonly before: Doc | undefined; readonly after: Doc } | undefined,
): UpdateResult {
  if (changed === undefined) return { matchedCount: 0, modifiedCount: 0 };
  const { before, after } = changed;
  if (before === undefined)
    return { matchedCount: 0, modifiedCount: 0, upsertedId: after.get("_id") as Value };
  const isChanged = !before.toBytes().equals(after.toBytes());
  return { matchedCount: 1, modifiedCount: isChanged ? 1 : 0 };
}

function toImage(
  changed: { readonly before: Doc | undefined; readonly after: Doc } | undefined,
  { returnDocument }: FindOneAndOptions,
): Doc | null {
  if (changed === undefined) return null;
  return (returnDocument === "after" ? changed.after : changed.before) ?? null;
}
