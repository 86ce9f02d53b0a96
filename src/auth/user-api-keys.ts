/** API keys that users make for themselves: each acts as its user. Kept as hashes; those in use are in memory. */
import { Doc } from "../bson/doc.ts";
import { DateTime, ObjectId, type Value } from "../bson/value.ts";
import { readObjectId } from "../bson/object-id.ts";
import { duplicateIndexOf, type StateStore } from "../config/state-store.ts";
import { Fault } from "../kit/fault.ts";
import { createSecret, equalsInConstantTime, hashSecret } from "../kit/secret.ts";
import { createReadCache } from "./read-cache.ts";

export interface UserApiKey {
  /** 24 hex digits. */
  readonly id: string;
  readonly name: string;
  readonly disabled: boolean;
  readonly userId: string;
}

/** Those of one user, named by the app's and the user's 24 hex digits. */
export interface UserApiKeys {
  /** Keys in memory. */
  readonly count: number;
  list(appId: string, userId: string): Promise<readonly UserApiKey[]>;
  /** @throws {Fault} `APIKeyNotFound` */
  must(appId: string, userId: string, id: string): Promise<UserApiKey>;
  /**
   * @returns the key's text too, which nothing can show again
   * @throws {Fault} `APIKeyAlreadyExists`, `InvalidParameter` for a bad name or beyond 20 keys
   */
  create(
    appId: string,
    userId: string,
    name: string,
  ): Promise<UserApiKey & { readonly key: string }>;
  /** @throws {Fault} `APIKeyNotFound` */
  setDisabled(appId: string, userId: string, id: string, disabled: boolean): Promise<void>;
  /** @throws {Fault} `APIKeyNotFound` */
  delete(appId: string, userId: string, id: string): Promise<void>;
  /** The enabled key with this text. At once when it is known. */
  verify(appId: string, text: string): UserApiKey | undefined | Promise<UserApiKey | undefined>;
  deleteOfUser(appId: string, userId: string): Promise<void>;
  deleteAll(appId: string): Promise<void>;
}

export interface UserApiKeysEnvironment {
  readonly state: StateStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
}

const collectionName = "user_api_keys";
const namePattern = /^[A-Za-z0-9_-]{1,64}$/;
const keyLength = 64;
const keysMax = 20;
const keysInMemoryMax = 10_000;

/** Makes the collection's indexes. */
export async function prepareUserApiKeys(state: StateStore): Promise<void> {
  const collection = state.collection(collectionName);
  await collection.createIndex(Doc.of({ app_id: 1, hash: 1 }), unique("hash"));
  await collection.createIndex(Doc.of({ app_id: 1, user_id: 1, name: 1 }), unique("name"));
  // No two keys of a user have the same slot, which bounds their number however many are made at once.
  await collection.createIndex(Doc.of({ app_id: 1, user_id: 1, slot: 1 }), unique("slot"));
}

