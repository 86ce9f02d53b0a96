/** Reading single values out of BSON bytes that are known to be well formed. */
import { decimalFromBits } from "./decimal128.ts";
import { Binary, ObjectId } from "./value.ts";

const float64 = new Float64Array(1);
const float64Bytes = new Uint8Array(float64.buffer);

/** ASCII up to this length is put together here, which takes half as long as the native call. */
const shortTextMax = 12;

export function readInt32(buffer: Uint8Array, at: number): number {
  return (
    (buffer[at] as number) |
    ((buffer[at + 1] as number) << 8) |
    ((buffer[at + 2] as number) << 16) |
    ((buffer[at + 3] as number) << 24)
  );
}

export function readDouble(buffer: Uint8Array, at: number): number {
  for (let index = 0; index < 8; index += 1) float64Bytes[index] = buffer[at + index] as number;
  return float64[0] as number;
}

/** An int64: as a number while that is exact, else as a bigint. */
export function readInt64Loose(buffer: Uint8Array, at: number): number | bigint {
  const low = readInt32(buffer, at) >>> 0;
  const high = readInt32(buffer, at + 4);
  if (high >= -0x20_0000 && high < 0x20_0000) return high * 0x1_0000_0000 + low;
  return (BigInt(high) << 32n) | BigInt(low);
}

export function readUint64(buffer: Uint8Array, at: number): bigint {
  const low = readInt32(buffer, at) >>> 0;
  const high = readInt32(buffer, at + 4) >>> 0;
  return (BigInt(high) << 32n) | BigInt(low);
}

export function readDecimalAt(buffer: Uint8Array, at: number): ReturnType<typeof decimalFromBits> {
  return decimalFromBits(readUint64(buffer, at), readUint64(buffer, at + 8));
}

function readUint32BigEndian(buffer: Uint8Array, at: number): number {
  return (
    (((buffer[at] as number) << 24) |
      ((buffer[at + 1] as number) << 16) |
      ((buffer[at + 2] as number) << 8) |
      (buffer[at + 3] as number)) >>>
    0
  );
}

export function readObjectId(bytes: Buffer, at: number): ObjectId {
  return new ObjectId(
    readUint32BigEndian(bytes, at),
    readUint32BigEndian(bytes, at + 4),
    readUint32BigEndian(bytes, at + 8),
  );
}

/** The old binary type has its length twice. */
export function readBinary(bytes: Buffer, at: number): Binary {
  const length = readInt32(bytes, at);
  const subType = bytes[at + 4] as number;
  const start = subType === 2 ? at + 9 : at + 5;
  return new Binary(subType, bytes.subarray(start, at + 5 + length));
}

/** UTF-8 from `start` up to `end`. */
export function readText(buffer: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length > shortTextMax) return buffer.toString("utf8", start, end);
  let seen = 0;
  for (let at = start; at < end; at += 1) seen |= buffer[at] as number;
  if (seen > 127) return buffer.toString("utf8", start, end);
  if (length <= 8) return shortText(buffer, start, length);
  return shortText(buffer, start, 8) + shortText(buffer, start + 8, length - 8);
}

const textOf = String.fromCharCode as (...units: readonly (number | undefined)[]) => string;

/** Characters given all at once make one string; one by one, each would make another. @param length 8 at most */
function shortText(b: Buffer, i: number, length: number): string {
  switch (length) {
    case 0:
      return "";
    case 1:
      return textOf(b[i]);
    case 2:
      return textOf(b[i], b[i + 1]);
    case 3:
      return textOf(b[i], b[i + 1], b[i + 2]);
    case 4:
      return textOf(b[i], b[i + 1], b[i + 2], b[i + 3]);
    case 5:
      return textOf(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4]);
    case 6:
      return textOf(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5]);
    case 7:
      return textOf(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6]);
    default:
      return textOf(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7]);
  }
}

