/**
 * `watch`: the changes of a collection as they happen, as a stream of server-sent events without an end.
 *
 * It ends with its client, with the session that it was begun in, and with the server.
 */
import { fieldOf, mustList, mustText, readableDoc } from "../actions/fields.ts";
import { Doc } from "../bson/doc.ts";
import { writeDocText } from "../bson/stringify.ts";
import { TextWriter } from "../bson/text-writer.ts";
import type { Value } from "../bson/value.ts";
import type { Scope } from "../config/scope.ts";
import { Fault } from "../kit/fault.ts";
import { type DataAccess, openNamespace } from "../rules/open-namespace.ts";
import type { Batches } from "../sources/source.ts";
import { toComment, toEvent } from "./server-sent-events.ts";

export interface WatchCall {
  /** The name of a data source. */
  readonly service: string;
  readonly args: readonly Value[];
}

/**
 * Begins to listen.
 *
 * @throws {Fault} for its arguments, for what the user may not read
 * @throws {MongoError} where there are no change streams
 */
export async function openWatch(
  { service, args }: WatchCall,
  scope: Scope,
  access: DataAccess,
): Promise<Batches> {
  const [first] = args;
  if (!(first instanceof Doc))
    throw new Fault("InvalidParameter", "mongodb watch: the argument must be an object");
  const namespace = {
    dataSource: service,
    database: mustText(first, "database"),
    collection: mustText(first, "collection"),
  };
  const collection = openNamespace(scope, namespace, { verb: "find" }, access);
  // Atlas: as the original, the event of an update carries the document as it is then.
  const options = { signal: scope.signal, fullDocument: "updateLookup" } as const;
  return collection.watch(pipelineOf(first), options);
}

/** Documents of certain ids, or events that match. */
function pipelineOf(args: Doc): readonly Value[] {
  const stages: Value[] = [];
  if (fieldOf(args, "ids") !== undefined) {
    const ids = Doc.of({ $in: mustList(args, "ids") });
    stages.push(Doc.of({ $match: Doc.of({ "documentKey._id": ids }) }));
  }
  const filter = readableDoc(args, "filter");
  if (filter !== undefined) stages.push(Doc.of({ $match: filter }));
  return stages;
}

/** Where a stream is written to. */
export interface StreamTarget {
  /** Resolves when more can be written. */
  write(bytes: Uint8Array): Promise<void>;
  end(): void;
  readonly isGone: boolean;
}

export interface StreamOptions {
  readonly target: StreamTarget;
  /** Asked from time to time: whether the stream may go on. */
  readonly isAllowed: () => Promise<boolean>;
  /** The text of a document that is too big for the event loop; undefined for one that is not. */
  readonly printHeavy: (doc: Doc) => Promise<Buffer> | undefined;
  /** Ends the reading of the changes. */
  readonly stop: (reason: Error) => void;
  /** What a failure is told as. */
  readonly word: (cause: unknown) => unknown;
}

/** Between two signs of life, in milliseconds. */
const heartbeatMs = 10_000;

/** Writes all events until something ends it; never throws for what ends it. */
export async function streamEvents(batches: Batches, options: StreamOptions): Promise<void> {
  const { target, stop } = options;
  const timer = setInterval(() => {
    void beat(options);
  }, heartbeatMs);
  try {
    for await (const batch of batches)
      for (const doc of batch) {
        if (target.isGone) return;
        await target.write(toEvent(await print(doc, options)));
      }
  } catch (cause) {
    if (!target.isGone) await target.write(toEvent(describe(options.word(cause)), "error"));
  } finally {
    clearInterval(timer);
    stop(new Error("the stream has ended"));
    target.end();
  }
}

/** Tells the client that all is well, and the stream when it is not. */
async function beat({ target, isAllowed, stop }: StreamOptions): Promise<void> {
  try {
    if (await isAllowed()) await target.write(toComment());
    else stop(new Fault("InvalidSession", "invalid session"));
  } catch (cause) {
    stop(cause instanceof Error ? cause : new Error(String(cause)));
  }
}

async function print(doc: Doc, { printHeavy }: StreamOptions): Promise<Buffer> {
  const heavy = printHeavy(doc);
  if (heavy !== undefined) return heavy;
  const out = new TextWriter();
  writeDocText(out, doc, "canonical");
  return out.take();
}

function describe(cause: unknown): Buffer {
  const { code, message } =
    cause instanceof Fault ? cause : new Fault("InternalServerError", "internal server error");
  return Buffer.from(JSON.stringify({ error_code: code, error: message }));
}
