/**
 * JavaScript values, as functions make them, to BSON bytes.
 *
 * Values of the `bson` package are known by `_bsontype`, so that those of another copy of it, which a dependency
 * brought along, are stored as what they are.
 */
import { Writer } from "../../bson/writer.ts";

const depthMax = 200;
const int32Max = 2 ** 31 - 1;
const int32Min = -(2 ** 31);

const sharedBytes = 64 * 1024;
let shared: Writer | undefined = new Writer(sharedBytes);

/**
 * A document of these fields; those that are undefined are left out.
 *
 * @param take gets the bytes, which are overwritten once it has returned
 * @throws {TypeError | RangeError} what can not be stored
 */
export function encodeFields(fields: object, take: (bytes: Uint8Array) => void): void {
  // Code of the function's may run meanwhile, and lead back to here: it finds another writer then.
  const writer = shared ?? new Writer(sharedBytes);
  shared = undefined;
  try {
    writer.at = 0;
    writer.int32(0);
    for (const key of Object.keys(fields))
      writeElement(writer, key, (fields as Readonly<Record<string, unknown>>)[key], 0);
    writer.byte(0);
    writer.patchInt32(0, writer.at);
    take(writer.buffer.subarray(0, writer.at));
  } finally {
    shared = writer.buffer.length > sharedBytes ? new Writer(sharedBytes) : writer;
  }
}

/** @returns whether there was something to store */
function writeElement(writer: Writer, key: string, value: unknown, depth: number): boolean {
  const typeAt = writer.at;
  writer.byte(0);
  writer.cstring(key);
  const type = writeValue(writer, value, depth);
  if (type === undefined) {
    writer.at = typeAt;
    return false;
  }
  writer.buffer[typeAt] = type & 0xff;
  return true;
}

/** @returns BSON's type; undefined where there is nothing to store */
function writeValue(writer: Writer, value: unknown, depth: number): number | undefined {
  switch (typeof value) {
    case "string":
      writer.string(value);
      return 2;
    case "number":
      return writeNumber(writer, value);
    case "boolean":
      writer.byte(value ? 1 : 0);
      return 8;
    case "bigint":
      return writeBigInt(writer, value);
    case "object":
      return value === null ? 10 : writeObject(writer, value, depth);
    case "function":
      return writeFunction(value);
    default:
      return undefined;
  }
}

// Atlas: a whole number is stored as Int32, beyond it as Int64, as SPEC §8.1 takes it; any other is a Double.
function writeNumber(writer: Writer, value: number): number {
  if (!Number.isInteger(value) || Object.is(value, -0)) {
    writer.double(value);
    return 1;
  }
  if (value >= int32Min && value <= int32Max) {
    writer.int32(value);
    return 16;
  }
  if (!Number.isSafeInteger(value)) {
    writer.double(value);
    return 1;
  }
  writer.safeInteger(value);
  return 18;
}

function writeBigInt(writer: Writer, value: bigint): number {
  if (BigInt.asIntN(64, value) !== value) throw new RangeError(`${value} needs more than 64 bits`);
  writer.int64(value);
  return 18;
}

/** `BSON.MinKey` and `BSON.MaxKey` stand for their values without being called. */
function writeFunction(value: object): number | undefined {
  const type = typeNameOf(value);
  if (type === "MinKey") return 255;
  return type === "MaxKey" ? 127 : undefined;
}

