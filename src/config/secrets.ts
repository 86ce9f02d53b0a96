/** An app's secrets: kept sealed, read by what needs them, never part of a deployment, an answer or a log. */
import { Doc } from "../bson/doc.ts";
import { Binary, DateTime, ObjectId } from "../bson/value.ts";
import { Fault } from "../kit/fault.ts";
import { type KeyRing, seal, unseal } from "../kit/seal.ts";
import type { MasterKey } from "./master-key.ts";
import { duplicateIndexOf, type StateStore } from "./state-store.ts";

export interface SecretRow {
  /** 24 hex digits. */
  readonly id: string;
  readonly name: string;
}

export interface Secrets {
  /** By name. */
  list(appId: string): Promise<readonly SecretRow[]>;
  /** @throws {Fault} `InvalidParameter` for a name or value that is none, `BadRequest` when the name is taken */
  create(appId: string, name: string, value: string): Promise<SecretRow>;
  /** Makes it, or puts a new value in place of the old. */
  set(appId: string, name: string, value: string): Promise<void>;
  /** @param value `""` keeps the old one @throws {Fault} `NotFound` */
  change(appId: string, id: string, name: string, value: string): Promise<void>;
  /** @param nameOrId @throws {Fault} `NotFound` */
  delete(appId: string, nameOrId: string): Promise<void>;
  deleteAll(appId: string): Promise<void>;
  /** The value; undefined when there is none of this name. @throws {Fault} `InternalServerError` when the key is lost */
  open(appId: string, name: string): Promise<string | undefined>;
  /** Seals all secrets of all apps with a new key. @returns how many */
  rotateKey(): Promise<number>;
}

const collectionName = "secrets";
const namePattern = /^[A-Za-z0-9_-]{1,64}$/;
const valueLengthMax = 65_536;
const secretsMax = 1000;

/** Makes the collection's indexes. */
export async function prepareSecrets(state: StateStore): Promise<void> {
  const options = Doc.of({ unique: true, name: "name" });
  await state.collection(collectionName).createIndex(Doc.of({ app_id: 1, name: 1 }), options);
}

export function openSecrets(environment: {
  readonly state: StateStore;
  readonly masterKey: MasterKey;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
  /** What else is sealed with the master key. @returns how many */
  readonly alsoReseal?: (ring: KeyRing) => Promise<number>;
}): Secrets {
  const { state, masterKey, now, newId, alsoReseal } = environment;
  const collection = state.collection(collectionName);
  const opened = createOpenedSecrets();
  state.changes.subscribe(collectionName, async () => opened.forget());
  const changed = async (): Promise<void> => {
    opened.forget();
    await state.changes.touch(collectionName);
  };

  async function find(appId: string, nameOrId: string): Promise<Doc> {
    const byName = await collection.findOne(filterOf(appId, nameOrId));
    if (byName !== null) return byName;
    const isId = /^[0-9a-f]{24}$/.test(nameOrId);
    const byId = isId
      ? await collection.findOne(
          Doc.of({ _id: ObjectId.fromHex(nameOrId), app_id: ObjectId.fromHex(appId) }),
        )
      : null;
    if (byId === null) throw new Fault("NotFound", `secret not found: '${nameOrId}'`);
    return byId;
  }

  async function list(appId: string): Promise<readonly SecretRow[]> {
    const rows: SecretRow[] = [];
    const options = { sort: Doc.of({ name: 1 }), projection: Doc.of({ name: 1 }) };
    const filter = Doc.of({ app_id: ObjectId.fromHex(appId) });
    for await (const batch of collection.find(filter, options))
      for (const doc of batch) rows.push({ id: idOf(doc), name: nameOf(doc) });
    return rows;
  }

  async function create(appId: string, name: string, value: string): Promise<SecretRow> {
    mustBeName(name);
    mustBeValue(value);
    if ((await list(appId)).length >= secretsMax)
      throw new Fault("InvalidParameter", `an app has at most ${secretsMax} secrets`);
    const id = newId();
    try {
      await collection.insertOne(
        Doc.of({
          _id: id,
          app_id: ObjectId.fromHex(appId),
          name,
          sealed: sealed(masterKey.ring(), appId, name, value),
          changed_at: new DateTime(now()),
        }),
      );
    } catch (error) {
      if (duplicateIndexOf(error) === undefined) throw error;
      throw new Fault("BadRequest", `a secret named '${name}' exists`, { cause: error });
    }
    await changed();
    return { id: id.toHex(), name };
  }

  async function replace(
    former: Doc,
    appId: string,
    next: { readonly name: string; readonly value: string; readonly ring?: KeyRing },
  ): Promise<boolean> {
    const { name, value, ring = masterKey.ring() } = next;
    const doc = former
      .with("name", name)
      .with("sealed", sealed(ring, appId, name, value))
      .with("changed_at", new DateTime(now()));
    // Only where it still is what was read: a value that was set meanwhile must not be undone.
    const filter = Doc.of({
      _id: former.get("_id") ?? null,
      sealed: former.get("sealed") ?? null,
    });
    const { matchedCount } = await collection.replaceOne(filter, doc);
    await changed();
    return matchedCount > 0;
  }

  async function reseal(ring: KeyRing): Promise<number> {
    let count = 0;
    for await (const batch of collection.find(Doc.empty))
      for (const doc of batch) {
        const next = { name: nameOf(doc), value: openDoc(doc, ring), ring };
        // One that was set or deleted meanwhile is sealed with the new key already, or gone.
        if (await replace(doc, appIdOf(doc), next)) count += 1;
      }
    return count + ((await alsoReseal?.(ring)) ?? 0);
  }

  async function change(appId: string, id: string, name: string, value: string): Promise<void> {
    mustBeName(name);
    const former = await find(appId, id);
    const kept = value === "" ? openDoc(former, masterKey.ring()) : mustBeValue(value);
    try {
      if (await replace(former, appId, { name, value: kept })) return;
    } catch (error) {
      if (duplicateIndexOf(error) === undefined) throw error;
      throw new Fault("BadRequest", `a secret named '${name}' exists`, { cause: error });
    }
    throw new Fault("ServiceUnavailable", "the secret is being changed by others");
  }

  return {
    list,
    create,
    change,
    async set(appId, name, value) {
      mustBeName(name);
      mustBeValue(value);
      const former = await collection.findOne(filterOf(appId, name));
      if (former === null) await create(appId, name, value);
      else await change(appId, idOf(former), name, value);
    },
    async delete(appId, nameOrId) {
      const doc = await find(appId, nameOrId);
      await collection.deleteOne(Doc.of({ _id: doc.get("_id") ?? null }));
      await changed();
    },
    async deleteAll(appId) {
      await collection.deleteMany(Doc.of({ app_id: ObjectId.fromHex(appId) }));
      await changed();
    },
    open: async (appId, name) =>
      opened.of(contextOf(appId, name), async () => {
        const doc = await collection.findOne(filterOf(appId, name));
        return doc === null ? undefined : openDoc(doc, masterKey.ring());
      }),
    rotateKey: async () => masterKey.rotate(reseal),
  };
}

