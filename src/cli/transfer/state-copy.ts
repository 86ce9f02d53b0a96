/** Petiole's own state in an export: which of its documents belong to it, and how they are put into another state. */
import { Doc } from "../../bson/doc.ts";
import { isArray, ObjectId, type Value } from "../../bson/value.ts";
import type { App } from "../../config/app.ts";
import { Fault } from "../../kit/fault.ts";
import type { State } from "../../state.ts";
import { importCollection } from "./import-collection.ts";

/** What every server has of its own; secrets are sealed with its master key, and leave it in no form. */
const notCopied: ReadonlySet<string> = new Set([
  "changes",
  "calls",
  "secrets",
  "admin_sessions",
  "trigger_runs",
]);
/** What belongs to the server and to no app. */
const ofServer: ReadonlySet<string> = new Set(["server", "administrators"]);

export interface StatePart {
  readonly collection: string;
  readonly filter: Doc;
}

/** @param app undefined: everything */
export async function listStateParts(
  { store }: State,
  app: App | undefined,
): Promise<readonly StatePart[]> {
  const listed = await store.source.listCollections(store.database);
  return listed
    .map((each) => each.get("name") as string)
    .filter((name) => !notCopied.has(name) && !name.startsWith("system."))
    .filter((name) => app === undefined || !ofServer.has(name))
    .map((collection) => ({ collection, filter: filterOf(collection, app) }))
    .toSorted((a, b) => (a.collection < b.collection ? -1 : 1));
}

function filterOf(collection: string, app: App | undefined): Doc {
  if (app === undefined) return Doc.empty;
  const id = ObjectId.fromHex(app.id);
  if (collection === "apps") return Doc.of({ _id: id });
  // What names no app, as the content of deployments, is every app's.
  return Doc.of({
    $or: [Doc.of({ app_id: id }), Doc.of({ app_id: Doc.of({ $exists: false }) })],
  });
}

/** @throws {Fault} `BadRequest` when another app, key or administrator is in the way */
export async function importStatePart(
  state: State,
  name: string,
  documents: AsyncIterable<Doc>,
  options: {
    readonly replaces: boolean;
    /** Name of a store there → its name here. */
    readonly storeOf: (name: string) => string;
    /** Whether this state has had no app before: then it takes over who it is. */
    readonly isFresh: boolean;
  },
): Promise<number> {
  if (notCopied.has(name)) throw new Fault("BadRequest", `'${name}' is no collection of the state`);
  const collection = state.store.collection(name);
  const { isFresh, replaces, storeOf } = options;
  if (name === "server" && !isFresh) return 0;
  const { read } = await importCollection(collection, mapped(), {
    replaces: replaces || name === "server",
    onCount: () => {},
  });
  await state.store.changes.touch(name);
  return read.count;

  async function* mapped(): AsyncGenerator<Doc> {
    for await (const document of documents)
      if (name !== "administrators" || (await isNew(document)))
        yield name === "apps" ? mapStores(document, storeOf) : document;
  }

  /** An administrator of the same address stays as they are: their password is the one that is known here. */
  async function isNew(document: Doc): Promise<boolean> {
    const found = await collection.findOne(Doc.of({ email: document.get("email") ?? null }));
    return found === null;
  }
}

function mapStores(app: Doc, storeOf: (name: string) => string): Doc {
  const links = app.get("data_sources");
  if (!isArray(links)) return app;
  const mappedLinks: Value[] = links.map((link) => {
    if (!(link instanceof Doc)) return link;
    const store = link.get("store");
    return typeof store === "string" ? link.with("store", storeOf(store)) : link;
  });
  return Doc.fromBytes(app.with("data_sources", mappedLinks).toBytes());
}
