/** Who may administer this server: kept in the internal database with scrypt hashes. */
import { Doc } from "../bson/doc.ts";
import { DateTime, type ObjectId } from "../bson/value.ts";
import type { StateStore } from "../config/state-store.ts";
import { hashPassword, verifyPassword } from "../kit/secret.ts";

export interface Administrators {
  isEmpty(): Promise<boolean>;
  /** @throws {MongoError} 11000 when there is one with this address */
  create(email: string, password: string): Promise<void>;
  verify(email: string, password: string): Promise<boolean>;
}

const collectionName = "administrators";

/** Makes the collection's indexes. */
export async function prepareAdministrators(state: StateStore): Promise<void> {
  const options = Doc.of({ unique: true, name: "email" });
  await state.collection(collectionName).createIndex(Doc.of({ email: 1 }), options);
}

export function openAdministrators(environment: {
  readonly state: StateStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
}): Administrators {
  const { state, now, newId } = environment;
  const collection = state.collection(collectionName);
  return {
    isEmpty: async () => (await collection.findOne(Doc.empty)) === null,
    async create(email, password) {
      const hash = await hashPassword(password);
      await collection.insertOne(
        Doc.of({
          _id: newId(),
          email: email.toLowerCase(),
          password: hash,
          created_at: new DateTime(now()),
        }),
      );
    },
    async verify(email, password) {
      const found = await collection.findOne(Doc.of({ email: email.toLowerCase() }));
      const stored = found?.get("password");
      return typeof stored === "string" && verifyPassword(password, stored);
    },
  };
}
