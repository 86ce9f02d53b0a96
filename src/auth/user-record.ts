/** A user of an app as it stands in the internal database. */
import { hash } from "node:crypto";
import { Doc } from "../bson/doc.ts";
import { DateTime, isArray, ObjectId, type Value } from "../bson/value.ts";
import type { Permission } from "../config/app.ts";
import type { Identity, User } from "../config/user.ts";
import { type Device, readDevice, toDeviceDoc } from "./device.ts";

export interface UserRecord {
  /** 24 hex digits; unique in its app. */
  readonly id: string;
  /** The app's 24 hex digits. */
  readonly appId: string;
  /** Of type `server` are those that stand for a server API key; they are not kept. */
  readonly type: "normal" | "server";
  readonly permission: Permission;
  readonly identities: readonly StoredIdentity[];
  readonly data: Doc;
  readonly disabled: boolean;
  /** Milliseconds since 1970, as all times here. */
  readonly createdAt: number;
  /** Absent until the first login. */
  readonly lastLoginAt?: number;
  /** When all sessions were ended at once. */
  readonly revokedAt?: number;
  /** When it is removed unless it is used before; of anonymous users. */
  readonly expiresAt?: number;
  /** Those it has logged in with, the latest last. */
  readonly devices: readonly Device[];
}

export interface StoredIdentity extends Identity {
  /** What finds the user again: `hashIdentity` of what the provider calls it. */
  readonly key: string;
}

/** No two users of an app have an identity of the same type and name. @returns 64 hex digits */
export function hashIdentity(providerType: string, name: string): string {
  return hash("sha256", `${providerType}\0${name}`, "hex");
}

/** @returns 24 hex digits that stay the same */
export function providerIdOf(appId: string, providerType: string): string {
  return hash("sha256", `provider ${appId} ${providerType}`, "hex").slice(0, 24);
}

/** The document's `_id`. Of two apps with users of the same id, each has its own. */
export function userKeyOf(appId: string, id: string): string {
  return `${appId}${id}`;
}

const plainUsers = new WeakMap<UserRecord, User>();

/** The user as rules and functions see it; the same object for the same record. */
export function toUser(record: UserRecord, customData?: Doc): User {
  const known = plainUsers.get(record);
  if (known !== undefined && customData === undefined) return known;
  const { id, type, permission, data, identities } = record;
  const user = {
    id,
    type,
    permission,
    data,
    customData: customData ?? Doc.empty,
    identities,
  };
  if (customData === undefined) plainUsers.set(record, user);
  return user;
}

export function toUserDoc(record: UserRecord): Doc {
  const { appId, id, identities, lastLoginAt, revokedAt, expiresAt } = record;
  return Doc.of({
    _id: userKeyOf(appId, id),
    app_id: ObjectId.fromHex(appId),
    user_id: id,
    identities: identities.map(toIdentityDoc),
    // An empty list would count as one and the same value in the index.
    ...(identities.length === 0 ? {} : { identity_keys: identities.map(({ key }) => key) }),
    data: record.data,
    disabled: record.disabled,
    created_at: new DateTime(record.createdAt),
    ...(lastLoginAt === undefined ? {} : { last_login_at: new DateTime(lastLoginAt) }),
    ...(revokedAt === undefined ? {} : { revoked_at: new DateTime(revokedAt) }),
    ...(expiresAt === undefined ? {} : { expires_at: new DateTime(expiresAt) }),
    devices: record.devices.map(toDeviceDoc),
  });
}

export function readUserDoc(doc: Doc): UserRecord {
  const appId = doc.get("app_id");
  const id = doc.get("user_id");
  if (!(appId instanceof ObjectId) || typeof id !== "string")
    throw new TypeError("a user's document lacks its ids");
  const lastLoginAt = timeOf(doc.get("last_login_at"));
  const revokedAt = timeOf(doc.get("revoked_at"));
  const expiresAt = timeOf(doc.get("expires_at"));
  return {
    id,
    appId: appId.toHex(),
    type: "normal",
    permission: "readWrite",
    identities: docsOf(doc.get("identities")).map(readIdentity),
    data: docOf(doc.get("data")),
    // What is not plainly enabled is not enabled.
    disabled: doc.get("disabled") !== false,
    createdAt: timeOf(doc.get("created_at")) ?? 0,
    ...(lastLoginAt === undefined ? {} : { lastLoginAt }),
    ...(revokedAt === undefined ? {} : { revokedAt }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    devices: docsOf(doc.get("devices")).map(readDevice),
  };
}

export function toIdentityDoc({ id, providerType, providerId, key, data }: StoredIdentity): Doc {
  return Doc.of({
    id,
    provider_type: providerType,
    provider_id: providerId,
    key,
    ...(data === undefined ? {} : { data }),
  });
}

function readIdentity(doc: Doc): StoredIdentity {
  const data = doc.get("data");
  return {
    id: textOf(doc.get("id")),
    providerType: textOf(doc.get("provider_type")),
    providerId: textOf(doc.get("provider_id")),
    key: textOf(doc.get("key")),
    ...(data instanceof Doc ? { data } : {}),
  };
}

function docsOf(value: Value | undefined): readonly Doc[] {
  return isArray(value) ? value.filter((each) => each instanceof Doc) : [];
}

function docOf(value: Value | undefined): Doc {
  return value instanceof Doc ? value : Doc.empty;
}

function textOf(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}

function timeOf(value: Value | undefined): number | undefined {
  return value instanceof DateTime ? Number(value.ms) : undefined;
}
