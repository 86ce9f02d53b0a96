/**
 * BSON bytes of the server to the JavaScript values that functions work with.
 *
 * Atlas: Int32 and Double come as numbers, an Int64 as a `BSON.Long`, which computes and compares as a number does
 * (`valueOf`) and is stored back as what it was; a date as `Date`, a regular expression as `BSON.BSONRegExp`.
 */
import {
  endOfCstring,
  readDouble,
  readInt32,
  readKey,
  readString,
  skipValue,
} from "../../bson/decode.ts";
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from "./bson-classes.ts";

/** @param start where the document begins; its own length says where it ends */
export function decodeDocument(bytes: Buffer, start = 0): Record<string, unknown> {
  return readDocument(bytes, start);
}

/** Where the next document begins, in a row of them. */
export function endOfDocument(bytes: Buffer, start: number): number {
  return start + readInt32(bytes, start);
}

function readDocument(bytes: Buffer, start: number): Record<string, unknown> {
  return decodeInto({}, bytes, start);
}

/** The same, into an object that is there already. */
export function decodeInto(
  document: Record<string, unknown>,
  bytes: Buffer,
  start: number,
): Record<string, unknown> {
  let at = start + 4;
  for (let type = bytes[at] as number; type !== 0; type = bytes[at] as number) {
    const nameEnd = endOfCstring(bytes, at + 1);
    const key = readKey(bytes, at + 1, nameEnd);
    const value = readValue(bytes, type, nameEnd + 1);
    if (key === "__proto__") defineOwn(document, key, value);
    else document[key] = value;
    at = skipValue(bytes, type, nameEnd + 1);
  }
  return document;
}

function defineOwn(document: object, key: string, value: unknown): void {
  Object.defineProperty(document, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

function readArray(bytes: Buffer, start: number): unknown[] {
  const array: unknown[] = [];
  let at = start + 4;
  for (let type = bytes[at] as number; type !== 0; type = bytes[at] as number) {
    const nameEnd = endOfCstring(bytes, at + 1);
    array.push(readValue(bytes, type, nameEnd + 1));
    at = skipValue(bytes, type, nameEnd + 1);
  }
  return array;
}

function readValue(bytes: Buffer, type: number, at: number): unknown {
  switch (type) {
    case 1:
      return readDouble(bytes, at);
    case 2:
      return readString(bytes, at);
    case 3:
      return readObject(bytes, at);
    case 4:
      return readArray(bytes, at);
    case 7:
      return new ObjectId(copy(bytes, at, 12));
    case 8:
      return bytes[at] === 1;
    case 9:
      return new Date(Number(bytes.readBigInt64LE(at)));
    case 10:
      return null;
    case 16:
      return readInt32(bytes, at);
    case 18:
      return new Long(readInt32(bytes, at), readInt32(bytes, at + 4));
    default:
      return readRare(bytes, type, at);
  }
}

function readRare(bytes: Buffer, type: number, at: number): unknown {
  switch (type) {
    case 5:
      return readBinary(bytes, at);
    case 11: {
      const end = endOfCstring(bytes, at);
      const flagsEnd = endOfCstring(bytes, end + 1);
      return new BSONRegExp(
        bytes.toString("utf8", at, end),
        bytes.toString("utf8", end + 1, flagsEnd),
      );
    }
    case 12: {
      const length = readInt32(bytes, at);
      const id = new ObjectId(copy(bytes, at + 4 + length, 12));
      return new DBRef(readString(bytes, at), id);
    }
    case 13:
      return new Code(readString(bytes, at));
    case 14:
      return new BSONSymbol(readString(bytes, at));
    case 15: {
      const length = readInt32(bytes, at + 4);
      return new Code(readString(bytes, at + 4), readDocument(bytes, at + 8 + length));
    }
    case 17:
      return new Timestamp({ t: bytes.readUInt32LE(at + 4), i: bytes.readUInt32LE(at) });
    case 19:
      return new Decimal128(copy(bytes, at, 16));
    case 127:
      return new MaxKey();
    case 255:
      return new MinKey();
    default:
      return undefined;
  }
}

/** An object that a driver would turn into a reference stays one: nobody here fetches it. */
function readObject(bytes: Buffer, at: number): unknown {
  return readDocument(bytes, at);
}

function readBinary(bytes: Buffer, at: number): Binary {
  const length = readInt32(bytes, at);
  const subType = bytes[at + 4] as number;
  return subType === 2
    ? new Binary(copy(bytes, at + 9, length - 4), subType)
    : new Binary(copy(bytes, at + 5, length), subType);
}

/** What lies around a value must not be reachable through its `buffer`. */
function copy(bytes: Buffer, at: number, length: number): Uint8Array {
  const own = new Uint8Array(length);
  own.set(bytes.subarray(at, at + length));
  return own;
}
