/** Users of another server: taken over with the ids that rules and documents know them by. */
import { type Static, Type } from "@sinclair/typebox";
import { parseEjson } from "../bson/parse-ejson.ts";
import { Doc } from "../bson/doc.ts";
import type { ObjectId } from "../bson/value.ts";
import { Fault } from "../kit/fault.ts";
import { mustBeEmail } from "./email-password.ts";
import { mustBeForeignHash } from "./foreign-hash.ts";
import type { Passwords } from "./passwords.ts";
import { hashIdentity, providerIdOf, type StoredIdentity, type UserRecord } from "./user-record.ts";
import type { Users } from "./users.ts";

const id = Type.String({ pattern: "^[0-9a-f]{24}$" });
const seconds = Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]);

/** As the admin API shows a user. Fields that it does not name are not looked at. */
export const importedUser = Type.Object({
  _id: id,
  type: Type.Optional(Type.String()),
  disabled: Type.Optional(Type.Boolean()),
  identities: Type.Optional(
    Type.Array(
      Type.Object({
        id: Type.String({ minLength: 1, maxLength: 4096 }),
        provider_type: Type.String({ minLength: 1, maxLength: 64 }),
        provider_data: Type.Optional(Type.Unknown()),
        data: Type.Optional(Type.Unknown()),
      }),
      { maxItems: 100 },
    ),
  ),
  data: Type.Optional(Type.Unknown()),
  creation_date: Type.Optional(seconds),
  last_authentication_date: Type.Optional(seconds),
  /** Ours: by bcrypt, scrypt or argon2. Without one, the user must set the password anew. */
  password_hash: Type.Optional(Type.String({ maxLength: 1024 })),
});

export type ImportedUser = Static<typeof importedUser>;

export interface ImportReport {
  readonly imported: number;
  /** Those that were there already, and are left as they are. */
  readonly existing: number;
  readonly refused: readonly { readonly _id: string; readonly message: string }[];
}

export interface ImportEnvironment {
  readonly users: Users;
  readonly passwords: Passwords;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
}

/** Takes over users one by one; one that is refused keeps no other from coming. */
export async function importUsers(
  appId: string,
  users: readonly ImportedUser[],
  environment: ImportEnvironment,
): Promise<ImportReport> {
  let imported = 0;
  let existing = 0;
  const refused: { readonly _id: string; readonly message: string }[] = [];
  for (const user of users)
    try {
      if (await importUser(appId, user, environment)) imported += 1;
      else existing += 1;
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      refused.push({ _id: user._id, message: cause.message });
    }
  return { imported, existing, refused };
}

/** @returns false when there is a user with this id @throws {Fault} `InvalidParameter`, `AccountNameInUse` */
async function importUser(
  appId: string,
  given: ImportedUser,
  environment: ImportEnvironment,
): Promise<boolean> {
  const { users, passwords, now } = environment;
  if (given.type === "server")
    throw new Fault("InvalidParameter", "an API key is taken over with: petiole keys import");
  const hash =
    given.password_hash === undefined ? undefined : mustBeForeignHash(given.password_hash);
  if ((await users.find(appId, given._id)) !== undefined) return false;
  const record = toRecord(appId, given, environment);
  const account = record.identities.find(({ providerType }) => providerType === "local-userpass");
  if (account === undefined && hash !== undefined)
    throw new Fault("InvalidParameter", "a password_hash needs an identity of local-userpass");
  if (account !== undefined) {
    const made = await passwords.create({
      id: account.id,
      appId,
      email: emailOf(account, record),
      isConfirmed: true,
      hash,
      createdAt: record.createdAt,
    });
    if (made === undefined) throw new Fault("AccountNameInUse", "name already in use");
  }
  const user = await users.create({ ...record, ...lastLoginOf(given) });
  if (user !== undefined) return true;
  if (account !== undefined) await passwords.delete(appId, account.id);
  throw new Fault("InvalidParameter", "another user has one of its identities");

  function lastLoginOf({ last_authentication_date: last }: ImportedUser) {
    return typeof last === "number" && last > 0
      ? { lastLoginAt: Math.min(last * 1000, now()) }
      : {};
  }
}

function toRecord(
  appId: string,
  given: ImportedUser,
  { now, newId }: ImportEnvironment,
): UserRecord {
  const { creation_date: created } = given;
  return {
    id: given._id,
    appId,
    type: "normal",
    permission: "readWrite",
    identities: (given.identities ?? []).map((each) => toIdentity(appId, each, newId)),
    data: toDoc(given.data),
    disabled: given.disabled ?? false,
    createdAt: typeof created === "number" && created > 0 ? created * 1000 : now(),
    devices: [],
  };
}

function toIdentity(
  appId: string,
  given: NonNullable<ImportedUser["identities"]>[number],
  newId: () => ObjectId,
): StoredIdentity {
  const { provider_type: providerType } = given;
  const isAccount = providerType === "local-userpass";
  const name = isAccount && !/^[0-9a-f]{24}$/.test(given.id) ? newId().toHex() : given.id;
  return {
    id: name,
    providerType,
    providerId: providerIdOf(appId, providerType),
    key: hashIdentity(providerType, name),
    data: toDoc(given.provider_data ?? given.data),
  };
}

function emailOf({ data }: StoredIdentity, user: UserRecord): string {
  const email = data?.get("email") ?? user.data.get("email");
  if (typeof email === "string") return mustBeEmail(email);
  throw new Fault("InvalidParameter", "an identity of local-userpass needs data.email");
}

function toDoc(value: unknown): Doc {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return Doc.empty;
  return parseEjson(Buffer.from(JSON.stringify(value)));
}
