/** A server API key as it stands in the internal database; its text is known only as a hash. */
import { Doc } from "../bson/doc.ts";
import { DateTime, ObjectId } from "../bson/value.ts";
import { type Permission, permissions } from "../config/app.ts";
import { Fault } from "../kit/fault.ts";

export interface ApiKey {
  /** 24 hex digits. */
  readonly id: string;
  readonly appId: string;
  readonly name: string;
  readonly disabled: boolean;
  /** The most this key may do, on every data source. */
  readonly role: Permission;
  /** The id of the user it stands for; its own unless it was imported with another. */
  readonly userId: string;
  /** SHA-256 of the key as 64 hex digits. */
  readonly hash: string;
  /** From 0; no two keys of an app have the same, which bounds their number. Undefined: beyond the bound. */
  readonly slot: number | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

const namePattern = /^[A-Za-z0-9_-]{1,64}$/;
const importedLengthMin = 32;
const importedLengthMax = 1024;

/** @throws {Fault} `InvalidParameter` */
export function mustKeyName(name: string): string {
  if (namePattern.test(name)) return name;
  throw new Fault(
    "InvalidParameter",
    "name must be 1 to 64 ASCII letters, digits, underscores or hyphens",
  );
}

/**
 * Checks the text of a key that was made elsewhere. It travels in a header, so that only visible ASCII will do.
 *
 * @throws {Fault} `InvalidParameter`
 */
export function mustImportedKey(key: string): string {
  if (key.length < importedLengthMin || key.length > importedLengthMax || !/^[!-~]+$/.test(key))
    throw new Fault(
      "InvalidParameter",
      `an imported key must be ${importedLengthMin} to ${importedLengthMax} visible ASCII characters`,
    );
  return key;
}

export function toApiKeyDoc(key: ApiKey): Doc {
  return Doc.of({
    _id: ObjectId.fromHex(key.id),
    app_id: ObjectId.fromHex(key.appId),
    name: key.name,
    disabled: key.disabled,
    role: key.role,
    user_id: key.userId,
    hash: key.hash,
    created_at: new DateTime(key.createdAt),
    ...(key.slot === undefined ? {} : { slot: key.slot }),
  });
}

export function readApiKeyDoc(doc: Doc): ApiKey {
  const id = doc.get("_id");
  const appId = doc.get("app_id");
  const created = doc.get("created_at");
  const slot = doc.get("slot");
  if (!(id instanceof ObjectId) || !(appId instanceof ObjectId))
    throw new TypeError("a key's document lacks its ids");
  return {
    id: id.toHex(),
    appId: appId.toHex(),
    name: textOf(doc, "name"),
    // What is not plainly enabled is not enabled; an unknown role opens nothing.
    disabled: doc.get("disabled") !== false,
    role: permissions.find((each) => each === doc.get("role")) ?? "noAccess",
    userId: textOf(doc, "user_id"),
    hash: textOf(doc, "hash"),
    slot: typeof slot === "number" ? slot : undefined,
    createdAt: created instanceof DateTime ? Number(created.ms) : 0,
  };
}

function textOf(doc: Doc, field: string): string {
  const value = doc.get(field);
  if (typeof value === "string") return value;
  throw new TypeError(`a key's document lacks its ${field}`);
}
