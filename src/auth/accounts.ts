/**
 * All that is kept of users, as a whole: what ends one of its parts ends what belongs to it.
 *
 * To keep something more of a user: its file with `prepare…` and `open…`, a line here, and one where users are deleted.
 */
import type { ObjectId } from "../bson/value.ts";
import type { MasterKey } from "../config/master-key.ts";
import type { StateStore } from "../config/state-store.ts";
import type { ApiKeys } from "./api-keys.ts";
import { type Claims, openClaims } from "./claims.ts";
import { createPasswordWork, type PasswordWork } from "./password-work.ts";
import { openPasswords, type Passwords, preparePasswords } from "./passwords.ts";
import { openSessions, prepareSessions, type Sessions } from "./sessions.ts";
import { openSigning, type Signing } from "./signing.ts";
import { createUserChanges, type UserChanges } from "./user-changes.ts";
import type { ImportedUser, ImportReport } from "./user-import.ts";
import { openUserApiKeys, prepareUserApiKeys, type UserApiKeys } from "./user-api-keys.ts";
import { openUsers, prepareUsers, type Users } from "./users.ts";

export interface Accounts {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly signing: Signing;
  readonly passwords: Passwords;
  readonly userApiKeys: UserApiKeys;
  readonly claims: Claims;
  readonly work: PasswordWork;
  readonly changes: UserChanges;
  importUsers(appId: string, users: readonly ImportedUser[]): Promise<ImportReport>;
  /** Has somebody told when an account's password changes; undefined: any account's. */
  onPasswordChange(listener: (id: string | undefined) => void): void;
  /** Deletes a user with its sessions, keys and password. @throws {Fault} `UserNotFound` */
  deleteUser(appId: string, id: string): Promise<void>;
  /** Ends all sessions of a user. @throws {Fault} `UserNotFound` */
  revoke(appId: string, id: string): Promise<void>;
  /** @throws {Fault} `UserNotFound` */
  setDisabled(appId: string, id: string, disabled: boolean): Promise<void>;
  /** Everything of an app that is being deleted. */
  deleteAll(appId: string): Promise<void>;
}

/** Makes the indexes of all collections. */
export async function prepareAccounts(state: StateStore): Promise<void> {
  await Promise.all(
    [prepareUsers, prepareSessions, preparePasswords, prepareUserApiKeys].map(async (prepare) =>
      prepare(state),
    ),
  );
}

export function openAccounts(environment: {
  readonly state: StateStore;
  readonly masterKey: MasterKey;
  readonly keys: ApiKeys;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
}): Accounts {
  const listeners: ((id: string | undefined) => void)[] = [];
  const users = openUsers(environment);
  const signing = openSigning({
    ...environment,
    onForgotten: () => {
      sessions.forgetTokens();
    },
  });
  const sessions = openSessions({ ...environment, users, signing });
  const passwords = openPasswords({
    ...environment,
    onChange: (id) => {
      for (const listener of listeners) listener(id);
    },
  });
  const userApiKeys = openUserApiKeys(environment);
  const claims = openClaims(environment);
  const work = createPasswordWork({
    verifyForeign: async (password, stored) =>
      (await import("./foreign-hash.ts")).verifyForeignHash(password, stored),
  });

  async function revoke(appId: string, id: string): Promise<void> {
    await users.noteRevoked(appId, id);
    await sessions.endAll(appId, id);
  }

  return {
    users,
    sessions,
    signing,
    passwords,
    userApiKeys,
    claims,
    work,
    onPasswordChange(listener) {
      listeners.push(listener);
    },
    async deleteUser(appId, id) {
      const user = await users.must(appId, id);
      // The user first: whatever fails after that, nobody is let in any more.
      await users.delete(appId, id);
      await sessions.endAll(appId, id);
      await userApiKeys.deleteOfUser(appId, id);
      for (const identity of user.identities)
        if (identity.providerType === "local-userpass") await passwords.delete(appId, identity.id);
    },
    revoke,
    changes: createUserChanges({ ...environment, users, passwords, work, revoke }),
    async setDisabled(appId, id, disabled) {
      await users.setDisabled(appId, id, disabled);
      // Atlas: a user who is enabled again has to log in again.
      if (disabled) await sessions.endAll(appId, id);
    },
    async deleteAll(appId) {
      await users.deleteAll(appId);
      await sessions.deleteAll(appId);
      await userApiKeys.deleteAll(appId);
      await passwords.deleteAll(appId);
      await claims.deleteAll(appId);
      await signing.deleteAll(appId);
    },
    importUsers: async (appId, given) => {
      const { importUsers } = await import("./user-import.ts");
      return importUsers(appId, given, { ...environment, users, passwords });
    },
  };
}
