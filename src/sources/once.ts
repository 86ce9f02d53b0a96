/**
 * Writes that happen once, however often they are asked for.
 *
 * The record that a call was made lies in the same data source as what it writes, and is written in the same
 * transaction: there are both or neither. It holds the write's result; asked again, the call gets that and writes
 * nothing. Both sources share what is here; how they write both together is theirs.
 */
import { Doc } from "../bson/doc.ts";
import { Binary, isArray, toDateTime, type Value } from "../bson/value.ts";
import { Fault } from "../kit/fault.ts";
import type { Collection, UpdateResult } from "./source.ts";

/** Where the records are: a database that no client reaches. */
export const recordDatabase = "__petiole";
export const recordCollection = "calls";
/** The index that takes old records away. */
export const recordIndex = {
  keys: Doc.of({ expires_at: 1 }),
  options: Doc.of({ name: "expires_at", expireAfterSeconds: 0 }),
} as const;

const lifetimeMs = 24 * 60 * 60 * 1000;

/** What tells a call from all others. */
export interface OnceCall {
  /** 32 bytes, of who calls and the name that they gave the call. */
  readonly id: Uint8Array;
  /** 32 bytes, of all that is asked: two calls of one name must ask the same. */
  readonly fingerprint: Uint8Array;
}

export interface OnceCollection {
  /** Its writes happen once. It is good for one of them. */
  readonly collection: Collection;
  /** Whether the write was made earlier, and what came is its result. */
  readonly isReplay: () => boolean;
}

/** How a verb's result is kept. */
export interface ResultCodec<R> {
  readonly toValue: (result: R) => Value;
  readonly fromValue: (value: Value | undefined) => R;
}

/** Writes with the record, or finds the record and writes nothing. */
export type RunOnce = <R>(
  codec: ResultCodec<R>,
  write: (collection: Collection) => Promise<R>,
  signal: AbortSignal | undefined,
) => Promise<R>;

/** @param base for the verbs that do not write */
export function createOnceCollection(base: Collection, run: RunOnce): Collection {
  return {
    ...base,
    insertOne: async (document, options) =>
      run(idCodec, async (to) => to.insertOne(document, options), options?.signal),
    insertMany: async (documents, options) =>
      run(idsCodec, async (to) => to.insertMany(documents, options), options?.signal),
    updateOne: async (filter, update, options) =>
      run(updateCodec, async (to) => to.updateOne(filter, update, options), options?.signal),
    updateMany: async (filter, update, options) =>
      run(updateCodec, async (to) => to.updateMany(filter, update, options), options?.signal),
    replaceOne: async (filter, replacement, options) =>
      run(updateCodec, async (to) => to.replaceOne(filter, replacement, options), options?.signal),
    deleteOne: async (filter, options) =>
      run(countCodec, async (to) => to.deleteOne(filter, options), options?.signal),
    deleteMany: async (filter, options) =>
      run(countCodec, async (to) => to.deleteMany(filter, options), options?.signal),
    findOneAndUpdate: refuse,
    findOneAndReplace: refuse,
    findOneAndDelete: refuse,
    bulkWrite: refuse,
  };
}

/** No action has these verbs yet. Run as usual they would break the promise without a word. */
async function refuse(): Promise<never> {
  throw new TypeError("this verb can not be made to happen once");
}

const idCodec: ResultCodec<Value> = {
  toValue: (id) => id,
  fromValue: (value) => value ?? null,
};

const idsCodec: ResultCodec<readonly Value[]> = {
  toValue: (ids) => ids,
  fromValue: (value) => (isArray(value) ? value : []),
};

const countCodec: ResultCodec<number> = {
  toValue: (count) => BigInt(count),
  fromValue: Number,
};

const updateCodec: ResultCodec<UpdateResult> = {
  toValue: ({ matchedCount, modifiedCount, upsertedId }) =>
    Doc.of({
      matched: BigInt(matchedCount),
      modified: BigInt(modifiedCount),
      ...(upsertedId === undefined ? {} : { upserted: upsertedId }),
    }),
  fromValue(value) {
    const doc = value instanceof Doc ? value : Doc.empty;
    const upsertedId = doc.get("upserted");
    return {
      matchedCount: Number(doc.get("matched")),
      modifiedCount: Number(doc.get("modified")),
      ...(upsertedId === undefined ? {} : { upsertedId }),
    };
  },
};

/** @param now milliseconds since 1970 */
export function toRecord({ id, fingerprint }: OnceCall, result: Value, now: number): Doc {
  return Doc.of({
    _id: new Binary(0, id),
    fingerprint: new Binary(0, fingerprint),
    result,
    expires_at: toDateTime(now + lifetimeMs),
  });
}

export function recordFilter({ id }: OnceCall): Doc {
  return Doc.of({ _id: new Binary(0, id) });
}

/** @throws {Fault} `IdempotencyKeyReused` when the record is that of another call */
export function readRecord<R>(record: Doc, call: OnceCall, codec: ResultCodec<R>): R {
  const known = record.get("fingerprint");
  if (!(known instanceof Binary) || !Buffer.from(known.bytes).equals(call.fingerprint))
    throw new Fault(
      "IdempotencyKeyReused",
      "this Idempotency-Key has been used for another request",
    );
  return codec.fromValue(record.get("result"));
}
