/** Who may administer this server: kept in the internal database with scrypt hashes. */
import { Doc } from "../bson/doc.ts";
import { DateTime, type ObjectId } from "../bson/value.ts";
import { internalDatabase } from "../config/internal-database.ts";
import { hashPassword, verifyPassword } from "../kit/secret.ts";
import type { DataSource } from "../sources/source.ts";

export interface Administrators {
  isEmpty(): Promise<boolean>;
  create(email: string, password: string): Promise<void>;
  verify(email: string, password: string): Promise<boolean>;
}

export function openAdministrators(environment: {
  readonly state: DataSource;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
}): Administrators {
  const { state, now, newId } = environment;
  const collection = state.collection(internalDatabase, "administrators");
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