function writeObject(writer: Writer, value: object, depth: number): number | undefined {
  if (depth > depthMax) throw new RangeError(`more than ${depthMax} levels of nesting`);
  if (Array.isArray(value)) return writeArray(writer, value, depth);
  const type = typeNameOf(value);
  if (type !== undefined) return writeTyped(writer, type, value, depth);
  if (value instanceof Date) {
    const ms = value.getTime();
    if (Number.isNaN(ms)) throw new TypeError("an invalid date can not be stored");
    writer.safeInteger(ms);
    return 9;
  }
  if (value instanceof RegExp) return writeRegex(writer, value.source, value.flags);
  if (ArrayBuffer.isView(value))
    return writeBinary(writer, 0, new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (value instanceof ArrayBuffer) return writeBinary(writer, 0, new Uint8Array(value));
  if (isCursor(value))
    throw new TypeError("a cursor can not be used as a value: call toArray() or next() on it");
  return writeFields(writer, value, depth);
}

/** Marks what no value can be made of. */
export const cursorMark: unique symbol = Symbol("cursor");

function isCursor(value: object): boolean {
  return cursorMark in value;
}

function writeFields(writer: Writer, value: object, depth: number): number | undefined {
  const source = value instanceof Map ? value : undefined;
  const own = toBsonOf(value);
  if (own !== value) return writeValue(writer, own, depth + 1);
  const startAt = writer.at;
  writer.int32(0);
  if (source !== undefined)
    for (const [key, each] of source) writeElement(writer, String(key), each, depth + 1);
  else
    for (const key of Object.keys(value))
      writeElement(writer, key, (value as Readonly<Record<string, unknown>>)[key], depth + 1);
  writer.byte(0);
  writer.patchInt32(startAt, writer.at - startAt);
  return 3;
}

/** Classes of users may say what they are stored as. */
function toBsonOf(value: object): unknown {
  const { toBSON } = value as { readonly toBSON?: unknown };
  return typeof toBSON === "function" ? (toBSON.call(value) as unknown) : value;
}

function writeArray(writer: Writer, value: readonly unknown[], depth: number): number {
  const startAt = writer.at;
  writer.int32(0);
  for (let index = 0; index < value.length; index += 1) {
    // Positions must stay: what can not be stored becomes null, as in JSON.
    if (!writeElement(writer, String(index), value[index], depth + 1))
      writeElement(writer, String(index), null, depth + 1);
  }
  writer.byte(0);
  writer.patchInt32(startAt, writer.at - startAt);
  return 4;
}

interface Typed {
  readonly value?: unknown;
  readonly low?: number;
  readonly high?: number;
  readonly bytes?: Uint8Array;
  readonly id?: Uint8Array;
  readonly buffer?: Uint8Array;
  readonly sub_type?: number;
  readonly position?: number;
  readonly pattern?: string;
  readonly options?: string;
  readonly code?: unknown;
  readonly scope?: unknown;
  readonly collection?: string;
  readonly oid?: unknown;
  readonly db?: string;
  readonly fields?: object;
}

function typeNameOf(value: object): string | undefined {
  const { _bsontype: name } = value as { readonly _bsontype?: unknown };
  return typeof name === "string" && typedKinds.has(name) ? name : undefined;
}

const typedKinds: ReadonlyMap<
  string,
  (writer: Writer, value: Typed, depth: number) => number | undefined
> = new Map(
  Object.entries({
    ObjectId: writeObjectId,
    ObjectID: writeObjectId,
    Long: writeLong,
    Timestamp(writer: Writer, value: Typed) {
      writeLong(writer, value);
      return 17;
    },
    Int32(writer: Writer, { value }: Typed) {
      writer.int32(Number(value) | 0);
      return 16;
    },
    Double(writer: Writer, { value }: Typed) {
      writer.double(Number(value));
      return 1;
    },
    Decimal128(writer: Writer, { bytes }: Typed) {
      writer.bytes(mustBytes(bytes, 16));
      return 19;
    },
    Binary(writer: Writer, { buffer, position, sub_type: subType }: Typed) {
      const bytes = mustBytes(buffer);
      return writeBinary(writer, subType ?? 0, bytes.subarray(0, position ?? bytes.length));
    },
    UUID(writer: Writer, { buffer, id }: Typed) {
      return writeBinary(writer, 4, mustBytes(buffer ?? id, 16));
    },
    BSONRegExp: (writer: Writer, { pattern, options }: Typed) =>
      writeRegex(writer, pattern ?? "", options ?? ""),
    BSONSymbol(writer: Writer, { value }: Typed) {
      writer.string(String(value));
      return 14;
    },
    Code: writeCode,
    DBRef(writer: Writer, { collection, oid, db, fields }: Typed, depth: number) {
      const parts = { $ref: collection, $id: oid, ...(db ? { $db: db } : {}), ...fields };
      return writeFields(writer, parts, depth + 1);
    },
    MinKey: () => 255,
    MaxKey: () => 127,
  }),
);

function writeTyped(writer: Writer, type: string, value: Typed, depth: number): number | undefined {
  return typedKinds.get(type)?.(writer, value, depth);
}

function writeObjectId(writer: Writer, value: Typed): number {
  const { id, buffer } = value;
  writer.bytes(mustBytes(buffer ?? id, 12));
  return 7;
}

function writeLong(writer: Writer, { low, high }: Typed): number {
  writer.int32(Number(low) | 0);
  writer.int32(Number(high) | 0);
  return 18;
}

function writeCode(writer: Writer, { code, scope }: Typed, depth: number): number {
  if (scope === undefined || scope === null) {
    writer.string(String(code));
    return 13;
  }
  const startAt = writer.at;
  writer.int32(0);
  writer.string(String(code));
  writeFields(writer, scope, depth + 1);
  writer.patchInt32(startAt, writer.at - startAt);
  return 15;
}

function writeRegex(writer: Writer, pattern: string, flags: string): number {
  writer.cstring(pattern);
  // JavaScript's own flags `g`, `y`, `d`, `u` and `v` mean nothing to a query.
  writer.cstring(
    flags
      .replace(/[^ilmsx]/g, "")
      .split("")
      .toSorted()
      .join(""),
  );
  return 11;
}

function writeBinary(writer: Writer, subType: number, bytes: Uint8Array): number {
  const isOld = subType === 2;
  writer.int32(bytes.length + (isOld ? 4 : 0));
  writer.byte(subType);
  if (isOld) writer.int32(bytes.length);
  writer.bytes(bytes);
  return 5;
}

function mustBytes(bytes: Uint8Array | undefined, length = bytes?.length): Uint8Array {
  if (bytes instanceof Uint8Array && bytes.length === length) return bytes;
  throw new TypeError("a BSON value does not hold what it should");
}
