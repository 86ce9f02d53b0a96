/** The users of all apps: kept in the internal database; those in use are in memory, within a bound. */
import { Doc } from "../bson/doc.ts";
import { DateTime, ObjectId, type Value } from "../bson/value.ts";
import type { User } from "../config/user.ts";
import { duplicateIndexOf, type StateStore } from "../config/state-store.ts";
import { Fault } from "../kit/fault.ts";
import { type Device, toDeviceDoc } from "./device.ts";
import { createReadCache } from "./read-cache.ts";
import {
  readUserDoc,
  type StoredIdentity,
  toIdentityDoc,
  toUser,
  toUserDoc,
  userKeyOf,
  type UserRecord,
} from "./user-record.ts";

export interface UserQuery {
  /** Ids that come after this one, in the order of the answer. */
  readonly after?: string;
  readonly descending?: boolean;
  readonly limit: number;
  readonly disabled?: boolean;
  /** Users that have an identity of one of these. */
  readonly providerTypes?: readonly string[];
  /** An id, or the beginning of an e-mail address or name. */
  readonly text?: string;
}

export interface Users {
  /** Users in memory. */
  readonly count: number;
  /** The enabled user, without custom data; for run-as. */
  findUser(appId: string, id: string): Promise<User | undefined>;
  /** At once when it is in memory. Disabled ones too. */
  find(appId: string, id: string): UserRecord | undefined | Promise<UserRecord | undefined>;
  /** @throws {Fault} `UserNotFound` */
  must(appId: string, id: string): Promise<UserRecord>;
  /** @param key `hashIdentity` */
  findByIdentity(
    appId: string,
    key: string,
  ): UserRecord | undefined | Promise<UserRecord | undefined>;
  /** In the order of their ids. */
  list(appId: string, query: UserQuery): Promise<readonly UserRecord[]>;
  /** @returns undefined when the id or one of the identities is taken */
  create(record: UserRecord): Promise<UserRecord | undefined>;
  /** @param data of the user from then on @returns false when the identity is taken, or the user gone */
  addIdentity(user: UserRecord, identity: StoredIdentity, data: Doc): Promise<boolean>;
  removeIdentity(appId: string, key: string): Promise<void>;
  /** What a provider tells anew. */
  setData(user: UserRecord, identity: StoredIdentity, data: Doc): Promise<void>;
  noteLogin(user: UserRecord, device: Device | undefined): Promise<void>;
  /** Puts off the end of an anonymous user that is in use. */
  noteUse(user: UserRecord): Promise<void>;
  /** @throws {Fault} `UserNotFound`, as the next two */
  setDisabled(appId: string, id: string, disabled: boolean): Promise<void>;
  noteRevoked(appId: string, id: string): Promise<void>;
  delete(appId: string, id: string): Promise<void>;
  deleteAll(appId: string): Promise<void>;
}

