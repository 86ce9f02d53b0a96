/** Who may administer this server: kept in the internal database with hashes of passwords and private keys. */
import { hash, randomUUID } from "node:crypto";
import { Doc } from "../bson/doc.ts";
import { DateTime, ObjectId } from "../bson/value.ts";
import type { StateStore } from "../config/state-store.ts";
import { Fault } from "../kit/fault.ts";
import {
  createLetters,
  equalsInConstantTime,
  hashPassword,
  hashSecret,
  verifyPassword,
} from "../kit/secret.ts";

/** A person with e-mail address and password, or a program with a key pair. */
export interface Administrator {
  /** 24 hex digits. */
  readonly id: string;
  /** E-mail address or public key. */
  readonly name: string;
  readonly kind: "person" | "key";
  readonly role: AdminRole;
}

/** Who may change everything, and who may only look. */
export type AdminRole = "owner" | "readOnly";

export interface Administrators {
  isEmpty(): Promise<boolean>;
  list(): Promise<readonly Administrator[]>;
  /** @throws {MongoError} 11000 when there is one with this address @throws {Fault} `InvalidParameter` */
  create(email: string, password: string, role?: AdminRole): Promise<void>;
  /** @throws {Fault} `NotFound` where no person has this id, `InvalidParameter` */
  setPassword(id: string, password: string): Promise<void>;
  /** Makes a programmatic key pair. The private key is not kept and can not be shown again. */
  createKey(role?: AdminRole): Promise<{ readonly publicKey: string; readonly privateKey: string }>;
  /** The person; undefined when address or password are not right. */
  verify(email: string, password: string): Promise<Administrator | undefined>;
  /** The program; undefined when one of the keys is not right. */
  verifyKey(publicKey: string, privateKey: string): Promise<Administrator | undefined>;
  /**
   * Takes one away: no login, and none of its tokens is good any more, on other nodes within 2 s.
   *
   * @throws {Fault} `NotFound`, `BadRequest` for the last owner
   */
  delete(id: string): Promise<void>;
  /** Whether there is one of this id, from memory. */
  has(id: string): boolean;
  /** From memory; undefined where there is none of this id. */
  roleOf(id: string): AdminRole | undefined;
  /** What checks HTTP Digest: MD5 of `public:realm:private` in hex digits; undefined for an unknown key. */
  digestOf(publicKey: string): Promise<string | undefined>;
}

/** Of HTTP Digest. */
export const digestRealm = "MMS Public API";

const collectionName = "administrators";
const passwordLengthMin = 8;
const passwordLengthMax = 1024;

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
  let roles: ReadonlyMap<string, AdminRole> = new Map();
  state.changes.subscribe(collectionName, async () => refresh());

  async function list(): Promise<readonly Administrator[]> {
    const found: Administrator[] = [];
    for await (const batch of collection.find(Doc.empty, { sort: Doc.of({ _id: 1 }) }))
      found.push(...batch.map(readAdministrator));
    return found;
  }

  async function refresh(): Promise<void> {
    roles = new Map((await list()).map(({ id, role }) => [id, role] as const));
  }

  async function changed(): Promise<void> {
    await refresh();
    await state.changes.touch(collectionName);
  }

  async function add(name: string, fields: Readonly<Record<string, string>>): Promise<void> {
    const created = { created_at: new DateTime(now()) };
    await collection.insertOne(Doc.of({ _id: newId(), email: name, ...fields, ...created }));
    await changed();
  }

  return {
    isEmpty: async () => (await collection.findOne(Doc.empty)) === null,
    list,
    has: (id) => roles.has(id),
    roleOf: (id) => roles.get(id),
    async delete(id) {
      const known = await list();
      if (!known.some((each) => each.id === id))
        throw new Fault("NotFound", "there is no such administrator");
      // The next start would make a new one, and print its password where nobody looks.
      if (known.length === 1)
        throw new Fault("BadRequest", "the last administrator can not be deleted");
      const hasOwner = known.some((each) => each.role === "owner" && each.id !== id);
      if (!hasOwner) throw new Fault("BadRequest", "the last owner can not be deleted");
      await collection.deleteOne(Doc.of({ _id: ObjectId.fromHex(id) }));
      await changed();
    },
    async create(email, password, role = "owner") {
      if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > 254)
        throw new Fault("InvalidParameter", "an administrator needs an e-mail address");
      mustBePassword(password);
      await add(email.toLowerCase(), { password: await hashPassword(password), role });
    },
    async setPassword(id, password) {
      mustBePassword(password);
      if (!(await list()).some((each) => each.id === id && each.kind === "person"))
        throw new Fault("NotFound", "there is no such administrator");
      const change = Doc.of({ $set: Doc.of({ password: await hashPassword(password) }) });
      await collection.updateOne(Doc.of({ _id: ObjectId.fromHex(id) }), change);
    },
    async createKey(role = "owner") {
      const publicKey = createLetters(8);
      const privateKey = randomUUID();
      // HTTP Digest can be checked with this alone, never with a hash of the private key: kept from the first key on.
      const digest = hash("md5", `${publicKey}:${digestRealm}:${privateKey}`, "hex");
      await add(publicKey, { private_key: hashSecret(privateKey), digest, role });
      return { publicKey, privateKey };
    },
    async verify(email, password) {
      const found = await collection.findOne(Doc.of({ email: email.toLowerCase() }));
      const stored = found?.get("password");
      if (found === null || typeof stored !== "string") return undefined;
      const isRight = await verifyPassword(password.slice(0, passwordLengthMax), stored);
      return isRight ? readAdministrator(found) : undefined;
    },
    async verifyKey(publicKey, privateKey) {
      const found = await collection.findOne(Doc.of({ email: publicKey }));
      const stored = found?.get("private_key");
      if (found === null || typeof stored !== "string") return undefined;
      return equalsInConstantTime(stored, hashSecret(privateKey))
        ? readAdministrator(found)
        : undefined;
    },
    async digestOf(publicKey) {
      const found = await collection.findOne(Doc.of({ email: publicKey }));
      const stored = found?.get("digest");
      return typeof stored === "string" ? stored : undefined;
    },
  };
}

function mustBePassword(password: string): void {
  if (password.length < passwordLengthMin || password.length > passwordLengthMax)
    throw new Fault(
      "InvalidParameter",
      `a password must have ${passwordLengthMin} to ${passwordLengthMax} characters`,
    );
}

function readAdministrator(doc: Doc): Administrator {
  const id = doc.get("_id");
  const name = doc.get("email");
  return {
    id: id instanceof ObjectId ? id.toHex() : "",
    name: typeof name === "string" ? name : "",
    kind: doc.has("private_key") ? "key" : "person",
    role: doc.get("role") === "readOnly" ? "readOnly" : "owner",
  };
}
