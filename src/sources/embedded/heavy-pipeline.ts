/**
 * Pipelines that turn out to be too much for the event loop begin again in a thread.
 *
 * Which ones those are shows when they run: a big document comes, or an expression takes long. What a pipeline has given
 * so far is held back meanwhile, so that nobody sees it begin twice.
 */
import { CodeElsewhere, type CodeRunner } from "../../query/code.ts";
import type { QueryEnvironment } from "../../query/environment.ts";
import { LongEvaluation } from "../../query/long-evaluation.ts";
import {
  compilePipeline,
  type Namespace,
  type Pipeline,
  type PipelineSource,
} from "../../query/pipeline.ts";
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { Pacer } from "../../kit/pacer.ts";
import type { Keeper } from "../../query/sort.ts";
import type { HeavyHelp } from "../../store/heavy-query.ts";
import { type Question, readEnvironment, writeEnvironment } from "../../store/heavy-task.ts";
import type { Listener } from "../../store/heavy-work.ts";
import { heavyBytesMin } from "../../store/postponed.ts";
import type { Batches } from "../source.ts";

/** Results held back, in bytes; a pipeline that gives more stays where it is. */
const heldBytesMax = 16 * 2 ** 20;

interface Moving {
  readonly environment: QueryEnvironment;
  readonly namespace: Namespace;
  readonly help: HeavyHelp;
  readonly pacer: Pacer;
  /**
   * @param help in place of `help`
   * @param writing works on big documents that are written
   */
  readonly createSource: (help?: HeavyHelp, writing?: HeavyHelp["work"]) => PipelineSource;
  readonly held?: Held;
}

/** The thread that the pipeline holds while its results are read. */
interface Held {
  there: HeavyHelp["work"] | undefined;
}

/** A big document, met by a pipeline that works on it. */
class HeavyInput extends Error {}

export async function* runOrMove(
  compiled: Pipeline,
  pipeline: readonly Value[],
  moving: Moving,
): Batches {
  const { environment, pacer, createSource, help } = moving;
  const signal = help.signal === undefined ? {} : { signal: help.signal };
  if (compiled.isLead) yield* compiled.run({ source: createSource(), pacer, ...signal });
  else if (environment.code?.isUsed === true) yield* runWithCode(compiled, pipeline, moving);
  else yield* runUntilHeavy(compiled, pipeline, moving);
}

function runWithCode(compiled: Pipeline, pipeline: readonly Value[], moving: Moving): Batches {
  // Atlas: a distance or a score does not reach the process that runs code, so both together are refused.
  if (carriesMetadata(moving))
    throw new MongoError(238, "JavaScript does not run in a pipeline with $geoNear or $text");
  return runThere(compiled, pipeline, moving);
}

function carriesMetadata({ environment }: Moving): boolean {
  return (environment.metadata?.size ?? 0) > 0;
}

async function* runUntilHeavy(
  compiled: Pipeline,
  pipeline: readonly Value[],
  moving: Moving,
): Batches {
  const { pacer, createSource, help } = moving;
  const signal = help.signal === undefined ? {} : { signal: help.signal };
  // What documents carry beside their fields does not come along.
  const state = { mayMove: !carriesMetadata(moving) };
  const source = watchSource(createSource(), state);
  const held: (readonly Doc[])[] = [];
  let heldBytes = 0;
  try {
    for await (const batch of compiled.run({ source, pacer, ...signal })) {
      if (!state.mayMove) {
        yield* held.splice(0);
        yield batch;
        continue;
      }
      held.push(batch);
      for (const each of batch) heldBytes += each.viewLength ?? unknownBytes;
      if (heldBytes > heldBytesMax) state.mayMove = false;
    }
  } catch (cause) {
    if (!state.mayMove || !isHeavy(cause)) throw cause;
    held.length = 0;
    yield* runThere(compiled, pipeline, moving);
  }
  yield* held;
}

/** What a document that was made of values is counted as: measuring it would be encoding it. */
const unknownBytes = 512;

function isHeavy(cause: unknown): boolean {
  return (
    cause instanceof HeavyInput || cause instanceof LongEvaluation || cause instanceof CodeElsewhere
  );
}

/** Throws on big documents while the pipeline may move; once it has written something it may not. */
function watchSource(source: PipelineSource, state: { mayMove: boolean }): PipelineSource {
  const stay = (): void => {
    state.mayMove = false;
  };
  const watchKeeper = (keeper: Keeper): Keeper => ({
    ...keeper,
    addPlain: (doc) => !(state.mayMove && isBig(doc)) && keeper.addPlain(doc),
    add(doc, key): void {
      if (state.mayMove && isBig(doc)) throw new HeavyInput();
      keeper.add(doc, key);
    },
  });
  return {
    ...source,
    async *read(namespace, request) {
      const { keeper } = request;
      const watched = keeper === undefined ? request : { ...request, keeper: watchKeeper(keeper) };
      for await (const batch of source.read(namespace, watched)) {
        if (state.mayMove && batch.some(isBig)) throw new HeavyInput();
        yield batch;
      }
    },
    target(namespace) {
      const target = source.target(namespace);
      return {
        hasUniqueIndex: (fields) => target.hasUniqueIndex(fields),
        async insert(document) {
          stay();
          await target.insert(document);
        },
        async update(filter, update, options) {
          stay();
          return target.update(filter, update, options);
        },
        async replace(filter, replacement, options) {
          stay();
          return target.replace(filter, replacement, options);
        },
        // All of it or nothing: it can begin again.
        replaceContents: (documents) => target.replaceContents(documents),
      };
    },
  };
}

