/** The pipeline of a change stream, run over events that are at hand, as a server runs it. */
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { createPacer } from "../kit/pacer.ts";
import type { QueryEnvironment } from "../query/environment.ts";
import { compileMatch } from "../query/match.ts";
import { compilePipeline, mustServeStage, type Namespace } from "../query/pipeline.ts";
import type { Batches } from "./source.ts";

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

/** @param events are given to it as they come @throws {MongoError} 280 where a stage has changed an event's `_id` */
export type ChangePipeline = (events: readonly Doc[]) => Batches;

/** @throws {MongoError} for what is wrong with a stage, 20 for one that a change stream may not have */
export function compileChangePipeline(
  pipeline: readonly Value[],
  environment: QueryEnvironment,
  namespace: Namespace,
  signal: AbortSignal | undefined,
): ChangePipeline {
  for (const stage of pipeline) if (stage instanceof Doc) mustBeAllowed(stage.keys()[0]);
  const compiled = compilePipeline(pipeline, environment, namespace);
  return async function* transform(events) {
    const pacer = createPacer(signal);
    const tokens = new Set(events.map(tokenOf));
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
      for (const event of batch) mustKeepToken(event, tokens);
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

function tokenOf(event: Doc): Value | undefined {
  const id = event.get("_id");
  return id instanceof Doc ? id.get("_data") : undefined;
}

function mustKeepToken(event: Doc, tokens: ReadonlySet<Value | undefined>): void {
  const token = tokenOf(event);
  if (token !== undefined && tokens.has(token)) return;
  throw new MongoError(
    280,
    "Encountered an event whose _id field, which contains the resume token, was modified by the pipeline. Modifying the _id field of an event makes it impossible to resume the stream from that point. Only transformations that retain the unmodified _id field are allowed.",
  );
}
