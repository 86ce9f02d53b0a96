/** Changes as they happen, in the form of a server's change stream. */
import { Doc } from "../../bson/doc.ts";
import { DateTime, type Value } from "../../bson/value.ts";
import { failedToParse, MongoError } from "../../kit/mongo-error.ts";
import { createPacer } from "../../kit/pacer.ts";
import type { QueryEnvironment } from "../../query/environment.ts";
import { compileMatch } from "../../query/match.ts";
import { compilePipeline, mustServeStage } from "../../query/pipeline.ts";
import type { FeedEvent, FeedListener } from "../../store/change-feed.ts";
import type { Batches, WatchOptions } from "../source.ts";
import { type CollectionContext, createEnvironment, findCollection } from "./context.ts";

/** What a server allows there: nothing that waits for other events, and nothing that reads or writes elsewhere. */
const allowed: ReadonlySet<string> = new Set([
  "$addFields",
  "$match",
  "$project",
  "$redact",
  "$replaceRoot",
  "$replaceWith",
  "$set",
  "$unset",
]);

type Transform = (events: readonly Doc[]) => Batches;

export async function watch(
  context: CollectionContext,
  pipeline: readonly Value[],
  options: WatchOptions = {},
): Promise<Batches> {
  const environment = createEnvironment(context, options);
  const transform = compileTransform(context, pipeline, environment, options.signal);
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
  transform: Transform,
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

function compileTransform(
  { database, name }: CollectionContext,
  pipeline: readonly Value[],
  environment: QueryEnvironment,
  signal: AbortSignal | undefined,
): Transform {
  for (const stage of pipeline) if (stage instanceof Doc) mustBeAllowed(stage.keys()[0]);
  const compiled = compilePipeline(pipeline, environment, { database, collection: name });
  return async function* transform(events) {
    const pacer = createPacer(signal);
    const source = {
      async *read(_: unknown, request: { filter: Doc; environment: QueryEnvironment }): Batches {
        const match = compileMatch(request.filter, request.environment);
        const matching = events.filter((each) => match.matches(each));
        if (matching.length > 0) yield matching;
      },
      target: refuse,
      collectionStats: refuse,
      indexStats: refuse,
    };
    for await (const batch of compiled.run({ source, pacer, ...(signal && { signal }) })) {
      for (const event of batch) mustKeepToken(event);
      yield batch;
    }
  };
}

function mustBeAllowed(stage: string | undefined): void {
  if (stage === undefined || allowed.has(stage)) return;
  mustServeStage(stage);
  throw new MongoError(20, `${stage} is not permitted in a $changeStream pipeline`);
}

/** No stage that is allowed asks for it. */
function refuse(): never {
  throw new TypeError("a change stream's pipeline reaches nothing but its events");
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

function mustKeepToken(event: Doc): void {
  const id = event.get("_id");
  const data = id instanceof Doc ? id.get("_data") : undefined;
  if (typeof data === "string" && data.length >= feedDigits + sequenceDigits) return;
  throw new MongoError(
    280,
    "Encountered an event whose _id field, which contains the resume token, was modified by the pipeline. Modifying the _id field of an event makes it impossible to resume the stream from that point. Only transformations that retain the unmodified _id field are allowed.",
  );
}
