/** The history of the apps' deployments, and their drafts, in the internal database. */
import { Doc } from "../bson/doc.ts";
import { DateTime, ObjectId } from "../bson/value.ts";
import { Fault } from "../kit/fault.ts";
import { type AppFiles, packFiles, unpackFiles } from "./app-package.ts";
import { duplicateIndexOf, type StateStore } from "./state-store.ts";
import { openChunks, readNames } from "./deployments/chunks.ts";

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
  /** Takes the oldest away. @param kept how many stay @param liveId stays in any case */
  prune(appId: string, kept: number, liveId: string | undefined): Promise<void>;
  deleteAll(appId: string): Promise<void>;
  readonly drafts: Drafts;
}

/** Each administrator has at most one draft of an app. */
export interface Drafts {
  /** @throws {Fault} `DraftAlreadyExists` @returns its id */
  open(appId: string, author: string): Promise<string>;
  find(appId: string, author: string): Promise<string | undefined>;
  /** @throws {Fault} `NotFound` */
  must(appId: string, author: string, id: string): Promise<void>;
  put(appId: string, id: string, files: AppFiles): Promise<void>;
  /** Undefined where nothing has been put. */
  files(appId: string, id: string): Promise<Map<string, Uint8Array> | undefined>;
  delete(appId: string, id: string): Promise<void>;
}

/** Makes the collections' indexes. */
export async function prepareRecords(state: StateStore): Promise<void> {
  await state.collection("deployments").createIndex(Doc.of({ app_id: 1, _id: -1 }), Doc.empty);
  await state.collection("deployments").createIndex(Doc.of({ chunks: 1 }), Doc.empty);
  const unique = Doc.of({ unique: true, name: "author" });
  await state.collection("drafts").createIndex(Doc.of({ app_id: 1, author: 1 }), unique);
}

export function openRecords(environment: {
  readonly state: StateStore;
  readonly now: () => number;
  readonly newId: () => ObjectId;
}): Records {
  const { state, now, newId } = environment;
  const collection = state.collection("deployments");
  const drafts = state.collection("drafts");
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
    return (await collection.findOne(filter)) !== null || (await drafts.findOne(filter)) !== null;
  }

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
      const docs = await listDocs(appId);
      await remove(docs.slice(kept).filter((doc) => readDeployment(doc).id !== liveId));
    },
    async deleteAll(appId) {
      await remove(await listDocs(appId));
      await drafts.deleteMany(Doc.of({ app_id: ObjectId.fromHex(appId) }));
    },
    drafts: {
      async open(appId, author) {
        const id = newId();
        try {
          await drafts.insertOne(
            Doc.of({
              _id: id,
              app_id: ObjectId.fromHex(appId),
              author,
              created_at: new DateTime(now()),
            }),
          );
        } catch (error) {
          if (duplicateIndexOf(error) === undefined) throw error;
          throw new Fault("DraftAlreadyExists", "a draft exists already", { cause: error });
        }
        return id.toHex();
      },
      async find(appId, author) {
        const doc = await drafts.findOne(Doc.of({ app_id: ObjectId.fromHex(appId), author }));
        return doc === null ? undefined : idOf(doc);
      },
      async must(appId, author, id) {
        const doc = isId(id) ? await drafts.findOne(filterOf(appId, id)) : null;
        if (doc === null || doc.get("author") !== author)
          throw new Fault("NotFound", "draft not found");
      },
      async put(appId, id, files) {
        const names = await chunks.put(await packFiles(files));
        await drafts.updateOne(filterOf(appId, id), Doc.of({ $set: Doc.of({ chunks: names }) }));
      },
      async files(appId, id) {
        const doc = await drafts.findOne(filterOf(appId, id));
        return doc === null || !doc.has("chunks") ? undefined : unpack(doc);
      },
      async delete(appId, id) {
        const former = await drafts.findOneAndDelete(filterOf(appId, id));
        await chunks.sweep(readNames(former?.get("chunks")), isWanted);
      },
    },
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
