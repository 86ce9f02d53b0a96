/** Random requests, and their answers over documents as a user sees them. */
import { Doc } from "../../src/bson/doc.ts";
import { toText } from "../../src/bson/stringify.ts";
import { isArray, type Value } from "../../src/bson/value.ts";
import { Fault } from "../../src/kit/fault.ts";
import { MongoError } from "../../src/kit/mongo-error.ts";
import { createPacer } from "../../src/kit/pacer.ts";
import { type Collation, foldValue, readCollation } from "../../src/query/collation.ts";
import { compileMatch } from "../../src/query/match.ts";
import { compilePipeline, type PipelineSource } from "../../src/query/pipeline.ts";
import { compileProjection } from "../../src/query/projection.ts";
import { compileSort, sortDocs } from "../../src/query/sort.ts";
import type { Batches, Collection } from "../../src/sources/source.ts";
import type { Random } from "../differential/random.ts";
import { environment, paths, randomValue } from "./expression.ts";

export type Request = (
  | {
      readonly verb: "find";
      readonly filter: Doc;
      readonly sort?: Doc;
      readonly projection?: Doc;
      readonly skip?: number;
      readonly limit?: number;
    }
  | { readonly verb: "count"; readonly filter: Doc }
  | { readonly verb: "distinct"; readonly field: string; readonly filter: Doc }
  | { readonly verb: "aggregate"; readonly pipeline: readonly Value[] }
) & { readonly collation?: Doc };

/** Neither case nor accents count. */
const collation = Doc.of({ locale: "en", strength: 1 });

export function randomRequest(random: Random): Request {
  const request = randomPlainRequest(random);
  return random.chance(0.1) ? { ...request, collation } : request;
}

function randomPlainRequest(random: Random): Request {
  const filter = random.chance(0.1) ? only("_id", random.below(12)) : randomFilter(random, 2);
  if (random.chance(0.1)) return { verb: "count", filter };
  if (random.chance(0.1)) return { verb: "distinct", field: random.pick(paths), filter };
  if (random.chance(0.4)) return { verb: "aggregate", pipeline: randomPipeline(random, true) };
  return {
    verb: "find",
    filter,
    ...(random.chance(0.5) && { sort: randomSort(random) }),
    ...(random.chance(0.4) && { projection: randomProjection(random) }),
    ...(random.chance(0.2) && { skip: random.pick([1, 2]) }),
    ...(random.chance(0.3) && { limit: random.pick([1, 3, 5]) }),
  };
}

export function only(name: string, value: Value): Doc {
  return Doc.fromParts([name], [value]);
}

export function randomFilter(random: Random, depth: number): Doc {
  if (random.chance(0.25)) return Doc.empty;
  if (depth > 0 && random.chance(0.25)) {
    const parts = [0, 1].map(() => randomFilter(random, depth - 1));
    return only(random.pick(["$and", "$or", "$nor"]), parts);
  }
  const path = random.pick(paths);
  if (random.chance(0.4)) return only(path, randomValue(random));
  const test = only(
    `$${random.pick(["gt", "gte", "lt", "lte", "ne"])}`,
    random.pick<Value>([0, 1, 2, "x"]),
  );
  if (random.chance(0.2)) return only(path, only("$not", test));
  if (random.chance(0.2)) return only(path, only("$exists", random.chance(0.5)));
  if (random.chance(0.2))
    return only(path, only("$in", [randomValue(random), randomValue(random)]));
  if (random.chance(0.15)) return only("s", only("$elemMatch", Doc.of({ p: test })));
  return only(path, test);
}

function randomSort(random: Random): Doc {
  return Doc.fromEntries(
    [
      [random.pick([...paths, "_id"]), random.pick([1, -1])],
      ...(random.chance(0.4) ? [["_id", random.pick([1, -1])] as [string, Value]] : []),
    ].filter(([name], index, all) => all.findIndex(([other]) => other === name) === index) as [
      string,
      Value,
    ][],
  );
}

function randomProjection(random: Random): Doc {
  const keeps = random.chance(0.5) ? 1 : 0;
  const names = ["a", "b.c", "l", "s.p", "owner"].filter(() => random.chance(0.5));
  if (names.length === 0) return only("a", keeps);
  return Doc.fromEntries([
    ...(random.chance(0.2) ? [["_id", 0] as [string, Value]] : []),
    ...names.map((name): [string, Value] => [name, keeps]),
  ]);
}

function randomPipeline(random: Random, isTop: boolean): Value[] {
  const stages: Value[] = [];
  const count = random.pick([1, 2, 3]);
  for (let index = 0; index < count; index += 1) stages.push(randomStage(random, isTop));
  return stages;
}

function randomStage(random: Random, isTop: boolean): Value {
  const makers: readonly (() => Value)[] = [
    () => only("$match", randomFilter(random, 1)),
    () => only("$match", randomFilter(random, 1)),
    () => only("$sort", randomSort(random)),
    () => only("$project", randomProjection(random)),
    () => only("$limit", random.pick([1, 4])),
    () => only("$skip", random.pick([1, 2])),
    () => only("$unwind", random.pick(["$l", "$s"])),
    () => only("$unset", random.pick(["a", "b.c", "s.p"])),
    () => only("$set", only("z", `$${random.pick(paths)}`)),
    () =>
      only(
        "$group",
        Doc.of({
          _id: `$${random.pick(["owner", "a", "b.c"])}`,
          n: only("$sum", 1),
          all: only("$push", `$${random.pick(paths)}`),
        }),
      ),
    () => only("$count", "n"),
    ...(isTop
      ? [
          (): Value =>
            only(
              "$lookup",
              Doc.of({
                from: random.pick(["other", "main"]),
                localField: random.pick(["a", "owner"]),
                foreignField: random.pick(["a", "owner", "b.c"]),
                as: "j",
              }),
            ),
          (): Value =>
            only(
              "$lookup",
              Doc.of({
                from: random.pick(["other", "main"]),
                pipeline: randomPipeline(random, false),
                as: "j",
              }),
            ),
          (): Value =>
            only(
              "$unionWith",
              Doc.of({
                coll: random.pick(["other", "main"]),
                pipeline: randomPipeline(random, false),
              }),
            ),
          (): Value =>
            only(
              "$facet",
              Doc.of({ x: randomPipeline(random, false), y: randomPipeline(random, false) }),
            ),
        ]
      : []),
  ];
  return random.pick(makers)();
}

