/**
 * The server API keys of all apps: kept in the internal database, verified from memory.
 *
 * Any number of nodes may make keys at once: unique indexes refuse a second key of a name, a text, or a slot. A slot is
 * one of the places that an app has for its keys, so that their number is bounded without anybody counting.
 */
import { Doc } from "../bson/doc.ts";
import { ObjectId, type Value } from "../bson/value.ts";
import type { Permission } from "../config/app.ts";
import { duplicateIndexOf, readState, type StateStore } from "../config/state-store.ts";
import { Fault } from "../kit/fault.ts";
import { createQueue } from "../kit/queue.ts";
import { createSecret, equalsInConstantTime, hashSecret } from "../kit/secret.ts";
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
  find(appId: string, id: string): ApiKey | undefined;
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
  readonly state: StateStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
  readonly keysMax: number;
  /** A number from 0 on, below the bound. */
  readonly randomBelow: (bound: number) => number;
}

const collectionName = "api_keys";
const indexes = {
  name: Doc.of({ app_id: 1, name: 1 }),
  hash: Doc.of({ app_id: 1, hash: 1 }),
  slot: Doc.of({ app_id: 1, slot: 1 }),
} as const;

/** Makes the collection's indexes. */
export async function prepareApiKeys(state: StateStore): Promise<void> {
  const collection = state.collection(collectionName);
  for (const [name, keys] of Object.entries(indexes)) {
    const isPartial = name === "slot";
    const filter = Doc.of({ slot: Doc.of({ $exists: true }) });
    await collection.createIndex(
      keys,
      Doc.of({
        unique: true,
        name,
        ...(isPartial && { partialFilterExpression: filter }),
      }),
    );
  }
}

const keyLength = 64;
/** Hex digits of a hash by which a key is looked up; the rest is compared in constant time. */
const prefixLength = 16;

/** All keys of an app; so few that a wrong key never costs a look into the store. */
interface Ring {
  readonly byId: Map<string, ApiKey>;
  readonly byPrefix: Map<string, ApiKey>;
}

