/** The history of the apps' deployments in the internal database. */
import { Doc } from "../bson/doc.ts";
import { DateTime, ObjectId } from "../bson/value.ts";
import { Fault } from "../kit/fault.ts";
import { type AppFiles, packFiles, unpackFiles } from "./app-package.ts";
import { type Drafts, openDrafts, prepareDrafts } from "./draft-records.ts";
import { openChunks, readNames } from "./deployments/chunks.ts";
import type { StateStore } from "./state-store.ts";

/** One snapshot of an app directory. Never changed. */
export interface Deployment {
  /** 24 hex digits. */
  readonly id: string;
  readonly author: string;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly filesCount: number;
  /** The packages of its functions: 64 hex digits; undefined: none. */
  readonly dependencies: string | undefined;
}

export interface Records {
  /** Keeps files; they are on disk when it resolves. */
  add(
    appId: string,
    files: AppFiles,
    by: Pick<Deployment, "author" | "message" | "dependencies">,
  ): Promise<Deployment>;
  /** The newest first. */
  list(appId: string): Promise<readonly Deployment[]>;
  /** @throws {Fault} `NotFound` */
  must(appId: string, id: string): Promise<Deployment>;
  /** @throws {Fault} `NotFound` */
  files(appId: string, id: string): Promise<Map<string, Uint8Array>>;
  /**
   * Takes the oldest away. What drafts were made from stays.
   *
   * @param kept how many stay
   * @param liveId stays in any case
   */
  prune(appId: string, kept: number, liveId: string | undefined): Promise<void>;
  deleteAll(appId: string): Promise<void>;
  readonly drafts: Drafts;
}

/** Makes the collections' indexes. */
export async function prepareRecords(state: StateStore): Promise<void> {
  await state.collection("deployments").createIndex(Doc.of({ app_id: 1, _id: -1 }), Doc.empty);
  await state.collection("deployments").createIndex(Doc.of({ chunks: 1 }), Doc.empty);
  await prepareDrafts(state);
}

export function openRecords(environment: {
  readonly state: StateStore;
  readonly now: () => number;
  readonly newId: () => ObjectId;
}): Records {
  const { state, now, newId } = environment;
  const collection = state.collection("deployments");
  const chunks = openChunks(state, now);

  async function mustDoc(appId: string, id: string): Promise<Doc> {
    const doc = isId(id) ? await collection.findOne(filterOf(appId, id)) : null;
    if (doc === null) throw new Fault("NotFound", `deployment not found: '${id.slice(0, 64)}'`);
    return doc;
  }

  async function listDocs(appId: string): Promise<readonly Doc[]> {
    const found: Doc[] = [];
    const filter = Doc.of({ app_id: ObjectId.fromHex(appId) });
    for await (const batch of collection.find(filter, { sort: Doc.of({ _id: -1 }) }))
      found.push(...batch);
    return found;
  }

  async function isWanted(name: string): Promise<boolean> {
    const filter = Doc.of({ chunks: name });
    for (const each of [collection, state.collection("drafts")])
      if ((await each.findOne(filter)) !== null) return true;
    return false;
  }
  const drafts = openDrafts({ state, chunks, isWanted, now, newId });

  async function remove(docs: readonly Doc[]): Promise<void> {
    for (const doc of docs) await collection.deleteOne(Doc.of({ _id: doc.get("_id") ?? null }));
    await chunks.sweep(
      docs.flatMap((doc) => readNames(doc.get("chunks"))),
      isWanted,
    );
  }

  async function unpack(doc: Doc): Promise<Map<string, Uint8Array>> {
    return unpackFiles(await chunks.get(readNames(doc.get("chunks"))));
  }

  return {
    async add(appId, files, { author, message, dependencies }) {
      const names = await chunks.put(await packFiles(files));
      const doc = Doc.of({
        _id: newId(),
        app_id: ObjectId.fromHex(appId),
        author: author.slice(0, 200),
        message: message.slice(0, 1000),
        created_at: new DateTime(now()),
        files_count: files.size,
        ...(dependencies === undefined ? {} : { dependencies }),
        chunks: names,
      });
      await collection.insertOne(doc);
      return readDeployment(doc);
    },
    list: async (appId) => (await listDocs(appId)).map(readDeployment),
    must: async (appId, id) => readDeployment(await mustDoc(appId, id)),
    files: async (appId, id) => unpack(await mustDoc(appId, id)),
    async prune(appId, kept, liveId) {
      const docs = (await listDocs(appId)).slice(kept);
      if (docs.length === 0) return;
      const bases = (await drafts.list(appId)).map(({ base }) => base);
      const stays = new Set([liveId, ...bases]);
      await remove(docs.filter((doc) => !stays.has(readDeployment(doc).id)));
    },
    async deleteAll(appId) {
      await remove(await listDocs(appId));
      for (const { id } of await drafts.list(appId)) await drafts.delete(appId, id);
    },
    drafts,
  };
}

function readDeployment(doc: Doc): Deployment {
  const created = doc.get("created_at");
  const dependencies = doc.get("dependencies");
  return {
    id: idOf(doc),
    author: textOf(doc, "author"),
    message: textOf(doc, "message"),
    createdAt: created instanceof DateTime ? Number(created.ms) : 0,
    filesCount: Number(doc.get("files_count") ?? 0),
    dependencies: typeof dependencies === "string" ? dependencies : undefined,
  };
}

function textOf(doc: Doc, field: string): string {
  const value = doc.get(field);
  return typeof value === "string" ? value : "";
}

function isId(text: string): boolean {
  return /^[0-9a-f]{24}$/.test(text);
}

function filterOf(appId: string, id: string): Doc {
  return Doc.of({ _id: ObjectId.fromHex(id), app_id: ObjectId.fromHex(appId) });
}

function idOf(doc: Doc): string {
  const id = doc.get("_id");
  return id instanceof ObjectId ? id.toHex() : "";
}
