/** An administrator's call on a collection: the Data API's actions, and what a person who looks around asks besides. */
import type { ActionResult } from "../../actions/action.ts";
import { actions } from "../../actions/actions.ts";
import {
  mustDoc,
  mustField,
  mustText,
  optionalCount,
  optionalDoc,
  readableDoc,
} from "../../actions/fields.ts";
import { runAction } from "../../actions/run-action.ts";
import { Doc } from "../../bson/doc.ts";
import { toInteger, type Value } from "../../bson/value.ts";
import type { App } from "../../config/app.ts";
import type { Scope } from "../../config/scope.ts";
import { systemUser } from "../../config/user.ts";
import { Fault } from "../../kit/fault.ts";
import type { Limits } from "../../kit/limits.ts";
import { createPacer } from "../../kit/pacer.ts";
import { type DataAccess, openNamespace } from "../../rules/open-namespace.ts";
import type { Collection } from "../../sources/source.ts";
import { createAnalysis } from "./analysis.ts";
import { ownSort } from "./own-sort.ts";
import { describePage, pageLimit, readPage, readPosition } from "./page.ts";
import { readSeen, replaceSeen } from "./seen.ts";

export interface DataCall {
  readonly app: App;
  readonly source: string;
  readonly action: string;
  readonly body: Doc;
  readonly access: DataAccess;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  /** As whom it is tried, under rules, schemas and permissions; undefined: as the system, past all of them. */
  readonly as?: Pick<Scope, "user" | "config"> | undefined;
}

/** Documents of one answer: whoever looks wants a page. */
const documentsMax = 1000;
const bytesMax = 16 * 2 ** 20;
/** Documents of a sample. */
const sampledDefault = 1000;
const sampledMax = 10_000;

/** @throws {Fault} `EndpointNotFound` for an action that is none, and those of the action */
export async function runDataCall(call: DataCall): Promise<Value> {
  const { action, signal, limits } = call;
  const scope = scopeOf(call);
  const body = call.body.with("dataSource", call.source);
  const look = looks.get(action);
  if (look !== undefined) {
    const namespace = {
      dataSource: call.source,
      database: mustText(body, "database"),
      collection: mustText(body, "collection"),
    };
    const verb = changes.has(action) ? "update" : "find";
    return look(openNamespace(scope, namespace, { verb }, call.access), body, signal);
  }
  const found = actions.get(action);
  if (found === undefined) throw new Fault("EndpointNotFound", `no such action: '${action}'`);
  const context = { signal, limits, isStrict: false };
  const result = await runAction({ action: found, body, scope, access: call.access }, context);
  return toValue(result);
}

/** Not under the permission of the data source, which is for clients. */
function scopeOf({ app, source, signal, as }: DataCall): Scope {
  if (as !== undefined) return { ...as, app, caller: as.user, request: undefined, signal };
  const link = app.dataSources.get(source);
  const open =
    link === undefined
      ? app.dataSources
      : new Map(app.dataSources).set(source, { ...link, permission: "readWrite" });
  return {
    app: { ...app, dataSources: open },
    config: undefined,
    caller: systemUser,
    user: systemUser,
    request: undefined,
    signal,
  };
}

/** Of the looks, those that change something. */
const changes: ReadonlySet<string> = new Set(["replaceSeen"]);

type Look = (collection: Collection, body: Doc, signal: AbortSignal) => Promise<Value>;

