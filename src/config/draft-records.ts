/** Changes of an app that wait for their deployment: one draft of each administrator, in the internal database. */
import { Doc } from "../bson/doc.ts";
import { DateTime, ObjectId } from "../bson/value.ts";
import { Fault } from "../kit/fault.ts";
import { type AppFiles, packFiles, unpackFiles } from "./app-package.ts";
import { type Chunks, readNames } from "./deployments/chunks.ts";
import { duplicateIndexOf, type StateStore } from "./state-store.ts";

export interface Draft {
  /** 24 hex digits. */
  readonly id: string;
  readonly author: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Of the last change; of its opening where there is none. */
  readonly updatedAt: number;
  /** The deployment that its files were made from; undefined: none was live, or nothing has been put. */
  readonly base: string | undefined;
  /** How often something was put; 0 while it is empty. */
  readonly revision: number;
}

/** Each administrator has at most one draft of an app. */
export interface Drafts {
  /** @throws {Fault} `DraftAlreadyExists` @returns its id */
  open(appId: string, author: string): Promise<string>;
  find(appId: string, author: string): Promise<Draft | undefined>;
  /** Of all administrators, the last changed first. */
  list(appId: string): Promise<readonly Draft[]>;
  /** @throws {Fault} `NotFound` */
  must(appId: string, author: string, id: string): Promise<Draft>;
  /**
   * Puts files in place of what it holds.
   *
   * @param base the deployment that they were made from
   * @param draft as it was when they were made
   * @throws {Fault} `DraftConflict` when it has been changed or taken away since
   */
  put(appId: string, draft: Draft, files: AppFiles, base: string | undefined): Promise<void>;
  /** Undefined where nothing has been put. */
  files(appId: string, id: string): Promise<Map<string, Uint8Array> | undefined>;
  delete(appId: string, id: string): Promise<void>;
}

/** Makes the collection's index. */
export async function prepareDrafts(state: StateStore): Promise<void> {
  const unique = Doc.of({ unique: true, name: "author" });
  await state.collection("drafts").createIndex(Doc.of({ app_id: 1, author: 1 }), unique);
}

export function openDrafts(environment: {
  readonly state: StateStore;
  readonly chunks: Chunks;
  /** Whether a deployment or a draft holds a chunk of this name. */
  readonly isWanted: (name: string) => Promise<boolean>;
  readonly now: () => number;
  readonly newId: () => ObjectId;
}): Drafts {
  const { state, chunks, isWanted, now, newId } = environment;
  const drafts = state.collection("drafts");

  return {
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
      return doc === null ? undefined : readDraft(doc);
    },
    async list(appId) {
      const found: Draft[] = [];
      for await (const batch of drafts.find(Doc.of({ app_id: ObjectId.fromHex(appId) })))
        found.push(...batch.map(readDraft));
      return found.toSorted((left, right) => right.updatedAt - left.updatedAt);
    },
    async must(appId, author, id) {
      const doc = isId(id) ? await drafts.findOne(filterOf(appId, id)) : null;
      if (doc === null || doc.get("author") !== author)
        throw new Fault("NotFound", "draft not found");
      return readDraft(doc);
    },
    async put(appId, { id, revision }, files, base) {
      const names = await chunks.put(await packFiles(files));
      const filter = Doc.of({
        _id: ObjectId.fromHex(id),
        app_id: ObjectId.fromHex(appId),
        // Null stands for a field that is not there, too.
        revision: revision === 0 ? null : revision,
      });
      const former = await drafts.findOneAndUpdate(
        filter,
        Doc.of({
          $set: Doc.of({
            chunks: names,
            base: base ?? null,
            updated_at: new DateTime(now()),
            revision: revision + 1,
          }),
        }),
        { returnDocument: "before" },
      );
      await chunks.sweep(former === null ? names : readNames(former.get("chunks")), isWanted);
      if (former === null) throw new Fault("DraftConflict", "the draft was changed meanwhile");
    },
    async files(appId, id) {
      const doc = await drafts.findOne(filterOf(appId, id));
      if (doc === null || !doc.has("chunks")) return undefined;
      return unpackFiles(await chunks.get(readNames(doc.get("chunks"))));
    },
    async delete(appId, id) {
      const former = await drafts.findOneAndDelete(filterOf(appId, id));
      await chunks.sweep(readNames(former?.get("chunks")), isWanted);
    },
  };
}

function readDraft(doc: Doc): Draft {
  const [id, author, base] = [doc.get("_id"), doc.get("author"), doc.get("base")];
  const created = timeOf(doc.get("created_at")) ?? 0;
  return {
    id: id instanceof ObjectId ? id.toHex() : "",
    author: typeof author === "string" ? author : "",
    createdAt: created,
    updatedAt: timeOf(doc.get("updated_at")) ?? created,
    base: typeof base === "string" ? base : undefined,
    revision: Number(doc.get("revision") ?? 0),
  };
}

function timeOf(value: unknown): number | undefined {
  return value instanceof DateTime ? Number(value.ms) : undefined;
}

function isId(text: string): boolean {
  return /^[0-9a-f]{24}$/.test(text);
}

function filterOf(appId: string, id: string): Doc {
  return Doc.of({ _id: ObjectId.fromHex(id), app_id: ObjectId.fromHex(appId) });
}
