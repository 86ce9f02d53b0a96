/** Changes as they happen, in the form of a server's change stream. */
import { Doc } from "../../bson/doc.ts";
import { DateTime, type Value } from "../../bson/value.ts";
import { failedToParse, MongoError } from "../../kit/mongo-error.ts";
import type { FeedEvent, FeedListener } from "../../store/change-feed.ts";
import { type ChangePipeline, compileChangePipeline } from "../change-pipeline.ts";
import type { Batches, WatchOptions } from "../source.ts";
import { type CollectionContext, createEnvironment, findCollection } from "./context.ts";

export async function watch(
  context: CollectionContext,
  pipeline: readonly Value[],
  options: WatchOptions = {},
): Promise<Batches> {
  const environment = createEnvironment(context, options);
  const transform = compileChangePipeline(
    pipeline,
    environment,
    { database: context.database, collection: context.name },
    options.signal,
  );
  findCollection(context);
  const { resumeAfter } = options;
  const { feed } = context.store;
  const after = resumeAfter === undefined ? undefined : readToken(resumeAfter, feed.id);
  const listener = feed.listen(context.database, context.name, after);
  return follow(context, listener, transform, options);
}

async function* follow(
  { store, database, name }: CollectionContext,
  listener: FeedListener,
  transform: ChangePipeline,
  { signal, fullDocument = "default" }: WatchOptions,
): Batches {
  const place: Place = {
    namespace: Doc.of({ db: database, coll: name }),
    feedId: store.feed.id,
    hasImage: fullDocument !== "default",
  };
  try {
    for (;;) {
      const found = await listener.next(signal);
      const drop = found.findIndex(({ kind }) => kind === "drop");
      const told = drop === -1 ? found : found.slice(0, drop + 1);
      const events = told.map((each) => toEvent(place, each));
      const end = drop === -1 ? undefined : found[drop];
      if (end !== undefined) events.push(toInvalidation(place, end));
      yield* transform(events);
      if (end !== undefined) return;
    }
  } finally {
    listener.close();
  }
}

interface Place {
  readonly namespace: Doc;
  readonly feedId: string;
  /** Whether updates carry the document. */
  readonly hasImage: boolean;
}

function toEvent({ namespace, feedId, hasImage }: Place, event: FeedEvent): Doc {
  const { kind, id, after, description } = event;
  // Of an update, the image is that of this update: of all that the server may give, the nearest.
  const image = kind === "update" && !hasImage ? undefined : after;
  const entries: [string, Value | undefined][] = [
    ["_id", toToken(feedId, event.sequence)],
    ["operationType", kind],
    ["clusterTime", event.clusterTime],
    ["wallTime", new DateTime(event.ms)],
    ["fullDocument", image],
    ["ns", namespace],
    ["documentKey", id === undefined ? undefined : Doc.of({ _id: id })],
    ["updateDescription", description && Doc.of({ ...description })],
  ];
  return Doc.fromEntries(
    entries.filter((entry): entry is [string, Value] => entry[1] !== undefined),
  );
}

function toInvalidation({ feedId }: Place, { sequence, clusterTime, ms }: FeedEvent): Doc {
  return Doc.of({
    _id: toToken(feedId, sequence, invalidation),
    operationType: "invalidate",
    clusterTime,
    wallTime: new DateTime(ms),
  });
}

const feedDigits = 16;
const sequenceDigits = 14;
const invalidation = "01";

/** The changes of one run of the process are numbered: a token of an earlier one leads nowhere. */
function toToken(feedId: string, sequence: number, end = ""): Doc {
  const number = sequence.toString(16).toUpperCase().padStart(sequenceDigits, "0");
  return Doc.of({ _data: `${feedId}${number}${end}` });
}

/** @returns the number of a change; NaN for one of another run @throws {MongoError} as a server does */
function readToken(token: Doc, feedId: string): number {
  const data = token.get("_data");
  if (typeof data !== "string")
    throw new MongoError(
      40_647,
      "Bad resume token: _data of missing or of wrong type. Expected string",
    );
  if (!/^(?:[0-9A-F]{2})+$/i.test(data))
    throw failedToParse("resume token string was not a valid hex string");
  const end = feedDigits + sequenceDigits;
  if (data.slice(end) === invalidation)
    throw new MongoError(
      260,
      "Attempting to resume a change stream using 'resumeAfter' is not allowed from an invalidate notification.",
    );
  return data.startsWith(feedId) && data.length === end
    ? Number.parseInt(data.slice(feedDigits), 16)
    : Number.NaN;
}