const looks: ReadonlyMap<string, Look> = new Map<string, Look>([
  [
    "countDocuments",
    async (collection, body, signal) => {
      const limit = optionalCount(body, "limit");
      const options = { signal, ...(limit !== undefined && limit > 0 && { limit }) };
      const filter = readableDoc(body, "filter") ?? Doc.empty;
      const collation = optionalDoc(body, "collation");
      const given = { ...options, ...(collation !== undefined && { collation }) };
      return Doc.of({ count: toInteger(await collection.countDocuments(filter, given)) });
    },
  ],
  [
    "browse",
    async (collection, body, signal) => {
      const collation = optionalDoc(body, "collation");
      const filter = readableDoc(body, "filter") ?? Doc.empty;
      const asked = readableDoc(body, "sort");
      const wanted = {
        filter,
        sort: asked ?? (collation === undefined ? await ownSort(collection, filter) : Doc.empty),
        projection: readableDoc(body, "projection"),
        limit: pageLimit(optionalCount(body, "limit")),
        from: readPosition(body.get("from"), optionalCount(body, "skip") ?? 0),
      };
      const options = { signal, ...(collation !== undefined && { collation }) };
      return describePage(await readPage(collection, wanted, options));
    },
  ],
  ["readSeen", async (collection, body, signal) => readSeen(collection, mustId(body), { signal })],
  [
    "replaceSeen",
    async (collection, body, signal) => {
      const wanted = {
        id: mustId(body),
        version: mustText(body, "version"),
        replacement: mustDoc(body, "replacement"),
      };
      return replaceSeen(collection, wanted, { signal });
    },
  ],
  [
    "distinct",
    async (collection, body, signal) => {
      const filter = readableDoc(body, "filter") ?? Doc.empty;
      const values = await collection.distinct(mustText(body, "field"), filter, { signal });
      return Doc.of({ values: values.slice(0, documentsMax) });
    },
  ],
  [
    "explain",
    async (collection, body, signal) => {
      const filter = readableDoc(body, "filter") ?? Doc.empty;
      const sort = readableDoc(body, "sort");
      const projection = readableDoc(body, "projection");
      const limit = optionalCount(body, "limit");
      const skip = optionalCount(body, "skip");
      const collation = optionalDoc(body, "collation");
      return collection.explain(filter, {
        signal,
        ...(sort !== undefined && { sort }),
        ...(projection !== undefined && { projection }),
        ...(collation !== undefined && { collation }),
        ...(skip !== undefined && skip > 0 && { skip }),
        ...(limit !== undefined && limit > 0 && { limit }),
      });
    },
  ],
  [
    "analyze",
    async (collection, body, signal) => {
      const filter = readableDoc(body, "filter") ?? Doc.empty;
      const size = Math.min(optionalCount(body, "size") || sampledDefault, sampledMax);
      const analysis = createAnalysis();
      const pacer = createPacer(signal);
      const stages = [Doc.of({ $match: filter }), Doc.of({ $sample: Doc.of({ size }) })];
      for await (const batch of collection.aggregate(stages, { signal }))
        for (const document of batch) {
          analysis.add(document);
          if (pacer.due(1 + (document.viewLength ?? 0) / 1024)) await pacer.rest();
        }
      return analysis.describe();
    },
  ],
]);

/** An `_id` may be null. */
function mustId(body: Doc): Value {
  return body.has("id") ? (body.get("id") ?? null) : mustField(body, "id");
}

async function toValue(result: ActionResult): Promise<Value> {
  switch (result.kind) {
    case "document":
      return Doc.of({ document: result.document });
    case "documents":
      return Doc.of({ documents: await collect(result.batches) });
    case "insertedId":
      return Doc.of({ insertedId: result.id });
    case "insertedIds":
      return Doc.of({ insertedIds: result.ids });
    case "updated": {
      const { matchedCount, modifiedCount, upsertedId } = result;
      return Doc.of({
        matchedCount: toInteger(matchedCount),
        modifiedCount: toInteger(modifiedCount),
        ...(upsertedId !== undefined && { upsertedId }),
      });
    }
    case "deleted":
      return Doc.of({ deletedCount: toInteger(result.deletedCount) });
  }
}

async function collect(batches: AsyncIterable<readonly Doc[]>): Promise<readonly Doc[]> {
  const found: Doc[] = [];
  let bytesLeft = bytesMax;
  for await (const batch of batches)
    for (const doc of batch) {
      bytesLeft -= doc.toBytes().length;
      if (found.length >= documentsMax || (bytesLeft < 0 && found.length > 0)) return found;
      found.push(doc);
    }
  return found;
}