export type Answer =
  | { readonly found: readonly string[] }
  | { readonly code: string; readonly message: string };

/** How a request ends, as comparable text. */
export async function settle(work: () => Promise<readonly Value[]>): Promise<Answer> {
  try {
    return { found: (await work()).map((each) => toText(each, "canonical")) };
  } catch (cause) {
    if (cause instanceof MongoError || cause instanceof Fault)
      return { code: String(cause.code), message: cause.message };
    throw cause;
  }
}

async function collect(batches: Batches): Promise<Doc[]> {
  const found: Doc[] = [];
  for await (const batch of batches) for (const each of batch) found.push(each);
  return found;
}

export async function answerOf(
  collectionOf: (use: Request) => Collection,
  request: Request,
): Promise<Answer> {
  return settle(async () => {
    const opened = collectionOf(request);
    const common = request.collation && { collation: request.collation };
    switch (request.verb) {
      case "find": {
        const { filter, verb: _, ...options } = request;
        return collect(opened.find(filter, options));
      }
      case "count":
        return [await opened.countDocuments(request.filter, common)];
      case "distinct":
        return inOrder(await opened.distinct(request.field, request.filter, common));
      case "aggregate":
        return collect(opened.aggregate(request.pipeline, common));
    }
  });
}

/** What `distinct` gives has no order. */
function inOrder(values: readonly Value[]): readonly Value[] {
  return values.toSorted((left, right) =>
    toText(left, "canonical") < toText(right, "canonical") ? -1 : 1,
  );
}

/** A document as its user sees it, and as filters and sorts see it: the same, unless the app says else. */
export interface Seen {
  readonly shown: Doc;
  readonly stored: Doc;
}

/** The answer over documents that are at hand. */
export async function expectedOf(
  visible: ReadonlyMap<string, readonly Seen[]>,
  request: Request,
): Promise<Answer> {
  const source = sourceOf(visible);
  const own = request.collation && readCollation(request.collation);
  const asked = own === undefined ? environment : { ...environment, collation: own };
  return settle(async () => {
    switch (request.verb) {
      case "find": {
        const { filter, sort, projection, skip, limit } = request;
        const found = await collect(
          source.read(place, {
            filter,
            environment: asked,
            ...(sort !== undefined && { sort }),
            ...(skip !== undefined && { skip }),
            ...(limit !== undefined && { limit }),
          }),
        );
        if (projection === undefined) return found;
        const compiled = compileProjection(projection, environment, "find");
        return found.map((each) => compiled.apply(each));
      }
      case "count":
        return [
          (await collect(source.read(place, { filter: request.filter, environment: asked })))
            .length,
        ];
      case "distinct": {
        const found = await collect(
          source.read(place, { filter: request.filter, environment: asked }),
        );
        return inOrder(distinctOf(found, request.field.split("."), own));
      }
      case "aggregate":
        return collect(
          compilePipeline(request.pipeline, asked, place).run({
            source,
            pacer: createPacer(),
          }),
        );
    }
  });
}

const place = { database: "d", collection: "main" };

function sourceOf(visible: ReadonlyMap<string, readonly Seen[]>): PipelineSource {
  return {
    async *read({ collection }, { filter, sort, skip = 0, limit, environment: own }) {
      const match = compileMatch(filter, own);
      // What is compared by a collation is compared as it is shown.
      const asked = ({ shown, stored }: Seen): Doc =>
        own.collation === undefined ? stored : shown;
      const matching = (visible.get(collection) ?? []).filter((each) => match.matches(asked(each)));
      const order =
        sort === undefined
          ? matching.map(asked)
          : await sortDocs([matching.map(asked)], compileSort(sort, own.collation), {
              pacer: createPacer(),
            });
      const wanted = order.slice(skip, limit === undefined ? undefined : skip + limit);
      if (wanted.length > 0)
        yield wanted.map((doc) => (matching.find((each) => asked(each) === doc) as Seen).shown);
    },
    target: () => {
      throw new Error("nothing is written");
    },
    collectionStats: async () => Doc.empty,
    indexStats: async () => [],
  };
}

function distinctOf(
  docs: readonly Doc[],
  path: readonly string[],
  own: Collation | undefined,
): readonly Value[] {
  const found = new Map<string, Value>();
  const add = (value: Value): void => {
    const key = toText(own === undefined ? value : foldValue(value, own), "canonical");
    if (!found.has(key)) found.set(key, value);
  };
  const visit = (value: Value | undefined, at: number): void => {
    if (value === undefined) return;
    if (isArray(value)) {
      for (const each of value)
        if (at === path.length) add(each);
        else if (each instanceof Doc) visit(each.get(path[at] as string), at + 1);
      return;
    }
    if (at === path.length) add(value);
    else if (value instanceof Doc) visit(value.get(path[at] as string), at + 1);
  };
  for (const doc of docs) visit(doc.get(path[0] as string), 1);
  return [...found.values()];
}
