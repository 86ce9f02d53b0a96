/** The segments of all apps' logs in the state store: kept for some days, and never more of them than a size allows. */
import { Doc } from "../bson/doc.ts";
import { Binary, DateTime, isArray, ObjectId, type Value } from "../bson/value.ts";
import type { StateStore } from "../config/state-store.ts";
import type { LogType } from "./log-entry.ts";
import type { Segment } from "./segment.ts";

export interface StoredSegment extends Segment {
  /** 24 hex digits. */
  readonly id: string;
}

export interface SegmentFilter {
  readonly appId: string;
  /** Of segments with an entry that ended after this; milliseconds since 1970. */
  readonly after?: number;
  /** Of segments with an entry that ended at or before this. */
  readonly until?: number;
  readonly types?: readonly LogType[];
  readonly hasErrors?: boolean;
  readonly userId?: string;
}

export interface LogStore {
  put(segment: Segment): Promise<void>;
  /** The newest first, by their ends. Leaving the loop ends the reading. */
  find(filter: SegmentFilter): AsyncIterable<StoredSegment>;
  /** Bytes of all segments, as far as this node knows. */
  readonly bytes: number;
  /** Segments that had to go for others, since this node started. */
  readonly prunedCount: number;
  /** Takes the oldest away while all are larger than they may be. @returns how many went */
  prune(): Promise<number>;
  deleteAll(appId: string): Promise<void>;
}

export interface LogStoreEnvironment {
  readonly state: StateStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
  readonly keptMs: number;
  readonly bytesMax: number;
}

const collectionName = "logs";
/** A document's other fields and its index entries. */
const overheadBytes = 512;
/** Pruning makes some room, so that it is not to do again at once. */
const prunedTo = 0.95;
const prunedAtOnce = 100;
/** Other nodes write too: the size is read anew every so often. */
const recountMs = 600_000;

/** Makes the collection's indexes. */
export async function prepareLogs(state: StateStore): Promise<void> {
  const collection = state.collection(collectionName);
  await collection.createIndex(Doc.of({ app_id: 1, to: -1 }), Doc.of({ name: "app_to" }));
  await collection.createIndex(
    Doc.of({ expires_at: 1 }),
    Doc.of({ name: "expires_at", expireAfterSeconds: 0 }),
  );
}

export function openLogStore(environment: LogStoreEnvironment): LogStore {
  const { state, now, newId, keptMs, bytesMax } = environment;
  const collection = state.collection(collectionName);
  let bytes = 0;
  let countedAt = -Infinity;
  let prunedCount = 0;

  async function recount(): Promise<void> {
    if (now() - countedAt < recountMs) return;
    countedAt = now();
    const sum = [Doc.of({ $group: Doc.of({ _id: null, bytes: Doc.of({ $sum: "$bytes" }) }) })];
    for await (const [found] of collection.aggregate(sum)) bytes = Number(found?.get("bytes") ?? 0);
  }

  /** @returns how many went; 0 when there is none left */
  async function removeOldest(): Promise<number> {
    const options = {
      sort: Doc.of({ expires_at: 1 }),
      limit: prunedAtOnce,
      projection: Doc.of({ bytes: 1 }),
    };
    const ids: Value[] = [];
    let freed = 0;
    for await (const batch of collection.find(Doc.empty, options))
      for (const doc of batch) {
        if (bytes - freed <= bytesMax * prunedTo) break;
        ids.push(doc.get("_id") ?? null);
        freed += Number(doc.get("bytes") ?? 0);
      }
    if (ids.length === 0) return 0;
    await collection.deleteMany(Doc.of({ _id: Doc.of({ $in: ids }) }));
    bytes -= freed;
    return ids.length;
  }

  return {
    async put(segment) {
      const size = segment.data.length + overheadBytes;
      await collection.insertOne(toDoc(newId(), segment, size, segment.to + keptMs));
      bytes += size;
    },
    async *find(filter) {
      const options = { sort: Doc.of({ to: -1 }) };
      for await (const batch of collection.find(toFilter(filter), options))
        for (const doc of batch) yield readDoc(doc);
    },
    get bytes() {
      return bytes;
    },
    get prunedCount() {
      return prunedCount;
    },
    async prune() {
      await recount();
      let count = 0;
      while (bytes > bytesMax) {
        // oxlint-disable-next-line no-await-in-loop
        const gone = await removeOldest();
        if (gone === 0) {
          // What was counted is there no longer: another node has taken it away.
          countedAt = -Infinity;
          break;
        }
        count += gone;
        if (bytes <= bytesMax * prunedTo) break;
      }
      prunedCount += count;
      return count;
    },
    async deleteAll(appId) {
      await collection.deleteMany(Doc.of({ app_id: ObjectId.fromHex(appId) }));
      countedAt = -Infinity;
    },
  };
}

function toDoc(id: ObjectId, segment: Segment, bytes: number, expiresAt: number): Doc {
  const { appId, from, to, count, errors, types, users, data, isPacked } = segment;
  return Doc.of({
    _id: id,
    app_id: ObjectId.fromHex(appId),
    from: new DateTime(from),
    to: new DateTime(to),
    count,
    errors,
    types: [...types],
    ...(users === undefined ? {} : { users: [...users] }),
    bytes,
    expires_at: new DateTime(expiresAt),
    packed: isPacked,
    data: new Binary(0, data),
  });
}

function toFilter({ appId, after, until, types, hasErrors, userId }: SegmentFilter): Doc {
  return Doc.of({
    app_id: ObjectId.fromHex(appId),
    ...(after === undefined ? {} : { to: Doc.of({ $gt: new DateTime(after) }) }),
    ...(until === undefined ? {} : { from: Doc.of({ $lte: new DateTime(until) }) }),
    ...(types === undefined ? {} : { types: Doc.of({ $in: [...types] }) }),
    ...(hasErrors === true ? { errors: Doc.of({ $gt: 0 }) } : {}),
    // Null matches a segment that has too many users to name them.
    ...(userId === undefined ? {} : { users: Doc.of({ $in: [userId, null] }) }),
  });
}

/** What a document lacks is left empty: nobody but this file writes them. */
function readDoc(doc: Doc): StoredSegment {
  const app = doc.get("app_id");
  const data = doc.get("data");
  const id = doc.get("_id");
  const users = doc.get("users");
  return {
    id: id instanceof ObjectId ? id.toHex() : "",
    appId: app instanceof ObjectId ? app.toHex() : "",
    from: momentOf(doc.get("from")),
    to: momentOf(doc.get("to")),
    count: Number(doc.get("count") ?? 0),
    errors: Number(doc.get("errors") ?? 0),
    types: textsOf(doc.get("types")) as readonly LogType[],
    users: users === undefined ? undefined : textsOf(users),
    data: data instanceof Binary ? Buffer.from(data.bytes) : Buffer.alloc(0),
    isPacked: doc.get("packed") === true,
  };
}

function momentOf(value: Value | undefined): number {
  return value instanceof DateTime ? Number(value.ms) : 0;
}

function textsOf(value: Value | undefined): readonly string[] {
  return isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
