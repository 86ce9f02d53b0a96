/** Content in pieces that fit in a document, each under its own hash: what is the same is kept once. */
import { hash } from "node:crypto";
import { Doc } from "../../bson/doc.ts";
import { Binary, DateTime, isArray, type Value } from "../../bson/value.ts";
import { readState, type StateStore } from "../state-store.ts";

export interface Chunks {
  /** Is on disk when it resolves. @returns the names of the pieces, in order */
  put(content: Uint8Array): Promise<readonly string[]>;
  /** @throws {Error} when a piece is missing or not what was put */
  get(names: readonly string[]): Promise<Buffer>;
  /** Takes pieces away that nobody wants and nobody has put for an hour. */
  sweep(names: readonly string[], isWanted: (name: string) => Promise<boolean>): Promise<void>;
}

const chunkBytes = 900 * 1000;
/** Between its pieces and the document that names them, another node must not sweep. */
const graceMs = 60 * 60 * 1000;

export function openChunks(state: StateStore, now: () => number): Chunks {
  const collection = state.collection("chunks");
  return {
    async put(content) {
      const names: string[] = [];
      for (let at = 0; at < content.length; at += chunkBytes) {
        const bytes = content.subarray(at, at + chunkBytes);
        const name = hash("sha256", bytes, "hex");
        const update = Doc.of({
          $set: Doc.of({ put_at: new DateTime(now()) }),
          $setOnInsert: Doc.of({ bytes: new Binary(0, bytes) }),
        });
        await collection.updateOne(Doc.of({ _id: name }), update, { upsert: true });
        names.push(name);
      }
      return names;
    },
    async get(names) {
      const found = new Map<string, Uint8Array>();
      for (const doc of await readState(collection, names)) {
        const bytes = doc.get("bytes");
        const id = doc.get("_id");
        if (bytes instanceof Binary && typeof id === "string") found.set(id, bytes.bytes);
      }
      return Buffer.concat(
        names.map((name) => {
          const bytes = found.get(name);
          if (bytes === undefined || hash("sha256", bytes, "hex") !== name)
            throw new Error(`a piece of a deployment is missing or damaged: ${name}`);
          return bytes;
        }),
      );
    },
    async sweep(names, isWanted) {
      for (const name of new Set(names)) {
        if (await isWanted(name)) continue;
        const isOld = Doc.of({ $lt: new DateTime(now() - graceMs) });
        await collection.deleteOne(Doc.of({ _id: name, put_at: isOld }));
      }
    },
  };
}

/** The names in a document; none where there are none. */
export function readNames(value: Value | undefined): readonly string[] {
  return isArray(value) ? value.map(String) : [];
}