/** The string value whose length prefix is at `at`. */
export function readString(buffer: Buffer, at: number): string {
  return readText(buffer, at + 4, at + 3 + readInt32(buffer, at));
}

/** The index of the NUL that ends the C string at `at`. */
export function endOfCstring(buffer: Uint8Array, at: number): number {
  let end = at;
  while (buffer[end] !== 0) end += 1;
  return end;
}

const keyCacheSize = 4096;
const keyCacheTextMax = 32;
const keyCache: string[] = Array.from({ length: keyCacheSize }, () => "");

/** A key; field names repeat, so most come out of a small table instead of being decoded. */
export function readKey(buffer: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length > keyCacheTextMax || length === 0) return readText(buffer, start, end);
  let hash = length;
  for (let at = start; at < end; at += 1) hash = (hash * 31 + (buffer[at] as number)) | 0;
  const slot = (hash ^ (hash >>> 12)) & (keyCacheSize - 1);
  const cached = keyCache[slot] as string;
  if (equalsAscii(buffer, start, length, cached)) return cached;
  const text = readText(buffer, start, end);
  keyCache[slot] = text;
  return text;
}

function equalsAscii(buffer: Uint8Array, start: number, length: number, text: string): boolean {
  if (text.length !== length) return false;
  for (let index = 0; index < length; index += 1) {
    // A byte above 127 never equals a whole code unit of UTF-8 text, so such keys are decoded afresh.
    const byte = buffer[start + index] as number;
    if (byte > 127 || byte !== text.charCodeAt(index)) return false;
  }
  return true;
}

/** Compares `length` bytes from `start` on with others: below, at or above 0. */
export function compareBytes(
  bytes: Buffer,
  start: number,
  length: number,
  wanted: Uint8Array,
): number {
  const common = Math.min(length, wanted.length);
  for (let index = 0; index < common; index += 1) {
    const difference = (bytes[start + index] as number) - (wanted[index] as number);
    if (difference !== 0) return difference;
  }
  return length - wanted.length;
}

/** Whether a test holds for some field of the document's top level; `keyAt` is where its name begins. */
export function someField(
  bytes: Uint8Array,
  test: (type: number, keyAt: number) => boolean,
): boolean {
  let at = 4;
  for (let type = bytes[at] as number; type !== 0; type = bytes[at] as number) {
    if (test(type, at + 1)) return true;
    at = skipValue(bytes, type, endOfCstring(bytes, at + 1) + 1);
  }
  return false;
}

const fixedSizes: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [7, 12],
  [8, 1],
  [9, 8],
  [16, 4],
  [17, 8],
  [18, 8],
  [19, 16],
]);

/** Sizes that are not fixed: the length in front counts itself, or does not, or there is more to look at. */
const counted = -1;
const followed = -2;
const rare = -3;

/** Per type the bytes of its values; undefined, null, MinKey (255) and MaxKey (127) have none. */
const sizes = Int8Array.from({ length: 256 }, (_, type) => {
  if (type === 3 || type === 4 || type === 15) return counted;
  if (type === 2 || type === 13 || type === 14) return followed;
  if (type === 5 || type === 11 || type === 12) return rare;
  return fixedSizes.get(type) ?? 0;
});

/** Where the value of this type that begins at `at` ends. */
export function skipValue(buffer: Uint8Array, type: number, at: number): number {
  const size = sizes[type] as number;
  if (size >= 0) return at + size;
  if (size === counted) return at + readInt32(buffer, at);
  if (size === followed) return at + 4 + readInt32(buffer, at);
  return skipRare(buffer, type, at);
}

function skipRare(buffer: Uint8Array, type: number, at: number): number {
  switch (type) {
    case 5:
      return at + 5 + readInt32(buffer, at);
    case 12:
      return at + 16 + readInt32(buffer, at);
    default:
      // Two texts: a regex.
      return endOfCstring(buffer, endOfCstring(buffer, at) + 1) + 1;
  }
}