/** All keys are in memory when the state's changes have started. */
export function openApiKeys(environment: ApiKeysEnvironment): ApiKeys {
  const { state, now, newId, keysMax, randomBelow } = environment;
  const collection = state.collection(collectionName);
  const rings = new Map<string, Ring>();
  const byId = new Map<string, ApiKey>();
  // One change at a time: what one finds in memory is what the one before it left there.
  const inTurn = createQueue();
  state.changes.subscribe(collectionName, async (ids) => inTurn(async () => refresh(ids)));

  async function refresh(ids: readonly Value[] | undefined): Promise<void> {
    const docs = await readState(collection, ids);
    const keys = docs.map(readApiKeyDoc);
    const gone = ids === undefined ? [...byId.keys()] : ids.map(toId);
    for (const id of gone) forget(byId.get(id));
    for (const key of keys) remember(key);
  }

  async function refreshApp(appId: string): Promise<void> {
    const filter = Doc.of({ app_id: ObjectId.fromHex(appId) });
    const keys: ApiKey[] = [];
    for await (const batch of collection.find(filter)) keys.push(...batch.map(readApiKeyDoc));
    for (const key of ringOf(appId).byId.values()) forget(key);
    for (const key of keys) remember(key);
  }

  function ringOf(appId: string): Ring {
    let ring = rings.get(appId);
    if (ring === undefined) {
      ring = { byId: new Map(), byPrefix: new Map() };
      rings.set(appId, ring);
    }
    return ring;
  }

  function remember(key: ApiKey): void {
    byId.set(key.id, key);
    const ring = ringOf(key.appId);
    ring.byId.set(key.id, key);
    ring.byPrefix.set(key.hash.slice(0, prefixLength), key);
  }

  function forget(key: ApiKey | undefined): void {
    if (key === undefined) return;
    byId.delete(key.id);
    const ring = ringOf(key.appId);
    ring.byId.delete(key.id);
    ring.byPrefix.delete(key.hash.slice(0, prefixLength));
  }

  function find(appId: string, id: string): ApiKey | undefined {
    return rings.get(appId)?.byId.get(id);
  }

  function must(appId: string, id: string): ApiKey {
    const key = find(appId, id);
    if (key === undefined) throw new Fault("APIKeyNotFound", "API key not found");
    return key;
  }

  /** A slot that is free as far as this node knows; any of them, so that nodes seldom want the same. */
  function freeSlotOf(appId: string): number | undefined {
    const keys = [...ringOf(appId).byId.values()];
    if (keys.length >= keysMax) return undefined;
    const taken = new Set(keys.map((key) => key.slot));
    const free = Array.from({ length: keysMax }, (_, slot) => slot).filter(
      (slot) => !taken.has(slot),
    );
    return free[randomBelow(free.length)];
  }

  /** Finds the key a slot, whatever other nodes take meanwhile. */
  async function insert(key: ApiKey, options: { readonly isBounded: boolean }): Promise<ApiKey> {
    // Each turn but the first means that somebody took a slot: there are no more turns than slots.
    for (let turn = 0; turn <= keysMax; turn += 1) {
      mustBeNew(key);
      const slot = freeSlotOf(key.appId);
      if (slot === undefined && options.isBounded)
        throw new Fault("InvalidParameter", `an app has at most ${keysMax} API keys`);
      const placed = { ...key, slot };
      try {
        await collection.insertOne(toApiKeyDoc(placed));
      } catch (error) {
        if (duplicateIndexOf(error) === undefined) throw error;
        await refreshApp(key.appId);
        continue;
      }
      remember(placed);
      await state.changes.touch(collectionName);
      return placed;
    }
    throw new Fault("ServiceUnavailable", "too many keys are being made at once");
  }

  function mustBeNew(key: ApiKey): void {
    const ring = ringOf(key.appId);
    if ([...ring.byId.values()].some((each) => each.name === key.name))
      throw new Fault("APIKeyAlreadyExists", `an API key named '${key.name}' exists`);
    if (ring.byPrefix.has(key.hash.slice(0, prefixLength)))
      throw new Fault("APIKeyAlreadyExists", "this API key exists under another name");
  }

  async function remove(key: ApiKey): Promise<void> {
    // Forgotten first: if the store fails, the key is refused rather than accepted.
    forget(key);
    await collection.deleteOne(filterOf(key.id));
    await state.changes.touch(collectionName);
  }

  async function disable(key: ApiKey, disabled: boolean): Promise<void> {
    const changed = { ...key, disabled };
    if (disabled) remember(changed);
    const update = Doc.of({ $set: Doc.of({ disabled }) });
    const { matchedCount } = await collection.updateOne(filterOf(key.id), update);
    if (matchedCount === 0) {
      forget(key);
      throw new Fault("APIKeyNotFound", "API key not found");
    }
    remember(changed);
    await state.changes.touch(collectionName);
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
      slot: undefined,
      createdAt: now(),
    };
  }

  async function ensure(appId: string, name: string, text: string): Promise<void> {
    const ring = ringOf(appId);
    const same = ring.byPrefix.get(hashSecret(text).slice(0, prefixLength));
    if (same !== undefined) {
      if (same.disabled) await disable(same, false);
      return;
    }
    const former = [...ring.byId.values()].find((each) => each.name === name);
    if (former !== undefined) await remove(former);
    try {
      await insert(newKey(appId, name, text), { isBounded: false });
    } catch (error) {
      // Another node that starts at the same time has made it.
      if (!(error instanceof Fault) || error.code !== "APIKeyAlreadyExists") throw error;
    }
  }

  return {
    verify(appId, text) {
      const hash = hashSecret(text);
      const key = rings.get(appId)?.byPrefix.get(hash.slice(0, prefixLength));
      if (key === undefined || !equalsInConstantTime(key.hash, hash)) return undefined;
      return key.disabled ? undefined : key;
    },
    list: (appId) =>
      [...(rings.get(appId)?.byId.values() ?? [])].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    find,
    must,
    async create(appId, wanted) {
      const name = mustKeyName(wanted.name);
      const text = wanted.key === undefined ? createSecret(keyLength) : mustImportedKey(wanted.key);
      const key = newKey(appId, name, text, wanted);
      return inTurn(async () => ({ ...(await insert(key, { isBounded: true })), key: text }));
    },
    ensure: async (appId, name, text) => inTurn(async () => ensure(appId, name, text)),
    setDisabled: async (appId, id, disabled) =>
      inTurn(async () => disable(must(appId, id), disabled)),
    delete: async (appId, id) => inTurn(async () => remove(must(appId, id))),
    deleteAll: async (appId) =>
      inTurn(async () => {
        for (const key of rings.get(appId)?.byId.values() ?? []) byId.delete(key.id);
        rings.delete(appId);
        await collection.deleteMany(Doc.of({ app_id: ObjectId.fromHex(appId) }));
        await state.changes.touch(collectionName);
      }),
  };
}

function filterOf(id: string): Doc {
  return Doc.of({ _id: ObjectId.fromHex(id) });
}

function toId(id: Value): string {
  return id instanceof ObjectId ? id.toHex() : "";
}
