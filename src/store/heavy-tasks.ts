/** The work on documents away from the event loop of the server: one task after the other, in a thread or a process. */
import { Doc } from "../bson/doc.ts";
import { isArray, type Value } from "../bson/value.ts";
import { createPacer } from "../kit/pacer.ts";
import type { CodeRunner } from "../query/code.ts";
import type { QueryEnvironment } from "../query/environment.ts";
import { allowLongEvaluations } from "../query/long-evaluation.ts";
import { parseFilter } from "../query/filter.ts";
import { compileMatchAsWritten, compileMatchNode, type Match } from "../query/match.ts";
import { compilePipeline, type PipelineSource } from "../query/pipeline.ts";
import { compileProjection } from "../query/projection.ts";
import { compileReplacement } from "../query/replacement.ts";
import { compileSort } from "../query/sort.ts";
import { compileUpdate } from "../query/update.ts";
import {
  type FromThread,
  fromWire,
  type HeavyTask,
  type Question,
  readEnvironment as readPlainEnvironment,
  type ToThread,
  toWire,
  type WireFailure,
  type WireNamespace,
  writeEnvironment,
} from "./heavy-task.ts";

/** The deadline of the request ends who works; this bound is for requests that have none. */
const evaluationMsMax = 90_000;

/** Posts a message to who gives the tasks. Buffers of their own, `owned`, may be handed over instead of copied. */
export type Post = (message: FromThread, owned: readonly Uint8Array[]) => void;

/**
 * Begins to serve.
 *
 * @param createRunner makes what runs code, for each task; absent: nothing does
 * @returns what takes the messages that come
 */
export function serveTasks(
  postRaw: Post,
  createRunner?: () => CodeRunner,
): (message: ToThread) => void {
  allowLongEvaluations(evaluationMsMax);
  const questions = new Map<
    number,
    { resolve(documents: readonly Doc[] | undefined): void; reject(cause: Error): void }
  >();
  let questionCount = 0;
  let goOn: (() => void) | undefined;

  function post(message: FromThread, owned: readonly Uint8Array[] = []): void {
    postRaw(message, owned);
  }

  function readEnvironment(spec: Doc): QueryEnvironment {
    return readPlainEnvironment(spec, createRunner?.());
  }

  async function runTask(id: number, task: HeavyTask): Promise<void> {
    try {
      const spec = toDoc(task.spec);
      if (task.kind === "pipeline") {
        await runPipeline(spec);
        post({ kind: "done", id });
      } else if (task.kind === "match") {
        const match = matchOf(spec);
        const matches = task.documents.map((each) => testOn(match, each));
        post({ kind: "done", id, matches });
      } else {
        const before = toDoc(task.document);
        const after = answerWithDoc[task.kind](spec, before);
        const document = after === before ? undefined : new Uint8Array(after.toBytes());
        post({ kind: "done", id, document }, document === undefined ? [] : [document]);
      }
    } catch (cause) {
      post({ kind: "failed", id, failure: toWire(cause) });
    }
  }

  function matchOf(spec: Doc): Match {
    const environment = readEnvironment(spec);
    const filter = spec.get("filter") as Doc;
    return compileMatchNode(parseFilter(filter, environment, { allowsWhere: true }), environment);
  }

  function change(spec: Doc, before: Doc): Doc {
    const environment = readEnvironment(spec);
    const replacement = spec.get("replacement");
    if (replacement instanceof Doc) return compileReplacement(replacement, environment)(before);
    const filters = spec.get("arrayFilters");
    const update = compileUpdate(
      spec.get("update") as Doc | readonly Value[],
      isArray(filters) ? { arrayFilters: filters as readonly Doc[] } : {},
      environment,
    );
    const position = update.needsPosition ? matchOf(spec).position(before) : undefined;
    return update.apply(before, { isInsert: false, position });
  }

  function project(spec: Doc, before: Doc): Doc {
    const environment = readEnvironment(spec);
    const node = parseFilter(spec.get("filter") as Doc, environment, {
      allowsNear: true,
      allowsWhere: true,
      text: "allowed",
    });
    const match = compileMatchAsWritten(node, environment);
    const projection = spec.get("projection") as Doc;
    return compileProjection(projection, environment, "find", match).apply(before);
  }

  function sortKey(spec: Doc, doc: Doc): Doc {
    const { collation } = readEnvironment(spec);
    return Doc.of({ key: compileSort(spec.get("sort") as Doc, collation).keyOf(doc) });
  }

  /** What may be answered with the same document: that it stays as it is. */
  const answerWithDoc = { change, project, sortKey } as const;

  async function runPipeline(spec: Doc): Promise<void> {
    const namespace = {
      database: spec.get("database") as string,
      collection: spec.get("collection") as string,
    };
    const stages = spec.get("pipeline") as readonly Value[];
    const compiled = compilePipeline(stages, readEnvironment(spec), namespace);
    for await (const batch of compiled.run({ source, pacer: createPacer() })) {
      const documents = batch.map((each) => new Uint8Array(each.toBytes()));
      const taken = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      post({ kind: "batch", documents }, documents);
      await taken;
    }
  }

  async function ask(question: Question): Promise<readonly Doc[] | undefined> {
    questionCount += 1;
    const id = questionCount;
    return new Promise((resolve, reject) => {
      questions.set(id, { resolve, reject });
      post({ kind: "question", id, question });
    });
  }

  const source: PipelineSource = {
    async *read(namespace, { filter, sort, skip, limit, environment }) {
      const request = Doc.fromEntries([
        ["filter", filter],
        ...(sort === undefined ? [] : [["sort", sort] as const]),
        ...(skip === undefined ? [] : [["skip", toWireNumber(skip)] as const]),
        ...(limit === undefined ? [] : [["limit", toWireNumber(limit)] as const]),
        ...writeEnvironment(environment),
      ]);
      const [opened] = (await ask({ ask: "read", namespace, request: request.toBytes() })) ?? [];
      const read = opened?.get("read") as number;
      let isDone = false;
      try {
        while (!isDone) {
          // oxlint-disable-next-line no-await-in-loop
          const batch = await ask({ ask: "next", read });
          if (batch === undefined) isDone = true;
          else if (batch.length > 0) yield batch;
        }
      } finally {
        if (!isDone) await ask({ ask: "stop", read });
      }
    },
    target: () => {
      throw new Error("a pipeline in a thread writes nothing");
    },
    async collectionStats(namespace, options) {
      const [stats] = (await ask({ ask: "stats", namespace, options: options.toBytes() })) ?? [];
      return stats ?? Doc.empty;
    },
    indexStats: async (namespace: WireNamespace) =>
      (await ask({ ask: "indexStats", namespace })) ?? [],
  };

  return (message) => {
    switch (message.kind) {
      case "task":
        void runTask(message.id, message.task);
        return;
      case "more":
        goOn?.();
        return;
      case "reply": {
        const asked = questions.get(message.id);
        questions.delete(message.id);
        if (message.failure === undefined) asked?.resolve(message.documents?.map(toDoc));
        else asked?.reject(fromWire(message.failure));
      }
    }
  };
}

/** What goes wrong with one document is told when its turn comes, which it may never do. */
function testOn(match: Match, document: Uint8Array): boolean | WireFailure {
  try {
    return match.matches(toDoc(document));
  } catch (cause) {
    return toWire(cause);
  }
}

function toDoc(bytes: Uint8Array): Doc {
  return Doc.fromBytes(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

function toWireNumber(value: number): bigint {
  return BigInt(Math.min(value, Number.MAX_SAFE_INTEGER));
}
