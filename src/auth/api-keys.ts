/** The server API keys of all apps: kept in the internal database, verified from memory. */
import { Doc } from "../bson/doc.ts";
import { ObjectId } from "../bson/value.ts";
import type { Permission } from "../config/app.ts";
import { internalDatabase } from "../config/internal-database.ts";
import { Fault } from "../kit/fault.ts";
import { createQueue } from "../kit/queue.ts";
import { createSecret, equalsInConstantTime, hashSecret } from "../kit/secret.ts";
import type { DataSource } from "../sources/source.ts";
import {
  type ApiKey,
  mustImportedKey,
  mustKeyName,
  readApiKeyDoc,
  toApiKeyDoc,
} from "./api-key.ts";

export interface NewApiKey {
  readonly name: string;
  readonly role?: Permission;
  /** A key that clients have already; random when absent. */
  readonly key?: string;
  readonly userId?: string;
}

export interface ApiKeys {
  /** The enabled key with this text; undefined where there is none. Never waits. */
  verify(appId: string, text: string): ApiKey | undefined;
  /** In the order of their making. */
  list(appId: string): readonly ApiKey[];
  /** @throws {Fault} `APIKeyNotFound` */
  must(appId: string, id: string): ApiKey;
  /**
   * @returns the key's text too, which nothing can show again
   * @throws {Fault} `APIKeyAlreadyExists` for a name or text that is in use, `InvalidParameter` for a bad name or
   *   text, or when the app has as many keys as it may have
   */
  create(appId: string, wanted: NewApiKey): Promise<ApiKey & { readonly key: string }>;
  /**
   * Makes sure that a key with this text is there and enabled; one of the same name and another text gives way.
   * Its length is the caller's affair.
   */
  ensure(appId: string, name: string, text: string): Promise<void>;
  setDisabled(appId: string, id: string, disabled: boolean): Promise<void>;
  delete(appId: string, id: string): Promise<void>;
  deleteAll(appId: string): Promise<void>;
}

export interface ApiKeysEnvironment {
  readonly state: DataSource;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
  readonly keysMax: number;
}

const keyLength = 64;
/** Hex digits of a hash by which a key is looked up; the rest is compared in constant time. */
const prefixLength = 16;

/** All keys of an app; at most `keysMax`, so that a wrong key never costs a look into the store. */
interface Ring {
  readonly byId: Map<string, ApiKey>;
  readonly byPrefix: Map<string, ApiKey>;
}

/** Reads all keys into memory. */
export async function openApiKeys(environment: ApiKeysEnvironment): Promise<ApiKeys> {
  const { state, now, newId, keysMax } = environment;
  const collection = state.collection(internalDatabase, "api_keys");
  const rings = new Map<string, Ring>();
  // One change at a time: the bound on keys and the uniqueness of names hold under concurrent calls.
  const inTurn = createQueue();

  for await (const batch of collection.find(Doc.empty, { sort: Doc.of({ _id: 1 }) }))
    for (const doc of batch) remember(readApiKeyDoc(doc));

  function ringOf(appId: string): Ring {
    let ring = rings.get(appId);
    if (ring === undefined) {
      ring = { byId: new Map(), byPrefix: new Map() };
      rings.set(appId, ring);
    }
    return ring;
  }

  function remember(key: ApiKey): void {
    const { byId, byPrefix } = ringOf(key.appId);
    byId.set(key.id, key);
    byPrefix.set(key.hash.slice(0, prefixLength), key);
  }

  function forget(key: ApiKey): void {
    const { byId, byPrefix } = ringOf(key.appId);
    byId.delete(key.id);
    byPrefix.delete(key.hash.slice(0, prefixLength));
  }

  function must(appId: string, id: string): ApiKey {
    const key = rings.get(appId)?.byId.get(id);
    if (key === undefined) throw new Fault("APIKeyNotFound", "API key not found");
    return key;
  }

  async function insert(key: ApiKey): Promise<ApiKey> {
    await collection.insertOne(toApiKeyDoc(key));
    remember(key);
    return key;
  }

  async function remove(key: ApiKey): Promise<void> {
    // Forgotten first: if the store fails, the key is refused until the next start rather than accepted.
    forget(key);
    await collection.deleteOne(filterOf(key.id));
  }

  async function disable(key: ApiKey, disabled: boolean): Promise<void> {
    const changed = { ...key, disabled };
    if (disabled) remember(changed);
    await collection.updateOne(filterOf(key.id), Doc.of({ $set: Doc.of({ disabled }) }));
    remember(changed);
  }

  function newKey(appId: string, name: string, text: string, wanted?: NewApiKey): ApiKey {
    const id = newId().toHex();
    return {
      id,
      appId,
      name,
      disabled: false,
      role: wanted?.role ?? "readWrite",
      userId: wanted?.userId ?? id,
      hash: hashSecret(text),
      createdAt: now(),
    };
  }

  return {
    verify(appId, text) {
      const hash = hashSecret(text);
      const key = rings.get(appId)?.byPrefix.get(hash.slice(0, prefixLength));
      if (key === undefined || !equalsInConstantTime(key.hash, hash)) return undefined;
      return key.disabled ? undefined : key;
    },
    list: (appId) => [...(rings.get(appId)?.byId.values() ?? [])],
    must,
    async create(appId, wanted) {
      const name = mustKeyName(wanted.name);
      const text = wanted.key === undefined ? createSecret(keyLength) : mustImportedKey(wanted.key);
      return inTurn(async () => {
        const key = newKey(appId, name, text, wanted);
        const { byId, byPrefix } = ringOf(appId);
        if ([...byId.values()].some((each) => each.name === name))
          throw new Fault("APIKeyAlreadyExists", `an API key named '${name}' exists`);
        if (byPrefix.has(key.hash.slice(0, prefixLength)))
          throw new Fault("APIKeyAlreadyExists", "this API key exists under another name");
        if (byId.size >= keysMax)
          throw new Fault("InvalidParameter", `an app has at most ${keysMax} API keys`);
        return { ...(await insert(key)), key: text };
      });
    },
    ensure: async (appId, name, text) =>
      inTurn(async () => {
        const { byId, byPrefix } = ringOf(appId);
        const same = byPrefix.get(hashSecret(text).slice(0, prefixLength));
        if (same !== undefined) {
          if (same.disabled) await disable(same, false);
          return;
        }
        const former = [...byId.values()].find((each) => each.name === name);
        if (former !== undefined) await remove(former);
        await insert(newKey(appId, name, text));
      }),
    setDisabled: async (appId, id, disabled) =>
      inTurn(async () => disable(must(appId, id), disabled)),
    delete: async (appId, id) => inTurn(async () => remove(must(appId, id))),
    deleteAll: async (appId) =>
      inTurn(async () => {
        rings.delete(appId);
        await collection.deleteMany(Doc.of({ app_id: ObjectId.fromHex(appId) }));
      }),
  };
}

function filterOf(id: string): Doc {
  return Doc.of({ _id: ObjectId.fromHex(id) });
}
