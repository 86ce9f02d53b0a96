/** The change stream of a collection: batches of events, opened again after a loss where it broke off. */
import type { ClientSession } from "mongodb";
import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { Fault } from "../../kit/fault.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { pause } from "../../kit/pause.ts";
import type { Batches, WatchOptions } from "../source.ts";
import { abortReason } from "./failure.ts";
import type { Answer, Link } from "./link.ts";

/** How long the server holds its answer when nothing happens, in milliseconds. */
const awaitMs = 1000;
/** An answer that takes longer than this will not come any more. */
const answerMsMax = 10_000;
const retryMs = 250;
/** How long a server that is gone is waited for, in milliseconds: an election takes less. */
const lossMsMax = 60_000;
/** The cursor is gone, with its server or by an operator's hand; the stream is not. */
const cursorNotFound = 43;

interface Namespace {
  readonly database: string;
  readonly collection: string;
}

interface Stream {
  readonly session: ClientSession;
  readonly server: object | undefined;
  /** 0n: the server has ended it. */
  readonly id: bigint;
  readonly events: readonly Doc[];
  /** The place behind the events. */
  readonly token: Doc | undefined;
}

/** @returns resolves when the server listens */
export async function openChangeStream(
  link: Link,
  namespace: Namespace,
  pipeline: readonly Value[],
  options: WatchOptions = {},
): Promise<Batches> {
  const open = async (token: Doc | undefined): Promise<Stream> =>
    openCursor(link, namespace, stagesOf(pipeline, options, token), { ...options, token });
  const first = await open(options.resumeAfter);
  return follow(link, namespace, first, { open, signal: options.signal });
}

async function* follow(
  link: Link,
  namespace: Namespace,
  first: Stream,
  resuming: {
    readonly open: (token: Doc | undefined) => Promise<Stream>;
    readonly signal: AbortSignal | undefined;
  },
): Batches {
  let stream = first;
  try {
    for (;;) {
      if (stream.events.length > 0) yield stream.events;
      if (stream.id === 0n) return;
      stream = await advance(link, namespace, stream, resuming);
    }
  } finally {
    // The server drops the cursor by itself, with its session or when it was idle for long.
    await stream.session.endSession();
  }
}

/** The next batch; of a stream that is opened again when it was lost. */
async function advance(
  link: Link,
  namespace: Namespace,
  stream: Stream,
  { open, signal }: Parameters<typeof follow>[3],
): Promise<Stream> {
  const { token } = stream;
  let lostAt: number | undefined;
  for (;;) {
    try {
      if (lostAt === undefined) return await getMore(link, namespace, stream, signal);
      const opened = await open(token);
      await stream.session.endSession();
      return opened;
    } catch (error) {
      if (signal?.aborted === true) throw abortReason(signal);
      lostAt ??= performance.now();
      if (!isLoss(error) || performance.now() - lostAt > lossMsMax) throw error;
      await pause(retryMs, signal ?? never);
    }
  }
}

const never = new AbortController().signal;

function isLoss(error: unknown): boolean {
  if (error instanceof MongoError) {
    const labels = (error.cause as { readonly errorLabels?: readonly string[] } | undefined)
      ?.errorLabels;
    return error.code === cursorNotFound || labels?.includes("ResumableChangeStreamError") === true;
  }
  return error instanceof Fault && error.code === "ServiceUnavailable";
}

async function openCursor(
  link: Link,
  { database, collection }: Namespace,
  pipeline: readonly Value[],
  { token, ...options }: WatchOptions & { readonly token: Doc | undefined },
): Promise<Stream> {
  const session = link.startSession();
  try {
    const answer = await withBound(options.signal, async (signal) =>
      link.call({
        kind: "retryableRead",
        database,
        name: "aggregate",
        target: collection,
        fields: [
          ["pipeline", pipeline],
          ["cursor", Doc.empty],
          ["collation", options.collation],
          ["comment", options.comment],
        ],
        session,
        signal,
      }),
    );
    return readBatch(answer, "firstBatch", session, token);
  } catch (error) {
    await session.endSession();
    throw error;
  }
}

async function getMore(
  link: Link,
  { database, collection }: Namespace,
  { session, server, id, token }: Stream,
  signal: AbortSignal | undefined,
): Promise<Stream> {
  const answer = await withBound(signal, async (bound) =>
    link.call({
      kind: "next",
      database,
      name: "getMore",
      target: id,
      fields: [
        ["collection", collection],
        ["maxTimeMS", awaitMs],
      ],
      session,
      server,
      signal: bound,
    }),
  );
  return readBatch(answer, "nextBatch", session, token);
}

function readBatch(
  { reply, server }: Answer,
  batch: "firstBatch" | "nextBatch",
  session: ClientSession,
  former: Doc | undefined,
): Stream {
  const cursor = reply.get("cursor");
  if (!(cursor instanceof Doc)) throw new TypeError("the reply has no cursor");
  const found = cursor.get(batch);
  const events = isArray(found) ? found.filter((each) => each instanceof Doc) : [];
  const id = cursor.get("id");
  const places = [cursor.get("postBatchResumeToken"), events.at(-1)?.get("_id"), former];
  return {
    session,
    server,
    id: typeof id === "bigint" ? id : 0n,
    events,
    token: places.find((each) => each instanceof Doc),
  };
}

function stagesOf(
  pipeline: readonly Value[],
  { fullDocument }: WatchOptions,
  token: Doc | undefined,
): readonly Value[] {
  const spec = Doc.of({
    ...(fullDocument !== undefined && { fullDocument }),
    ...(token !== undefined && { resumeAfter: token }),
  });
  return [Doc.of({ $changeStream: spec }), ...pipeline];
}

/** Calls with a signal that ends when the caller's does, and when the server's answer is too long in coming. */
async function withBound<R>(
  signal: AbortSignal | undefined,
  call: (signal: AbortSignal) => Promise<R>,
): Promise<R> {
  // `AbortSignal.any` takes only the platform's own signals, and the call's is none.
  const both = new AbortController();
  const end = (): void => {
    both.abort(signal?.reason);
  };
  const timer = setTimeout(() => {
    both.abort(new Fault("ServiceUnavailable", "the server does not answer"));
  }, answerMsMax);
  signal?.addEventListener("abort", end);
  try {
    if (signal?.aborted === true) throw abortReason(signal);
    return await call(both.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
}
