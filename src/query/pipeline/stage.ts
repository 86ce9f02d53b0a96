/**
 * The contract between `pipeline.ts` and the stages beside this file.
 *
 * A stage is compiled once and turns a stream of batches into another. Every loop over documents asks the pacer.
 */
import type { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import type { Pacer } from "../../kit/pacer.ts";
import type { QueryEnvironment } from "../environment.ts";
import type { Keeper } from "../sort.ts";
import { carryMetadata } from "../metadata.ts";

export interface Namespace {
  readonly database: string;
  readonly collection: string;
}

/** Documents in portions; a portion is never empty. */
export type Batches = AsyncIterable<readonly Doc[]>;

export interface ReadRequest {
  readonly filter: Doc;
  readonly sort?: Doc;
  readonly skip?: number;
  readonly limit?: number;
  /**
   * Set where nothing but these top-level fields is looked at: a source that sorts may give documents of them alone.
   */
  readonly fields?: readonly string[];
  /** A source that sorts by itself puts the documents in here, and gives what comes out: no whole documents. */
  readonly keeper?: Keeper;
  /** What the filter is to be compiled in: its expressions may use the pipeline's variables. */
  readonly environment: QueryEnvironment;
}

/** Where `$out` and `$merge` write. */
export interface PipelineTarget {
  /** Whether a unique index covers exactly these fields, so that at most one document matches them. */
  hasUniqueIndex(fields: readonly string[]): Promise<boolean>;
  insert(document: Doc): Promise<void>;
  /** @returns how many documents matched */
  update(
    filter: Doc,
    update: Doc | readonly Value[],
    options: {
      readonly upsert: boolean;
      /** With an upsert: the document to insert, in place of what filter and update give. */
      readonly upsertDocument?: Doc;
      readonly variables?: ReadonlyMap<string, Value | undefined>;
    },
  ): Promise<number>;
  replace(filter: Doc, replacement: Doc, options: { readonly upsert: boolean }): Promise<number>;
  /** Puts the documents in place of all that the collection holds; indexes stay. */
  replaceContents(documents: Batches): Promise<void>;
}

/** What a running pipeline reaches; a data source gives it, and rules may stand around it. */
export interface PipelineSource {
  read(namespace: Namespace, request: ReadRequest): Batches;
  target(namespace: Namespace): PipelineTarget;
  /** Whether an index finds documents by a field; absent: none does. */
  hasIndexOn?(namespace: Namespace, field: string): boolean;
  /** The answer of `$collStats`, for the options given. */
  collectionStats(namespace: Namespace, options: Doc): Promise<Doc>;
  /** The answers of `$indexStats`. */
  indexStats(namespace: Namespace): Promise<readonly Doc[]>;
}

export interface Run {
  readonly source: PipelineSource;
  readonly pacer: Pacer;
  readonly signal?: AbortSignal;
}

export interface Stage {
  readonly name: string;
  /** What a source may do in this stage's stead, where it stands first. */
  readonly lead?: ReadRequestPart;
  /** The top-level fields that it looks at, where it makes new documents of nothing else. */
  readonly needs?: ReadonlySet<string> | undefined;
  /** For a stage that changes documents at great cost: the same, where only these top-level fields are looked at later. */
  narrow?(fields: ReadonlySet<string>): Stage;
  /** Other collections that it reads. */
  readonly reads?: readonly Namespace[];
  readonly writes?: Namespace;
  run(input: Batches, run: Run): Batches;
  /** In place of `run`, for documents that a source sorts for this stage. */
  startSorted?(sort: Doc, run: Run): SortedStart;
}

export interface SortedStart {
  /** For the source. */
  readonly keeper: Keeper;
  /** Runs over what the source gives, whether it made use of the keeper or not. */
  run(input: Batches): Batches;
}

export type ReadRequestPart =
  | { readonly filter: Doc }
  | { readonly sort: Doc }
  | { readonly skip: number }
  | { readonly limit: number };

/** A compiled sub-pipeline. */
export interface Stages {
  readonly stages: readonly Stage[];
  readonly reads: readonly Namespace[];
  /** Whether a source does all of it. */
  readonly isLead: boolean;
  /** Runs over documents that are at hand. */
  run(input: Batches, run: Run): Batches;
  /** Runs over a collection, its first stages done by the source where they can be; `filter` comes before them. */
  runOn(namespace: Namespace, run: Run, filter?: Doc): Batches;
}

/** Where a pipeline stands, which decides what it may contain. */
export type Place = "top" | "lookup" | "unionWith" | "facet";

export interface StageContext {
  readonly environment: QueryEnvironment;
  readonly namespace: Namespace;
  readonly place: Place;
  /** Whether the stage is the first of its pipeline. */
  readonly isFirst: boolean;
  /** Sub-pipelines within sub-pipelines so far. */
  readonly depth: number;
  compile(
    stages: readonly Value[],
    inner: {
      readonly place: Place;
      readonly namespace?: Namespace;
      readonly environment?: QueryEnvironment;
    },
  ): Stages;
}

export type CompileStage = (spec: Value, context: StageContext, name: string) => Stage;

/** Documents in one portion. */
export const batchSize = 256;

/** A stage that turns each document into one, or drops it. */
export function mapStage(name: string, map: (doc: Doc) => Doc | undefined): Stage {
  return {
    name,
    async *run(input, { pacer }) {
      for await (const batch of input) {
        const output: Doc[] = [];
        try {
          for (const doc of batch) {
            const mapped = map(doc);
            if (mapped !== undefined) {
              carryMetadata(doc, mapped);
              output.push(mapped);
            }
            if (pacer.due()) await pacer.rest();
          }
        } catch (cause) {
          yield* failAfter(output, cause);
        }
        if (output.length > 0) yield output;
      }
    },
  };
}

/**
 * Hands on what a portion gave before one of its documents failed, then fails.
 *
 * On the server documents go through a pipeline one by one: a later stage may fail first, or have enough by then.
 */
export function* failAfter(
  output: readonly Doc[],
  cause: unknown,
): Generator<readonly Doc[], never> {
  if (output.length > 0) yield output;
  throw cause;
}

/** A stream of documents that are at hand. */
export async function* batchesOf(documents: readonly Doc[]): Batches {
  for (let start = 0; start < documents.length; start += batchSize)
    yield documents.slice(start, start + batchSize);
}

/** Collects a whole stream; the bound is the caller's `push`. */
export async function collect(input: Batches, run: Run): Promise<Doc[]> {
  const documents: Doc[] = [];
  for await (const batch of input) {
    for (const doc of batch) documents.push(doc);
    if (run.pacer.due()) await run.pacer.rest();
  }
  return documents;
}