export interface UsersEnvironment {
  readonly state: StateStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const collectionName = "users";
const usersInMemoryMax = 10_000;
const devicesMax = 20;
/** Anonymous users that nobody used for so long are removed. */
const anonymousMs = 90 * 24 * 60 * 60 * 1000;

/** Makes the collection's indexes. */
export async function prepareUsers(state: StateStore): Promise<void> {
  const collection = state.collection(collectionName);
  const isKnown = Doc.of({ identity_keys: Doc.of({ $exists: true }) });
  await collection.createIndex(
    Doc.of({ app_id: 1, identity_keys: 1 }),
    Doc.of({ name: "identity", unique: true, partialFilterExpression: isKnown }),
  );
  await collection.createIndex(
    Doc.of({ expires_at: 1 }),
    Doc.of({ name: "expires_at", expireAfterSeconds: 0 }),
  );
  await collection.createIndex(
    Doc.of({ app_id: 1, "data.email": 1 }),
    Doc.of({ name: "email", sparse: true }),
  );
}

export function openUsers(environment: UsersEnvironment): Users {
  const { state, now } = environment;
  const collection = state.collection(collectionName);
  const cache = createReadCache<UserRecord>({
    entriesMax: usersInMemoryMax,
    load: async (id) => {
      const doc = await collection.findOne(Doc.of({ _id: id }));
      return doc === null ? undefined : readUserDoc(doc);
    },
  });
  /** App and identity → user id. An identity never moves from one user to another but by deletion. */
  const ids = new Map<string, string>();
  state.changes.subscribe(collectionName, async (changed) => {
    if (changed === undefined) cache.clear();
    else for (const id of changed) cache.drop(toText(id));
  });

  function find(
    appId: string,
    id: string,
  ): UserRecord | undefined | Promise<UserRecord | undefined> {
    const found = cache.get(userKeyOf(appId, id));
    return found instanceof Promise ? found.then(toCurrent) : toCurrent(found);
  }

  /** What is over, the store removes within a minute; here it may stand longer. */
  function toCurrent(user: UserRecord | undefined): UserRecord | undefined {
    return user?.expiresAt !== undefined && user.expiresAt <= now() ? undefined : user;
  }

  async function readByIdentity(appId: string, key: string): Promise<UserRecord | undefined> {
    const filter = Doc.of({ app_id: ObjectId.fromHex(appId), identity_keys: key });
    const doc = await collection.findOne(filter, { projection: Doc.of({ user_id: 1 }) });
    const id = doc?.get("user_id");
    if (typeof id !== "string") {
      ids.delete(appId + key);
      return undefined;
    }
    const [oldest] = ids.keys();
    if (ids.size >= usersInMemoryMax && oldest !== undefined) ids.delete(oldest);
    ids.set(appId + key, id);
    return find(appId, id);
  }

  async function must(appId: string, id: string): Promise<UserRecord> {
    const user = await find(appId, id);
    if (user === undefined) throw userNotFound();
    return user;
  }

  /** Tells everybody that a user is not what it was. */
  async function tell(appId: string, id: string): Promise<void> {
    cache.drop(userKeyOf(appId, id));
    await state.changes.touch(collectionName);
  }

  async function update(appId: string, id: string, change: Doc, condition: Doc = Doc.empty) {
    const filter = Doc.of({
      _id: userKeyOf(appId, id),
      ...Object.fromEntries(condition.entries()),
    });
    const { matchedCount } = await collection.updateOne(filter, change);
    cache.drop(userKeyOf(appId, id));
    return matchedCount > 0;
  }

  async function mustUpdate(appId: string, id: string, fields: Doc): Promise<void> {
    const isThere = await update(appId, id, Doc.of({ $set: fields }));
    await state.changes.touch(collectionName);
    if (!isThere) throw userNotFound();
  }

  return {
    get count() {
      return cache.size;
    },
    find,
    must,
    async findUser(appId, id) {
      const user = await find(appId, id);
      return user === undefined || user.disabled ? undefined : toUser(user);
    },
    findByIdentity(appId, key) {
      const id = ids.get(appId + key);
      const user = id === undefined ? undefined : find(appId, id);
      if (user instanceof Promise || !hasIdentity(user, key)) return readByIdentity(appId, key);
      return user;
    },
    async list(appId, query) {
      const found: UserRecord[] = [];
      const options = {
        sort: Doc.of({ _id: query.descending === true ? -1 : 1 }),
        limit: query.limit,
      };
      for await (const batch of collection.find(toFilter(appId, query), options))
        found.push(...batch.map(readUserDoc));
      return found;
    },
    async create(record) {
      const made = withExpiry(record, now());
      try {
        await collection.insertOne(toUserDoc(made));
      } catch (error) {
        if (duplicateIndexOf(error) === undefined) throw error;
        return undefined;
      }
      return made;
    },
    async addIdentity(user, identity, data) {
      const condition = Doc.of({ identity_keys: Doc.of({ $ne: identity.key }) });
      const change = Doc.of({
        $push: Doc.of({ identities: toIdentityDoc(identity), identity_keys: identity.key }),
        $set: Doc.of({ data }),
        // Whoever can be recognised is not anonymous any more.
        ...(identity.providerType === anonymousType ? {} : { $unset: Doc.of({ expires_at: "" }) }),
      });
      try {
        const isAdded = await update(user.appId, user.id, change, condition);
        await state.changes.touch(collectionName);
        return isAdded;
      } catch (error) {
        if (duplicateIndexOf(error) === undefined) throw error;
        return false;
      }
    },
    async removeIdentity(appId, key) {
      const user = await this.findByIdentity(appId, key);
      if (user === undefined) return;
      const pull = Doc.of({ identities: Doc.of({ key }), identity_keys: key });
      await update(appId, user.id, Doc.of({ $pull: pull }));
      ids.delete(appId + key);
      await state.changes.touch(collectionName);
    },
    async setData(user, identity, data) {
      const told = Doc.of({ data, "identities.$.data": identity.data ?? Doc.empty });
      const condition = Doc.of({ "identities.key": identity.key });
      await update(user.appId, user.id, Doc.of({ $set: told }), condition);
      await state.changes.touch(collectionName);
    },
    async noteLogin(user, device) {
      const devices =
        device === undefined
          ? user.devices
          : [...user.devices.filter(({ id }) => id !== device.id), device].slice(-devicesMax);
      const fields = Doc.of({
        last_login_at: new DateTime(now()),
        ...(device === undefined ? {} : { devices: devices.map(toDeviceDoc) }),
        ...expiryOf(user, now()),
      });
      await update(user.appId, user.id, Doc.of({ $set: fields }));
    },
    async noteUse(user) {
      const fields = expiryOf(user, now());
      if (fields.expires_at === undefined) return;
      await update(user.appId, user.id, Doc.of({ $set: Doc.of({ ...fields }) }));
    },
    setDisabled: async (appId, id, disabled) => mustUpdate(appId, id, Doc.of({ disabled })),
    noteRevoked: async (appId, id) =>
      mustUpdate(appId, id, Doc.of({ revoked_at: new DateTime(now()) })),
    async delete(appId, id) {
      const count = await collection.deleteOne(Doc.of({ _id: userKeyOf(appId, id) }));
      await tell(appId, id);
      if (count === 0) throw userNotFound();
    },
    async deleteAll(appId) {
      await collection.deleteMany(Doc.of({ app_id: ObjectId.fromHex(appId) }));
      cache.clear();
      await state.changes.touch(collectionName);
    },
  };
}

const anonymousType = "anon-user";

function hasIdentity(user: UserRecord | undefined, key: string): boolean {
  return user?.identities.some((each) => each.key === key) === true;
}

function isAnonymous({ identities }: UserRecord): boolean {
  return identities.length > 0 && identities.every((each) => each.providerType === anonymousType);
}

function withExpiry(record: UserRecord, now: number): UserRecord {
  return isAnonymous(record) ? { ...record, expiresAt: now + anonymousMs } : record;
}

function expiryOf(user: UserRecord, now: number): { readonly expires_at?: DateTime } {
  return isAnonymous(user) ? { expires_at: new DateTime(now + anonymousMs) } : {};
}

/** All of an app's users lie side by side under their `_id`s. */
function toFilter(appId: string, query: UserQuery): Doc {
  const { after, descending = false, disabled, providerTypes, text } = query;
  const start = after === undefined || descending ? appId : userKeyOf(appId, after);
  const end = after !== undefined && descending ? userKeyOf(appId, after) : `${appId}~`;
  return Doc.of({
    _id: Doc.of({ $gt: start, $lt: end }),
    ...(disabled === undefined ? {} : { disabled }),
    ...(providerTypes === undefined || providerTypes.length === 0
      ? {}
      : { "identities.provider_type": Doc.of({ $in: providerTypes }) }),
    ...(text === undefined ? {} : { $or: textFilters(text) }),
  });
}

function textFilters(text: string): readonly Doc[] {
  const range = Doc.of({ $gte: text, $lt: `${text}\u{10ffff}` });
  return [
    Doc.of({ user_id: range }),
    Doc.of({ "data.email": range }),
    Doc.of({ "data.name": range }),
  ];
}

function userNotFound(): Fault {
  return new Fault("UserNotFound", "user not found");
}

function toText(id: Value): string {
  return typeof id === "string" ? id : "";
}
