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
}

export interface Administrators {
  isEmpty(): Promise<boolean>;
  list(): Promise<readonly Administrator[]>;
  /** @throws {MongoError} 11000 when there is one with this address @throws {Fault} `InvalidParameter` */
  create(email: string, password: string): Promise<void>;
  /** Makes a programmatic key pair. The private key is not kept and can not be shown again. */
  createKey(): Promise<{ readonly publicKey: string; readonly privateKey: string }>;
  /** The person; undefined when address or password are not right. */
  verify(email: string, password: string): Promise<Administrator | undefined>;
  /** The program; undefined when one of the keys is not right. */
  verifyKey(publicKey: string, privateKey: string): Promise<Administrator | undefined>;
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

  async function add(name: string, fields: Readonly<Record<string, string>>): Promise<void> {
    const created = { created_at: new DateTime(now()) };
    await collection.insertOne(Doc.of({ _id: newId(), email: name, ...fields, ...created }));
  }

  return {
    isEmpty: async () => (await collection.findOne(Doc.empty)) === null,
    async list() {
      const found: Administrator[] = [];
      for await (const batch of collection.find(Doc.empty, { sort: Doc.of({ _id: 1 }) }))
        found.push(...batch.map(readAdministrator));
      return found;
    },
    async create(email, password) {
      if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > 254)
        throw new Fault("InvalidParameter", "an administrator needs an e-mail address");
      if (password.length < passwordLengthMin || password.length > passwordLengthMax)
        throw new Fault(
          "InvalidParameter",
          `a password must have ${passwordLengthMin} to ${passwordLengthMax} characters`,
        );
      await add(email.toLowerCase(), { password: await hashPassword(password) });
    },
    async createKey() {
      const publicKey = createLetters(8);
      const privateKey = randomUUID();
      // HTTP Digest can be checked with this alone, never with a hash of the private key: kept from the first key on.
      const digest = hash("md5", `${publicKey}:${digestRealm}:${privateKey}`, "hex");
      await add(publicKey, { private_key: hashSecret(privateKey), digest });
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

function readAdministrator(doc: Doc): Administrator {
  const id = doc.get("_id");
  const name = doc.get("email");
  return {
    id: id instanceof ObjectId ? id.toHex() : "",
    name: typeof name === "string" ? name : "",
    kind: doc.has("private_key") ? "key" : "person",
  };
}
