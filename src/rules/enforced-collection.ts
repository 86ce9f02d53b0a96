/**
 * A `Collection` that does only what its user may do, whatever data source is behind it.
 *
 * @module
 */
import type { Doc } from "../bson/doc.ts";
import type { ObjectId, Value } from "../bson/value.ts";
import { Fault } from "../kit/fault.ts";
import { compileMatch } from "../query/match.ts";
import { compileProjection } from "../query/projection.ts";
import type { BulkGuards, Guard } from "../sources/guard.ts";
import type { Batches, CallOptions, Collection, FindOneAndOptions } from "../sources/source.ts";
import { guardOperations } from "./enforced-bulk.ts";
import { type Reachable, runPipeline } from "./enforced-pipeline.ts";
import { watchVisible } from "./enforced-watch.ts";
import { createReads, isFree, joinFilters, type Reads } from "./enforced-reads.ts";
import {
  createGuard,
  mustBeInsertable,
  mustSortThere,
  withId,
  type WriteRequest,
} from "./enforced-writes.ts";
import { splitFilter } from "./filter-paths.ts";
import type { RequestEnvironment } from "./expressions.ts";
import type { NamespaceAccess } from "./namespace-access.ts";
import { readFindingsOf } from "./read-findings.ts";
import { createEnvironment } from "./query-environment.ts";
import { planRead, type ReadPlan, showDocument } from "./read-plan.ts";
import { mayWriteAll } from "./write-check.ts";

export interface Enforcement {
  readonly access: NamespaceAccess;
  /** Of this request, which `access` may outlive. */
  readonly environment: RequestEnvironment;
  /** The collection as it is; for writes that are to happen once, theirs. */
  readonly raw: Collection;
  /** The same with a guard before its writes. */
  readonly guarded: (guard: Guard | BulkGuards) => Collection;
  /** Of the namespace. */
  readonly hasSchema: boolean;
  readonly newId: () => ObjectId;
  /** What a pipeline reads and writes. @throws {Fault} for a namespace that is closed */
  readonly reach: (pipeline: readonly Value[]) => Promise<Reachable>;
}

export function enforce(enforcement: Enforcement): Collection {
  const { access, environment, raw, guarded, newId, reach } = enforcement;
  const { database, name } = raw;
  const { findings } = environment.scope;
  let planned: Promise<ReadPlan> | undefined;
  const plan = async (): Promise<ReadPlan> => (planned ??= promised(() => planRead(access)));

  async function reads(): Promise<Reads> {
    const current = await plan();
    if (isFree(current)) return raw;
    return createReads(raw, current, readFindingsOf(findings, access, current));
  }

  async function mayAll(current: ReadPlan): Promise<boolean> {
    return isFree(current) && !enforcement.hasSchema && (await mayWriteAll(access));
  }

  async function writes(request: WriteRequest): Promise<Collection> {
    const current = await plan();
    if (await mayAll(current)) return raw;
    return guarded(createGuard({ access, environment, plan: current }, request));
  }

  async function insertable(document: Doc): Promise<Doc> {
    const made = withId(document, newId);
    const given = mustBeInsertable(made.document, { access, environment }, made);
    if (given instanceof Promise) await given;
    return made.document;
  }

  async function allInsertable(documents: readonly Doc[]): Promise<readonly Doc[]> {
    const current = await plan();
    if (await mayAll(current)) return documents;
    const checked: Doc[] = [];
    // One that is denied leaves nothing of the call: all are checked before the first is written.
    // oxlint-disable-next-line no-await-in-loop
    for (const each of documents) checked.push(await insertable(each));
    return checked;
  }

  const collection: Collection = {
    database,
    name,
    async *find(filter, options) {
      yield* (await reads()).find(filter, options);
    },
    findOne: async (filter, options) => (await reads()).findOne(filter, options),
    countDocuments: async (filter, options) => (await reads()).countDocuments(filter, options),
    distinct: async (field, filter, options) => (await reads()).distinct(field, filter, options),
    async *aggregate(pipeline, options?: CallOptions): Batches {
      yield* runPipeline(await reach(pipeline), pipeline, options);
    },
    async insertOne(document, options) {
      const [checked] = await allInsertable([document]);
      return raw.insertOne(checked as Doc, options);
    },
    insertMany: async (documents, options) =>
      raw.insertMany(await allInsertable(documents), options),
    updateOne: async (filter, update, options) =>
      (await writes({ filter, update, options })).updateOne(filter, update, options),
    updateMany: async (filter, update, options) =>
      (await writes({ filter, update, options })).updateMany(filter, update, options),
    replaceOne: async (filter, replacement, options) =>
      (await writes({ filter, replacement, options })).replaceOne(filter, replacement, options),
    deleteOne: async (filter, options) =>
      (await writes({ filter, options })).deleteOne(filter, options),
    deleteMany: async (filter, options) =>
      (await writes({ filter, options })).deleteMany(filter, options),
    findOneAndUpdate: async (filter, update, options) =>
      returned({ filter, update, options }, async (to, rest) =>
        to.findOneAndUpdate(filter, update, rest),
      ),
    findOneAndReplace: async (filter, replacement, options) =>
      returned({ filter, replacement, options }, async (to, rest) =>
        to.findOneAndReplace(filter, replacement, rest),
      ),
    findOneAndDelete: async (filter, options) =>
      returned({ filter, options }, async (to, rest) => to.findOneAndDelete(filter, rest)),
    async bulkWrite(operations, options) {
      const current = await plan();
      if (await mayAll(current)) return raw.bulkWrite(operations, options);
      const bulk = await guardOperations(operations, {
        insertable,
        guardOf: (request) => createGuard({ access, environment, plan: current }, request),
      });
      return guarded(bulk.guards).bulkWrite(bulk.operations, options);
    },
    async watch(pipeline, options) {
      const current = await plan();
      if (isFree(current)) return raw.watch(pipeline, options);
      return watchVisible(raw, current, pipeline, options);
    },
    createIndex: refuse,
    dropIndex: refuse,
    listIndexes: refuse,
    drop: refuse,
    async explain(filter, options) {
      const current = await plan();
      const { pushed } = splitFilter(filter, current.asksStored);
      return raw.explain(joinFilters(current, pushed), options);
    },
  };

  /** A document that a write gives back is shown as by a read. */
  async function returned(
    request: WriteRequest & { readonly options: FindOneAndOptions | undefined },
    write: (to: Collection, options: FindOneAndOptions) => Promise<Doc | null>,
  ): Promise<Doc | null> {
    const { filter, options = {} } = request;
    const { projection, ...rest } = options;
    const current = await plan();
    if (!isFree(current)) mustSortThere(current, rest);
    const found = await write(await writes(request), rest);
    if (found === null) return null;
    // A write may put a document out of its writer's sight.
    const shown = await showDocument(current, found);
    if (shown === undefined) return null;
    if (projection === undefined || projection.size === 0) return shown;
    const queried = createEnvironment(rest.collation);
    const match = compileMatch(filter, queried);
    return compileProjection(projection, queried, "find", match).apply(shown);
  }

  return collection;
}

async function promised<T>(make: () => T | Promise<T>): Promise<T> {
  return make();
}

/** Atlas: what changes a collection as a whole the original left to the system. */
async function refuse(): Promise<never> {
  throw new Fault("NoMatchingRuleFound", "only the system may do this");
}
