/**
 * What changes in a database, as the server's change stream tells it: opened again after a loss where it broke off.
 *
 * Only names and `_id`s travel. Whoever wants to know what became of a document reads it.
 */
import type { ClientSession } from "mongodb";
import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { pause } from "../../kit/pause.ts";
import type { Link } from "./link.ts";

export interface DatabaseWatch {
  close(): Promise<void>;
}

export interface WatchOptions {
  /** Changes of others are not told. */
  readonly collections: readonly string[];
  /** @param id of the changed document; undefined: any document of the collection may have changed */
  readonly onChange: (collection: string, id: Value | undefined) => void;
  /** Changes may have been missed: everything may be different. */
  readonly onGap: () => void;
}

/** How long the server holds its answer when nothing happens, in milliseconds. */
const awaitMs = 1000;
/** An answer that takes longer than this will not come any more. */
const answerMsMax = 10_000;
const retryMs = 250;

/** Only replica sets have change streams; or the user may not read them. */
const unsupported: ReadonlySet<number> = new Set([13, 40_573]);
/** The place where the stream broke off is not known to the server any more. */
const lost: ReadonlySet<number> = new Set([260, 280, 286]);

interface Stream {
  readonly session: ClientSession;
  readonly server: object | undefined;
  readonly id: bigint;
  readonly collection: string;
  readonly token: Value | undefined;
}

/**
 * Begins to watch; what changes after the promise has resolved is told.
 *
 * @returns undefined where the server has no change streams, or not for this user
 * @throws {Fault} `ServiceUnavailable`
 */
export async function watchDatabase(
  link: Link,
  database: string,
  options: WatchOptions,
): Promise<DatabaseWatch | undefined> {
  const stop = new AbortController();
  const first = await openStream(undefined).catch((error: unknown) => {
    if (error instanceof MongoError && unsupported.has(error.code)) return undefined;
    throw error;
  });
  if (first === undefined) return undefined;
  const running = follow(first);
  return {
    async close() {
      stop.abort(new Error("the watch is closed"));
      await running;
    },
  };

  function signal(): AbortSignal {
    return AbortSignal.any([stop.signal, AbortSignal.timeout(answerMsMax)]);
  }

  async function openStream(token: Value | undefined): Promise<Stream> {
    const session = link.startSession();
    try {
      const { reply, server } = await link.call({
        kind: "retryableRead",
        database,
        name: "aggregate",
        target: 1,
        fields: [
          ["pipeline", pipelineOf(options.collections, token)],
          ["cursor", Doc.empty],
        ],
        session,
        signal: signal(),
      });
      return readBatch(reply, { session, server, token, batch: "firstBatch" });
    } catch (error) {
      await session.endSession();
      throw error;
    }
  }

  async function follow(opened: Stream): Promise<void> {
    let stream: Stream | undefined = opened;
    let token = opened.token;
    while (!stop.signal.aborted) {
      try {
        if (stream === undefined) {
          const isResumed = token !== undefined;
          stream = await openStream(token);
          if (!isResumed) options.onGap();
        }
        const next: Stream = await advance(stream);
        token = next.token;
        // The server ends a stream whose database was dropped.
        if (next.id === 0n) token = undefined;
        stream = next.id === 0n ? await leave(next) : next;
      } catch (error) {
        if (stream !== undefined) stream = await leave(stream);
        if (error instanceof MongoError && lost.has(error.code)) token = undefined;
        await pause(retryMs, stop.signal);
      }
    }
    if (stream !== undefined) await leave(stream);
  }

  async function advance(stream: Stream): Promise<Stream> {
    const { session, server, token } = stream;
    const { reply } = await link.call({
      kind: "next",
      database,
      name: "getMore",
      target: stream.id,
      fields: [
        ["collection", stream.collection],
        ["maxTimeMS", awaitMs],
      ],
      session,
      server,
      signal: signal(),
    });
    return readBatch(reply, { session, server, token, batch: "nextBatch" });
  }

  function readBatch(
    reply: Doc,
    from: Pick<Stream, "session" | "server" | "token"> & {
      readonly batch: "firstBatch" | "nextBatch";
    },
  ): Stream {
    const cursor = reply.get("cursor");
    if (!(cursor instanceof Doc)) throw new TypeError("the reply has no cursor");
    const { session, server, batch } = from;
    const events = cursor.get(batch);
    let { token } = from;
    for (const event of isArray(events) ? events : []) {
      if (!(event instanceof Doc)) continue;
      tell(event);
      token = event.get("_id");
    }
    const id = cursor.get("id");
    const namespace = cursor.get("ns") as string;
    return {
      session,
      server,
      id: typeof id === "bigint" ? id : 0n,
      collection: namespace.slice(namespace.indexOf(".") + 1),
      token: cursor.get("postBatchResumeToken") ?? token,
    };
  }

  function tell(event: Doc): void {
    const namespace = event.get("ns");
    const collection = namespace instanceof Doc ? namespace.get("coll") : undefined;
    const key = event.get("documentKey");
    if (typeof collection === "string")
      options.onChange(collection, key instanceof Doc ? key.get("_id") : undefined);
  }
}

function pipelineOf(collections: readonly string[], token: Value | undefined): readonly Doc[] {
  return [
    Doc.of({ $changeStream: token === undefined ? Doc.empty : Doc.of({ resumeAfter: token }) }),
    Doc.of({ $match: Doc.of({ "ns.coll": Doc.of({ $in: [...collections] }) }) }),
    Doc.of({ $project: Doc.of({ "ns.coll": 1, documentKey: 1 }) }),
  ];
}

/** The server drops the cursor by itself, with its session or when it was idle for long. */
async function leave({ session }: Stream): Promise<undefined> {
  await session.endSession();
  return undefined;
}
