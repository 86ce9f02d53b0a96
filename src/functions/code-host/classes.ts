/** What stands for BSON's types in code, by the names and with the methods that the server gives them. */
import { randomBytes } from "node:crypto";
import { createObjectIdFactory, readObjectId } from "../../bson/object-id.ts";
import { Binary, ObjectId, Timestamp } from "../../bson/value.ts";
import { namedClass, textOf } from "./named-class.ts";
import { ScriptFailure } from "./script-error.ts";
import { tojson } from "./tojson.ts";

const newObjectId = createObjectIdFactory({
  now: Date.now,
  random: (count) => randomBytes(count),
});

class ObjectIdValue {
  readonly #value: ObjectId;

  constructor(given?: unknown) {
    this.#value = toObjectId(given);
  }
  get str(): string {
    return this.#value.toHex();
  }
  get isObjectId(): boolean {
    return true;
  }
  getTimestamp(): Date {
    return new Date(this.#value.a * 1000);
  }
  valueOf(): string {
    return this.#value.toHex();
  }
  equals(other: unknown): boolean {
    return other instanceof ObjectIdValue && this.str === other.str;
  }
  toString(): string {
    return `ObjectId("${this.#value.toHex()}")`;
  }
  tojson(): string {
    return this.toString();
  }
  toJSON(): object {
    return { $oid: this.#value.toHex() };
  }
  static read(value: ObjectIdValue): ObjectId {
    return value.#value;
  }
}

function toObjectId(given: unknown): ObjectId {
  if (given === undefined) return newObjectId();
  if (given instanceof ObjectId) return given;
  if (given instanceof ObjectIdValue) return ObjectIdValue.read(given);
  const text = textOf(given);
  if (text.length !== 24) throw new ScriptFailure(10_448, "invalid object id: length");
  const found = readObjectId(text);
  if (found === undefined) throw new ScriptFailure(10_448, "invalid object id: not hex");
  return found;
}

class BinDataValue {
  readonly #value: Binary;

  constructor(subType: unknown, base64?: unknown) {
    this.#value = subType instanceof Binary ? subType : toBinary(subType, base64);
  }
  subtype(): number {
    return this.#value.subType;
  }
  length(): number {
    return this.#value.bytes.length;
  }
  hex(): string {
    return bufferOf(this.#value).toString("hex");
  }
  base64(): string {
    return bufferOf(this.#value).toString("base64");
  }
  toString(): string {
    const { subType, bytes } = this.#value;
    if (subType === 4 && bytes.length === 16) return `UUID("${uuidOf(this.hex())}")`;
    return `BinData(${subType},"${this.base64()}")`;
  }
  tojson(): string {
    return this.toString();
  }
  toJSON(): object {
    const subType = this.#value.subType.toString(16).padStart(2, "0");
    return { $binary: this.base64(), $type: subType };
  }
  static read(value: BinDataValue): Binary {
    return value.#value;
  }
}

function bufferOf({ bytes }: Binary): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function uuidOf(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const base64Form = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function toBinary(subType: unknown, base64: unknown): Binary {
  const type = Number(subType);
  if (!(type >= 0 && type <= 255))
    throw new ScriptFailure(10_265, "invalid BinData subtype -- range is 0..255");
  const text = textOf(base64);
  if (!base64Form.test(text)) throw new ScriptFailure(10_270, "invalid base64");
  return new Binary(Math.trunc(type), Buffer.from(text, "base64"));
}

class TimestampValue {
  t: number;
  i: number;

  constructor(...given: readonly unknown[]) {
    if (given.length !== 0 && given.length !== 2)
      throw new ScriptFailure(2, "Timestamp needs 0 or 2 arguments");
    this.t = Number(given[0] ?? 0);
    this.i = Number(given[1] ?? 0);
  }
  getTime(): number {
    return this.t;
  }
  getInc(): number {
    return this.i;
  }
  toString(): string {
    return `Timestamp(${this.t}, ${this.i})`;
  }
  tojson(): string {
    return this.toString();
  }
  toJSON(): object {
    return { $timestamp: { t: this.t, i: this.i } };
  }
  static read({ t, i }: TimestampValue): Timestamp {
    return new Timestamp(t >>> 0, i >>> 0);
  }
}

class DbRefValue {
  readonly $ref: unknown;
  readonly $id: unknown;

  constructor($ref: unknown, $id: unknown, $db?: unknown) {
    this.$ref = $ref;
    this.$id = $id;
    if ($db !== undefined) Object.assign(this, { $db });
  }
  getDb(): unknown {
    return (this as { readonly $db?: unknown }).$db;
  }
  getCollection(): unknown {
    return this.$ref;
  }
  getRef(): unknown {
    return this.$ref;
  }
  getId(): unknown {
    return this.$id;
  }
  toString(): string {
    return `DBRef(${tojson(this.$ref)}, ${tojson(this.$id)})`;
  }
  tojson(): string {
    return this.toString();
  }
}

class DbPointerValue {
  readonly ns: unknown;
  readonly id: unknown;

  constructor(ns: unknown, id: unknown) {
    this.ns = ns;
    this.id = id;
  }
}

/** The least and the greatest value: called or not, they stand for themselves. */
function extreme(name: "MinKey" | "MaxKey", wire: object): object {
  const value = (): object => value;
  return Object.assign(value, {
    [Symbol.toStringTag]: name,
    toString: () => `[object ${name}]`,
    toJSON: () => wire,
    tojson: () => (name === "MinKey" ? '{ "$minKey" : 1 }' : '{ "$maxKey" : 1 }'),
  });
}

export const minKey: object = extreme("MinKey", { $minKey: 1 });
export const maxKey: object = extreme("MaxKey", { $maxKey: 1 });

export const ScriptObjectId: typeof ObjectIdValue = namedClass("ObjectId", ObjectIdValue);
export const BinData: typeof BinDataValue = namedClass("BinData", BinDataValue);
export const ScriptTimestamp: typeof TimestampValue = namedClass("Timestamp", TimestampValue);
export const DBRef: typeof DbRefValue = namedClass("DBRef", DbRefValue);
export const DBPointer: typeof DbPointerValue = namedClass("DBPointer", DbPointerValue);