/** So many values are kept open, so that a call that needs one does not wait for the store. */
const openedMax = 1000;

function createOpenedSecrets(): {
  of(key: string, read: () => Promise<string | undefined>): Promise<string | undefined>;
  forget(): void;
} {
  let values = new Map<string, string>();
  return {
    async of(key, read) {
      const known = values.get(key);
      if (known !== undefined) return known;
      // What is read while it changes must not be kept.
      const kept = values;
      const value = await read();
      if (kept.size >= openedMax) kept.clear();
      if (value !== undefined) kept.set(key, value);
      return value;
    },
    forget() {
      values = new Map();
    },
  };
}

function sealed(ring: KeyRing, appId: string, name: string, value: string): Binary {
  return new Binary(0, seal(ring, value, contextOf(appId, name)));
}

/** A sealed value that is put under another name, or into another app, does not open. */
function contextOf(appId: string, name: string): string {
  return `${appId}/${name}`;
}

function openDoc(doc: Doc, ring: KeyRing): string {
  const bytes = doc.get("sealed");
  const name = nameOf(doc);
  const text =
    bytes instanceof Binary ? unseal(ring, bytes.bytes, contextOf(appIdOf(doc), name)) : undefined;
  if (text !== undefined) return text;
  throw new Fault(
    "InternalServerError",
    `the secret '${name}' can not be opened: the master key is not the one that it was sealed with`,
  );
}

function nameOf(doc: Doc): string {
  const name = doc.get("name");
  return typeof name === "string" ? name : "";
}

function filterOf(appId: string, name: string): Doc {
  return Doc.of({ app_id: ObjectId.fromHex(appId), name });
}

function idOf(doc: Doc): string {
  const id = doc.get("_id");
  return id instanceof ObjectId ? id.toHex() : "";
}

function appIdOf(doc: Doc): string {
  const id = doc.get("app_id");
  return id instanceof ObjectId ? id.toHex() : "";
}

function mustBeName(name: string): void {
  if (!namePattern.test(name))
    throw new Fault(
      "InvalidParameter",
      "a secret's name must be 1 to 64 letters, digits, '_' or '-'",
    );
}

function mustBeValue(value: string): string {
  if (value !== "" && value.length <= valueLengthMax) return value;
  throw new Fault(
    "InvalidParameter",
    `a secret's value must have 1 to ${valueLengthMax} characters`,
  );
}
