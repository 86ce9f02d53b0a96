/** Binary data from and to text (MongoDB 8.0's `format` of `$convert`). */
import { Binary, Double, typeName, type Value } from "../../bson/value.ts";
import { failedToParse } from "../../kit/mongo-error.ts";
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

/** @throws {MongoError} 241 when the bytes do not fit the format, 9 for a format there is not */
export function binaryToText(value: Value, target: BinaryTarget): string {
  const { subType, bytes } = value as Binary;
  const isUuid = subType === uuidSubType && bytes.length === 16;
  const automatic = isUuid ? "uuid" : "base64";
  const name = target.format ?? automatic;
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

/** @throws {MongoError} 241 when the text does not fit the format, 9 for a format there is not */
export function textToBinary(value: Value, target: BinaryTarget): Binary {
  const name = target.format ?? "base64";
  const subType = target.subType ?? 0;
  // By the manual a UUID is written as one, and nothing else is.
  if ((name === "uuid") !== (subType === uuidSubType))
    throw failedToParse(`Format '${name}' does not go with subtype ${subType} in $convert`);
  const bytes = typeof value === "string" ? findFormat(name).read(value) : undefined;
  if (bytes === undefined)
    throw conversionFailure(
      `Input ${typeName(value)} is not a valid ${name} value in $convert with no onError value`,
    );
  return new Binary(subType, bytes);
}

/** The same bytes under the subtype that is asked for, if one is. */
export function withSubType(value: Binary, { subType }: BinaryTarget): Binary {
  return subType === undefined || subType === value.subType
    ? value
    : new Binary(subType, value.bytes);
}

function findFormat(name: string): Format {
  const format = formats.get(name);
  if (format === undefined) throw failedToParse(`Invalid 'format' argument for $convert: ${name}`);
  return format;
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
