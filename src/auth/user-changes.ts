/** What administrators do to users beyond ending things: make them, and set their address or password. */
import { Doc } from "../bson/doc.ts";
import type { ObjectId } from "../bson/value.ts";
import { Fault } from "../kit/fault.ts";
import { mustBeEmail } from "./email-password.ts";
import { newUser, toStoredIdentity } from "./identify.ts";
import { mustBePassword, type PasswordWork } from "./password-work.ts";
import type { PasswordAccount, Passwords } from "./passwords.ts";
import { identityOf } from "./provider/local-userpass.ts";
import type { StoredIdentity, UserRecord } from "./user-record.ts";
import type { Users } from "./users.ts";

export interface UserChanges {
  /**
   * Makes a user with a confirmed address.
   *
   * @throws {Fault} `AccountNameInUse`, `BadRequest` for an address or a password that is none
   */
  create(
    appId: string,
    account: { readonly email: string; readonly password: string },
  ): Promise<UserRecord>;
  /** @throws {Fault} `UserNotFound`, `BadRequest` for a user without password or a password that is none */
  setPassword(appId: string, id: string, password: string): Promise<void>;
  /** @throws {Fault} `UserNotFound`, `AccountNameInUse`, `BadRequest` */
  setEmail(appId: string, id: string, email: string): Promise<void>;
}

/** Administrators wait. */
const unending = new AbortController().signal;

export function createUserChanges(environment: {
  readonly users: Users;
  readonly passwords: Passwords;
  readonly work: PasswordWork;
  /** Ends all sessions of a user. */
  readonly revoke: (appId: string, id: string) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
}): UserChanges {
  const { users, passwords, work, revoke, now, newId } = environment;

  async function mustAccount(
    appId: string,
    id: string,
  ): Promise<{ user: UserRecord; identity: StoredIdentity; account: PasswordAccount }> {
    const user = await users.must(appId, id);
    const identity = user.identities.find(({ providerType }) => providerType === "local-userpass");
    const account = identity && (await passwords.findById(appId, identity.id));
    if (identity === undefined || account === undefined)
      throw new Fault("BadRequest", "the user does not log in with e-mail address and password");
    return { user, identity, account };
  }

  return {
    // Atlas: the user creation function runs when somebody registers, not for whom an administrator makes.
    async create(appId, { email, password }) {
      mustBeEmail(email);
      mustBePassword(password);
      const hash = await work.hash(password, unending);
      const account = await passwords.create({
        appId,
        email,
        isConfirmed: true,
        hash,
        createdAt: now(),
      });
      if (account === undefined) throw new Fault("AccountNameInUse", "name already in use");
      const identity = toStoredIdentity(appId, identityOf(account));
      const made = await users.create(newUser(appId, newId().toHex(), identity, now()));
      if (made === undefined) throw new Fault("AccountNameInUse", "name already in use");
      return made;
    },
    async setPassword(appId, id, password) {
      mustBePassword(password);
      const { account } = await mustAccount(appId, id);
      await passwords.setHash(account, await work.hash(password, unending));
      await revoke(appId, id);
    },
    async setEmail(appId, id, email) {
      mustBeEmail(email);
      const { user, identity, account } = await mustAccount(appId, id);
      if (!(await passwords.setEmail(account, email)))
        throw new Fault("AccountNameInUse", "name already in use");
      const told = { ...identity, data: Doc.of({ email }) };
      await users.setData(user, told, user.data.with("email", email));
    },
  };
}
