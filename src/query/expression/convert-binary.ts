/** Binary data from and to text (MongoDB 8.0's `format` of `$convert`). */
import { Binary, Double, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { conversionFailure } from "./convert-number.ts";

export interface BinaryTarget {
  /** `auto base64 base64url hex utf8 uuid`. */
  readonly format?: string;
  /** Of the binary data to make; 0 where it is not given. */
  readonly subType?: number;
  /** Of numbers in binary data; `little` where it is not given. */
  readonly byteOrder?: "big" | "little";
}

interface Format {
  readonly write: (bytes: Buffer) => string;
  readonly read: (text: string) => Buffer | undefined;
}

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const formats: ReadonlyMap<string, Format> = new Map([
  [
    "base64",
    {
      write: (bytes: Buffer) => bytes.toString("base64"),
      read: (text: string) =>
        /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
          ? Buffer.from(text, "base64")
          : undefined,
    },
  ],
  [
    "base64url",
    {
      write: (bytes: Buffer) => bytes.toString("base64url"),
      read: (text: string) =>
        /^[A-Za-z0-9_-]*={0,2}$/.test(text) ? Buffer.from(text, "base64url") : undefined,
    },
  ],
  [
    "hex",
    {
      write: (bytes: Buffer) => bytes.toString("hex").toUpperCase(),
      read: (text: string) =>
        /^(?:[0-9a-f]{2})*$/i.test(text) ? Buffer.from(text, "hex") : undefined,
    },
  ],
  [
    "utf8",
    {
      write: (bytes: Buffer) => bytes.toString("utf8"),
      read: (text: string) => Buffer.from(text, "utf8"),
    },
  ],
  [
    "uuid",
    {
      write: (bytes: Buffer) =>
        bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
      read: (text: string) =>
        uuidForm.test(text) ? Buffer.from(text.replaceAll("-", ""), "hex") : undefined,
    },
  ],
]);

const uuidSubType = 4;
const md5SubType = 5;

/** @throws {MongoError} 241 when the bytes do not fit the format, 4341115 without one */
export function binaryToText(value: Value, target: BinaryTarget): string {
  const { subType, bytes } = value as Binary;
  const isUuid = subType === uuidSubType && bytes.length === 16;
  const automatic = isUuid ? "uuid" : "base64";
  const format = mustHaveFormat(target, "binData", "string");
  const name = format === "auto" ? automatic : format;
  // Atlas: by DocumentDB's account, where the server of 8.2 gives base64.
  if (format === "auto" && subType === md5SubType && bytes.length !== 16)
    throw conversionFailure(
      "Conversion to string of binData that is no MD5 with format 'auto' in $convert with no onError value",
    );
  if (name === "uuid" && !isUuid)
    throw conversionFailure(
      "Conversion to string of binData that is no UUID with format 'uuid' in $convert with no onError value",
    );
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = findFormat(name).write(buffer);
  if (name === "utf8" && !Buffer.from(text, "utf8").equals(buffer))
    throw conversionFailure("BinData does not represent a valid UTF-8 string");
  return text;
}

/** @throws {MongoError} 241 when the text does not fit the format, 4341115 without one */
export function textToBinary(value: Value, target: BinaryTarget): Binary {
  const name = mustHaveFormat(target, "string", "binData");
  const subType = target.subType ?? 0;
  // By the manual a UUID is written as one, and nothing else is.
  if (name === "auto" || (name === "uuid") !== (subType === uuidSubType))
    throw conversionFailure(
      `Format '${name}' does not go with subtype ${subType} in $convert with no onError value`,
    );
  const bytes = typeof value === "string" ? findFormat(name).read(value) : undefined;
  if (bytes === undefined)
    throw conversionFailure(
      `Input ${typeName(value)} is not a valid ${name} value in $convert with no onError value`,
    );
  return new Binary(subType, bytes);
}

/** @throws {MongoError} 241 when binary data has another subtype than the one asked for */
export function mustHaveSubType(value: Binary, { subType = 0 }: BinaryTarget): Binary {
  if (subType === value.subType) return value;
  throw conversionFailure(
    `Conversion of binData from subtype ${value.subType} to ${subType} is not supported in $convert with no onError value`,
  );
}

/** @throws {MongoError} 4341125 for a format there is not */
export function mustBeFormat(name: string): void {
  if (name === "auto" || formats.has(name)) return;
  throw new MongoError(4_341_125, `Invalid 'format' argument for $convert: ${name}`);
}

function mustHaveFormat({ format }: BinaryTarget, from: string, to: string): string {
  if (format !== undefined) return format;
  throw new MongoError(
    4_341_115,
    `Format must be specified when converting from '${from}' to '${to}'`,
  );
}

function findFormat(name: string): Format {
  mustBeFormat(name);
  return formats.get(name) as Format;
}

/** A number as its bytes: 4 of an Int32, 8 of others (MongoDB 8.0). */
export function numberToBinary(value: Value, { subType, byteOrder }: BinaryTarget): Binary {
  const bytes = Buffer.alloc(typeof value === "number" ? 4 : 8);
  if (typeof value === "number") bytes.writeInt32LE(value);
  else if (typeof value === "bigint") bytes.writeBigInt64LE(value);
  else bytes.writeDoubleLE((value as Double).value);
  return new Binary(subType ?? 0, byteOrder === "big" ? bytes.toReversed() : bytes);
}

/** @throws {MongoError} 241 for a number of bytes that no such number has */
export function binaryToNumber(
  { bytes }: Binary,
  type: "double" | "int" | "long",
  { byteOrder }: BinaryTarget,
): Value {
  const ordered = Buffer.from(byteOrder === "big" ? bytes.toReversed() : bytes);
  const { length } = ordered;
  if (type === "double" && length === 8) return new Double(ordered.readDoubleLE());
  if (type === "double" && length === 4) return new Double(ordered.readFloatLE());
  const isWhole = length === 1 || length === 2 || length === 4 || length === 8;
  if (type === "double" || !isWhole || (type === "int" && length === 8))
    throw conversionFailure(
      `Failed to convert '${ordered.toString("base64")}' to ${type} in $convert because of invalid length: ${length}`,
    );
  const whole = length === 8 ? ordered.readBigInt64LE() : BigInt(ordered.readIntLE(0, length));
  return type === "int" ? Number(whole) : whole;
}
