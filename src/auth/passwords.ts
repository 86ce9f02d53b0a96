/** Accounts of e-mail address and password as they stand in the internal database; a user is made of one at its first login. */
import { Doc } from "../bson/doc.ts";
import { readObjectId } from "../bson/object-id.ts";
import { DateTime, ObjectId, type Value } from "../bson/value.ts";
import { duplicateIndexOf, type StateStore } from "../config/state-store.ts";
import { createSecret, equalsInConstantTime, hashSecret } from "../kit/secret.ts";

export interface PasswordAccount {
  /** 24 hex digits: what the identity is called. */
  readonly id: string;
  readonly appId: string;
  /** Upper and lower case are not the same. */
  readonly email: string;
  readonly isConfirmed: boolean;
  /** Undefined: it must be set anew. */
  readonly hash: string | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export type TokenUse = "confirm" | "reset";

export interface Passwords {
  find(appId: string, email: string): Promise<PasswordAccount | undefined>;
  findById(appId: string, id: string): Promise<PasswordAccount | undefined>;
  /** In the order of their making. */
  listPending(appId: string, limit: number, after?: string): Promise<readonly PasswordAccount[]>;
  /** @returns undefined when there is one with this address */
  create(
    account: Omit<PasswordAccount, "id"> & { readonly id?: string },
  ): Promise<PasswordAccount | undefined>;
  confirm(account: PasswordAccount): Promise<void>;
  /** @param former sets it only where this is what is there */
  setHash(account: PasswordAccount, hash: string, former?: string): Promise<void>;
  /** @returns false when another account has the address */
  setEmail(account: PasswordAccount, email: string): Promise<boolean>;
  delete(appId: string, id: string): Promise<void>;
  deleteAll(appId: string): Promise<void>;
  /** Makes a proof for a link or a function, good for half an hour; the one before it is void. */
  issueToken(account: PasswordAccount, use: TokenUse): Promise<{ token: string; tokenId: string }>;
  /** The account that the proof was made for. @returns `expired` for one that is too old */
  findByToken(
    appId: string,
    proof: { readonly token: string; readonly tokenId: string },
    use: TokenUse,
  ): Promise<PasswordAccount | "expired" | undefined>;
  /** Makes a proof void. @returns false when somebody else has used it meanwhile */
  useToken(account: PasswordAccount, use: TokenUse, tokenId: string): Promise<boolean>;
}

export interface PasswordsEnvironment {
  readonly state: StateStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
  /** Hears that an account's password or existence changed, here or elsewhere; undefined: any of them. */
  readonly onChange: (id: string | undefined) => void;
}

const collectionName = "user_passwords";
const tokenMs = 30 * 60_000;
const tokenLength = 64;

/** Makes the collection's indexes. */
export async function preparePasswords(state: StateStore): Promise<void> {
  const collection = state.collection(collectionName);
  await collection.createIndex(
    Doc.of({ app_id: 1, email: 1 }),
    Doc.of({ name: "email", unique: true }),
  );
}

export function openPasswords(environment: PasswordsEnvironment): Passwords {
  const { state, now, newId, onChange } = environment;
  const collection = state.collection(collectionName);
  state.changes.subscribe(collectionName, async (ids) => {
    if (ids === undefined) onChange(undefined);
    else for (const id of ids) onChange(toHex(id));
  });

  async function findOne(filter: Doc): Promise<PasswordAccount | undefined> {
    const doc = await collection.findOne(filter);
    return doc === null ? undefined : read(doc);
  }

  async function update({ id }: PasswordAccount, change: Doc, condition = {}): Promise<boolean> {
    const filter = Doc.of({ _id: ObjectId.fromHex(id), ...condition });
    const { matchedCount } = await collection.updateOne(filter, change);
    return matchedCount > 0;
  }

  async function tell(id: string | undefined): Promise<void> {
    onChange(id);
    await state.changes.touch(collectionName);
  }

  return {
    find: async (appId, email) => findOne(Doc.of({ app_id: ObjectId.fromHex(appId), email })),
    findById: async (appId, id) =>
      findOne(Doc.of({ _id: ObjectId.fromHex(id), app_id: ObjectId.fromHex(appId) })),
    async listPending(appId, limit, after) {
      const found: PasswordAccount[] = [];
      const last = after === undefined ? undefined : readObjectId(after);
      const filter = Doc.of({
        app_id: ObjectId.fromHex(appId),
        confirmed: false,
        ...(last === undefined ? {} : { _id: Doc.of({ $gt: last }) }),
      });
      for await (const batch of collection.find(filter, { sort: Doc.of({ _id: 1 }), limit }))
        found.push(...batch.map(read));
      return found;
    },
    async create(account) {
      const id = account.id ?? newId().toHex();
      const { appId, email, isConfirmed, hash, createdAt } = account;
      try {
        await collection.insertOne(
          Doc.of({
            _id: ObjectId.fromHex(id),
            app_id: ObjectId.fromHex(appId),
            email,
            confirmed: isConfirmed,
            hash: hash ?? "",
            created_at: new DateTime(createdAt),
          }),
        );
      } catch (error) {
        if (duplicateIndexOf(error) === undefined) throw error;
        return undefined;
      }
      return { ...account, id };
    },
    async confirm(account) {
      const unset = Doc.of({ confirm_token: "" });
      await update(account, Doc.of({ $set: Doc.of({ confirmed: true }), $unset: unset }));
    },
    async setHash(account, hash, former) {
      const condition = former === undefined ? {} : { hash: former };
      await update(account, Doc.of({ $set: Doc.of({ hash }) }), condition);
      await tell(account.id);
    },
    async setEmail(account, email) {
      try {
        await update(account, Doc.of({ $set: Doc.of({ email }) }));
      } catch (error) {
        if (duplicateIndexOf(error) === undefined) throw error;
        return false;
      }
      await tell(account.id);
      return true;
    },
    async delete(appId, id) {
      const filter = Doc.of({ _id: ObjectId.fromHex(id), app_id: ObjectId.fromHex(appId) });
      await collection.deleteOne(filter);
      await tell(id);
    },
    async deleteAll(appId) {
      await collection.deleteMany(Doc.of({ app_id: ObjectId.fromHex(appId) }));
      await tell(undefined);
    },
    async issueToken(account, use) {
      const token = createSecret(tokenLength);
      const tokenId = newId().toHex();
      const kept = Doc.of({
        id: tokenId,
        hash: hashSecret(token),
        expires_at: new DateTime(now() + tokenMs),
      });
      await update(account, Doc.of({ $set: Doc.of({ [`${use}_token`]: kept }) }));
      return { token, tokenId };
    },
    async findByToken(appId, { token, tokenId }, use) {
      const filter = Doc.of({ app_id: ObjectId.fromHex(appId), [`${use}_token.id`]: tokenId });
      const doc = await collection.findOne(filter);
      const kept = doc?.get(`${use}_token`);
      if (doc === null || !(kept instanceof Doc)) return undefined;
      const hash = kept.get("hash");
      if (typeof hash !== "string" || !equalsInConstantTime(hash, hashSecret(token)))
        return undefined;
      const expires = kept.get("expires_at");
      const isOver = !(expires instanceof DateTime) || Number(expires.ms) <= now();
      return isOver ? "expired" : read(doc);
    },
    useToken: async (account, use, tokenId) =>
      update(account, Doc.of({ $unset: Doc.of({ [`${use}_token`]: "" }) }), {
        [`${use}_token.id`]: tokenId,
      }),
  };
}

function read(doc: Doc): PasswordAccount {
  const email = doc.get("email");
  const hash = doc.get("hash");
  const created = doc.get("created_at");
  return {
    id: toHex(doc.get("_id")),
    appId: toHex(doc.get("app_id")),
    email: typeof email === "string" ? email : "",
    isConfirmed: doc.get("confirmed") === true,
    hash: typeof hash === "string" && hash !== "" ? hash : undefined,
    createdAt: created instanceof DateTime ? Number(created.ms) : 0,
  };
}

function toHex(value: Value | undefined): string {
  return value instanceof ObjectId ? value.toHex() : "";
}
