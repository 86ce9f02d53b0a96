/**
 * The wrappers of Extended JSON: `{"$oid": …}` and its kin, versions 1 and 2.
 *
 * To add one, add a line to `wrappers`: a function that reads what follows the colon and writes the value.
 */
import { readBinary, readUuid } from "./binary.ts";
import {
  closeBrace,
  colon,
  comma,
  type Cursor,
  expect,
  fail,
  failUnexpected,
  openBrace,
  peek,
} from "./cursor.ts";
import { hashOf } from "./keys.ts";
import type { Reading } from "./pair.ts";
import { readDate } from "./wrapped-date.ts";
import {
  readNumberDecimal,
  readNumberDouble,
  readNumberInt,
  readNumberLong,
} from "./wrapped-number.ts";
import {
  readCode,
  readDbPointer,
  readOid,
  readRegularExpression,
  readSymbol,
  readTimestamp,
  readWrappedUint32,
} from "./wrapped-value.ts";

/**
 * Reads a wrapper's value and writes it without type and key; the closing brace is the caller's.
 *
 * @returns the BSON type that it wrote
 */
type Wrapper = (cursor: Cursor, reading: Reading) => number;

const wrappers: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  ["$oid", readOid],
  ["$numberInt", readNumberInt],
  ["$numberLong", readNumberLong],
  ["$numberDouble", readNumberDouble],
  ["$numberDecimal", readNumberDecimal],
  ["$date", readDate],
  ["$binary", readBinary],
  ["$uuid", readUuid],
  ["$regularExpression", readRegularExpression],
  ["$timestamp", readTimestamp],
  ["$minKey", (cursor, reading): number => readOne(cursor, reading, "$minKey", 255)],
  ["$maxKey", (cursor, reading): number => readOne(cursor, reading, "$maxKey", 127)],
  ["$undefined", (cursor): number => readConstant(cursor, "$undefined", "true", 6)],
  ["$symbol", readSymbol],
  ["$code", readCode],
  ["$dbPointer", readDbPointer],
]);

/** A key beginning with `$` that means something to the reader. */
interface KnownKey {
  readonly name: string;
  readonly wrapper?: Wrapper;
  readonly isLegacyRegex?: boolean;
  readonly isElemMatch?: boolean;
}

const knownKeys: readonly KnownKey[] = [
  ...Array.from(wrappers, ([name, wrapper]) => ({ name, wrapper })),
  { name: "$regex", isLegacyRegex: true },
  { name: "$options", isLegacyRegex: true },
  { name: "$elemMatch", isElemMatch: true },
];

const keysByHash: ReadonlyMap<number, KnownKey> = new Map(
  knownKeys.map((key) => [hashOf(key.name), key]),
);

/** What the key just read means here, if anything; it begins at `start` in the output. */
export function findKnownKey(cursor: Cursor, start: number): KnownKey | undefined {
  const known = keysByHash.get(cursor.keyHash);
  if (known === undefined) return undefined;
  const { buffer } = cursor.out;
  const { name } = known;
  for (let index = 0; index < name.length; index += 1)
    if (buffer[start + index] !== name.charCodeAt(index)) return undefined;
  return buffer[start + name.length] === 0 ? known : undefined;
}

/** Reads the wrapper whose key has been read, from the colon to the closing brace. */
export function copyWrapper(
  cursor: Cursor,
  key: string,
  wrapper: Wrapper,
  reading: Reading,
): number {
  expect(cursor, colon);
  peek(cursor);
  const type = wrapper(cursor, reading);
  if (peek(cursor) === comma)
    fail(cursor, `an object with the key "${key}" can not have other fields`, reading.startAt);
  if (peek(cursor) !== closeBrace) failUnexpected(cursor, "'}'");
  cursor.at += 1;
  return type;
}

/** The number 1, plain or wrapped. */
function readOne(cursor: Cursor, reading: Reading, key: string, type: number): number {
  if (peek(cursor) !== openBrace) return readConstant(cursor, key, "1", type);
  if (readWrappedUint32(cursor, reading) !== 1) fail(cursor, `"${key}" must be 1`, reading.startAt);
  return type;
}

function readConstant(cursor: Cursor, key: string, wanted: string, type: number): number {
  const { text, at } = cursor;
  if (text.toString("latin1", at, at + wanted.length) !== wanted)
    fail(cursor, `"${key}" must be ${wanted}`);
  cursor.at = at + wanted.length;
  return type;
}