function isBig(doc: Doc): boolean {
  return (doc.viewLength ?? 0) >= heavyBytesMin.project;
}

function runThere(compiled: Pipeline, pipeline: readonly Value[], moving: Moving): Batches {
  const { environment, namespace, pacer, help } = moving;
  const sources = [namespace, ...compiled.reads];
  if (compiled.writes === undefined) return batchesFromThread(pipeline, moving, sources);
  // The last stage writes, which is done here.
  const last = compilePipeline(pipeline.slice(-1), environment, namespace);
  const held: Held = { there: undefined };
  const source: PipelineSource = {
    ...moving.createSource(),
    read: () => batchesFromThread(pipeline.slice(0, -1), { ...moving, held }, sources),
    target(written) {
      // Big documents are written by the thread that the pipeline holds, since there may be no other: not by a process
      // that runs code.
      const isThread = environment.code?.isUsed !== true;
      const run: HeavyHelp["work"]["run"] = async (...task) =>
        (held.there ?? help.work).run(...task);
      return moving.createSource(help, isThread ? { run } : undefined).target(written);
    },
  };
  const signal = help.signal === undefined ? {} : { signal: help.signal };
  return last.run({ source, pacer, ...signal });
}

async function* batchesFromThread(
  pipeline: readonly Value[],
  { environment, namespace, help, createSource, held = { there: undefined } }: Moving,
  sources: readonly Namespace[],
): Batches {
  const spec = Doc.fromEntries([
    ["pipeline", pipeline],
    ["database", namespace.database],
    ["collection", namespace.collection],
    ...writeEnvironment(environment),
  ]);
  const leaving = new AbortController();
  const signals = help.signal === undefined ? [] : [help.signal];
  const signal = AbortSignal.any([...signals, leaving.signal]);
  let wake: (() => void) | undefined;
  let taken: { readonly documents: readonly Uint8Array[]; readonly goOn: () => void } | undefined;
  let outcome: { readonly failure?: unknown } | undefined;
  const listener: Listener = {
    answer: createAnswering((work) => createSource({ work, signal: help.signal }), {
      sources,
      ...(environment.code !== undefined && { code: environment.code }),
    }),
    take: (documents, there) =>
      new Promise((goOn) => {
        held.there = there;
        taken = { documents, goOn };
        wake?.();
      }),
  };
  const finish = (ended: { readonly failure?: unknown }): void => {
    held.there = undefined;
    outcome = ended;
    wake?.();
  };
  help.work.run({ kind: "pipeline", spec: spec.toBytes() }, signal, listener).then(
    () => {
      finish({});
    },
    (failure: unknown) => {
      finish({ failure });
    },
  );
  try {
    for (;;) {
      if (taken === undefined && outcome === undefined)
        // oxlint-disable-next-line no-await-in-loop
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      const now = taken;
      taken = undefined;
      if (now !== undefined) {
        yield now.documents.map(toDoc);
        now.goOn();
      } else if (outcome !== undefined) {
        if ("failure" in outcome) throw outcome.failure;
        return;
      }
    }
  } finally {
    // Whoever reads no further has no use for the rest.
    if (outcome === undefined) leaving.abort(new Error("nobody reads the results"));
  }
}

function toDoc(bytes: Uint8Array): Doc {
  return Doc.fromBytes(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/**
 * What the thread's pipeline reads, read here.
 *
 * @param options.sources what it may ask for: nothing else, whatever the code in it has made of who asks
 */
function createAnswering(
  createSource: (work: HeavyHelp["work"]) => PipelineSource,
  { sources, code }: { readonly sources: readonly Namespace[]; readonly code?: CodeRunner },
): Listener["answer"] {
  const isSource = ({ database, collection }: Namespace): boolean =>
    sources.some((each) => each.database === database && each.collection === collection);
  const reads = new Map<number, AsyncIterator<readonly Doc[]>>();
  let count = 0;
  let made: PipelineSource | undefined;
  return async (question: Question, there) => {
    made ??= createSource(there);
    const source = made;
    if ("namespace" in question && !isSource(question.namespace))
      throw new Error("the pipeline reads what it did not name");
    switch (question.ask) {
      case "read": {
        count += 1;
        const request = readRequest(toDoc(question.request), code);
        reads.set(count, source.read(question.namespace, request)[Symbol.asyncIterator]());
        return copies([Doc.of({ read: count })]);
      }
      case "next": {
        const next = await reads.get(question.read)?.next();
        if (next?.done === false) return copies(next.value);
        reads.delete(question.read);
        return undefined;
      }
      case "stop":
        await reads.get(question.read)?.return?.();
        reads.delete(question.read);
        return [];
      case "stats":
        return copies([await source.collectionStats(question.namespace, toDoc(question.options))]);
      case "indexStats":
        return copies(await source.indexStats(question.namespace));
    }
  };
}

function readRequest(
  request: Doc,
  code: CodeRunner | undefined,
): Parameters<PipelineSource["read"]>[1] {
  const sort = request.get("sort");
  const skip = request.get("skip");
  const limit = request.get("limit");
  return {
    filter: request.get("filter") as Doc,
    environment: readEnvironment(request, code),
    ...(sort instanceof Doc && { sort }),
    ...(skip !== undefined && { skip: Number(skip) }),
    ...(limit !== undefined && { limit: Number(limit) }),
  };
}

function copies(documents: readonly Doc[]): readonly Uint8Array[] {
  return documents.map((each) => new Uint8Array(each.toBytes()));
}
