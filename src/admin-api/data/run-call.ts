/** An administrator's call on a collection: the Data API's actions, and what a person who looks around asks besides. */
import type { ActionResult } from "../../actions/action.ts";
import { actions } from "../../actions/actions.ts";
import { mustText, optionalCount, readableDoc } from "../../actions/fields.ts";
import { runAction } from "../../actions/run-action.ts";
import { Doc } from "../../bson/doc.ts";
import { toInteger, type Value } from "../../bson/value.ts";
import type { App } from "../../config/app.ts";
import type { Scope } from "../../config/scope.ts";
import { systemUser } from "../../config/user.ts";
import { Fault } from "../../kit/fault.ts";
import type { Limits } from "../../kit/limits.ts";
import { type DataAccess, openNamespace } from "../../rules/open-namespace.ts";
import type { Collection } from "../../sources/source.ts";

export interface DataCall {
  readonly app: App;
  readonly source: string;
  readonly action: string;
  readonly body: Doc;
  readonly access: DataAccess;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** Documents of one answer: whoever looks wants a page. */
const documentsMax = 1000;
const bytesMax = 16 * 2 ** 20;

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
    return look(openNamespace(scope, namespace, { verb: "find" }, call.access), body, signal);
  }
  const found = actions.get(action);
  if (found === undefined) throw new Fault("EndpointNotFound", `no such action: '${action}'`);
  const context = { signal, limits, isStrict: false };
  const result = await runAction({ action: found, body, scope, access: call.access }, context);
  return toValue(result);
}

/** Not under the permission of the data source, which is for clients. */
function scopeOf({ app, source, signal }: DataCall): Scope {
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

type Look = (collection: Collection, body: Doc, signal: AbortSignal) => Promise<Value>;

const looks: ReadonlyMap<string, Look> = new Map<string, Look>([
  [
    "countDocuments",
    async (collection, body, signal) => {
      const limit = optionalCount(body, "limit");
      const options = { signal, ...(limit !== undefined && limit > 0 && { limit }) };
      const filter = readableDoc(body, "filter") ?? Doc.empty;
      return Doc.of({ count: toInteger(await collection.countDocuments(filter, options)) });
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
      return collection.explain(filter, {
        signal,
        ...(sort !== undefined && { sort }),
        ...(projection !== undefined && { projection }),
        ...(limit !== undefined && limit > 0 && { limit }),
      });
    },
  ],
]);

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