export function openUserApiKeys(environment: UserApiKeysEnvironment): UserApiKeys {
  const { state, now, newId } = environment;
  const collection = state.collection(collectionName);
  /** By app and hash of the text. */
  const known = createReadCache<UserApiKey & { readonly hash: string }>({
    entriesMax: keysInMemoryMax,
    load: async (id) => {
      const [appId, hash] = [id.slice(0, 24), id.slice(24)];
      const doc = await collection.findOne(Doc.of({ app_id: ObjectId.fromHex(appId), hash }));
      return doc === null ? undefined : { ...read(doc), hash };
    },
  });
  // Which text belongs to an id is not known here: keys change seldom.
  state.changes.subscribe(collectionName, async () => {
    known.clear();
  });

  async function tell(): Promise<void> {
    known.clear();
    await state.changes.touch(collectionName);
  }

  async function readDocs(appId: string, userId: string): Promise<readonly Doc[]> {
    const found: Doc[] = [];
    const options = { sort: Doc.of({ _id: 1 }) };
    for await (const batch of collection.find(Doc.of(ofUser(appId, userId)), options))
      found.push(...batch);
    return found;
  }

  async function must(appId: string, userId: string, id: string): Promise<UserApiKey> {
    const _id = readObjectId(id);
    const doc =
      _id === undefined
        ? null
        : await collection.findOne(Doc.of({ _id, ...ofUser(appId, userId) }));
    if (doc === null) throw new Fault("APIKeyNotFound", `API key with id '${id}' doesn't exist`);
    return read(doc);
  }

  async function freeSlot(appId: string, userId: string, name: string): Promise<number> {
    const docs = await readDocs(appId, userId);
    if (docs.some((doc) => doc.get("name") === name))
      throw new Fault("APIKeyAlreadyExists", "API key with name already exists");
    const taken = new Set(docs.map((doc) => doc.get("slot")));
    for (let slot = 0; slot < keysMax; slot += 1) if (!taken.has(slot)) return slot;
    throw new Fault("InvalidParameter", `a user has at most ${keysMax} API keys`);
  }

  async function insert(appId: string, userId: string, name: string, text: string) {
    const id = newId();
    // Each turn but the first means that somebody took a slot: there are no more turns than slots.
    for (let turn = 0; turn <= keysMax; turn += 1) {
      const slot = await freeSlot(appId, userId, name);
      const fields = { name, hash: hashSecret(text), slot, disabled: false };
      const created = { created_at: new DateTime(now()) };
      try {
        await collection.insertOne(
          Doc.of({ _id: id, ...ofUser(appId, userId), ...fields, ...created }),
        );
        return id.toHex();
      } catch (error) {
        if (duplicateIndexOf(error) === undefined) throw error;
      }
    }
    throw new Fault("ServiceUnavailable", "too many keys are being made at once");
  }

  return {
    get count() {
      return known.size;
    },
    list: async (appId, userId) => (await readDocs(appId, userId)).map(read),
    must,
    async create(appId, userId, name) {
      if (!namePattern.test(name))
        throw new Fault(
          "InvalidParameter",
          "API key name must have 1 to 64 characters and can only contain ASCII letters, numbers, underscores, and hyphens",
        );
      const key = createSecret(keyLength);
      const id = await insert(appId, userId, name, key);
      return { id, name, disabled: false, userId, key };
    },
    async setDisabled(appId, userId, id, disabled) {
      await must(appId, userId, id);
      const filter = Doc.of({ _id: ObjectId.fromHex(id) });
      await collection.updateOne(filter, Doc.of({ $set: Doc.of({ disabled }) }));
      await tell();
    },
    async delete(appId, userId, id) {
      await must(appId, userId, id);
      await collection.deleteOne(Doc.of({ _id: ObjectId.fromHex(id) }));
      await tell();
    },
    verify(appId, text) {
      const hash = hashSecret(text);
      const found = known.get(appId + hash);
      return found instanceof Promise
        ? found.then((key) => toEnabled(key, hash))
        : toEnabled(found, hash);
    },
    async deleteOfUser(appId, userId) {
      if ((await collection.deleteMany(Doc.of(ofUser(appId, userId)))) > 0) await tell();
    },
    async deleteAll(appId) {
      await collection.deleteMany(Doc.of({ app_id: ObjectId.fromHex(appId) }));
      await tell();
    },
  };
}

function unique(name: string): Doc {
  return Doc.of({ unique: true, name });
}

function ofUser(appId: string, userId: string): Readonly<Record<string, Value>> {
  return { app_id: ObjectId.fromHex(appId), user_id: userId };
}

function toEnabled(
  key: (UserApiKey & { readonly hash: string }) | undefined,
  hash: string,
): UserApiKey | undefined {
  if (key === undefined || !equalsInConstantTime(key.hash, hash)) return undefined;
  return key.disabled ? undefined : key;
}

function read(doc: Doc): UserApiKey {
  const id = doc.get("_id");
  const name = doc.get("name");
  const userId = doc.get("user_id");
  return {
    id: id instanceof ObjectId ? id.toHex() : "",
    name: typeof name === "string" ? name : "",
    disabled: doc.get("disabled") !== false,
    userId: typeof userId === "string" ? userId : "",
  };
}
