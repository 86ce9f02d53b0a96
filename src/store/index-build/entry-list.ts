/**
 * Entries one behind the other, each behind its length in two bytes: in memory as in a file.
 *
 * An entry is a key with its record id behind it, so that the bytes alone say where it comes.
 */

export interface EntryList {
  readonly bytes: Buffer;
  /** How many of the bytes are in use. */
  length: number;
}

/** Ways to walk along entries: the one it stands at, and the next. */
export interface EntryCursor {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** As `prefixOf` gives it for the entry. */
  readonly prefix: number;
  /** @returns false where there is no further one, or it has to be loaded first */
  next(): boolean;
  /** Loads what comes next. @returns false at the end */
  load(): Promise<boolean>;
}

export const lengthBytes = 2;

export function createEntryList(capacity: number): EntryList {
  return { bytes: Buffer.allocUnsafeSlow(capacity), length: 0 };
}

/** Appends a copy. @returns false when there is no room for it */
export function pushEntry(list: EntryList, source: Buffer, start: number, end: number): boolean {
  const { bytes, length } = list;
  const size = end - start;
  const at = length + lengthBytes;
  if (at + size > bytes.length) return false;
  bytes[length] = size >>> 8;
  bytes[length + 1] = size;
  copyEntry(source, start, end, bytes, at);
  list.length = at + size;
  return true;
}

/** Up to this length a loop beats the native call. */
const loopMax = 64;

export function copyEntry(
  source: Buffer,
  start: number,
  end: number,
  target: Buffer,
  to: number,
): void {
  if (end - start > loopMax) source.copy(target, to, start, end);
  else
    for (let at = start, out = to; at < end; at += 1, out += 1) target[out] = source[at] as number;
}

/** The length of the entry that begins behind these two bytes. */
export function lengthAt(bytes: Buffer, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

/** All entries of one index begin with its id: it tells nothing. */
const sameBytes = 4;
const prefixBytes = 6;
const restAt = sameBytes + prefixBytes;

/** The first bytes that tell entries apart, as a number: mostly no more is to be compared. */
export function prefixOf(bytes: Buffer, start: number, end: number): number {
  let high = 0;
  let low = 0;
  const from = start + sameBytes;
  for (let at = from; at < from + 3; at += 1)
    high = (high << 8) | (at < end ? (bytes[at] as number) : 0);
  for (let at = from + 3; at < from + prefixBytes; at += 1)
    low = (low << 8) | (at < end ? (bytes[at] as number) : 0);
  return high * 2 ** 24 + low;
}

/** Of two entries with the same prefix, which comes first: below 0 for the left one. */
export function compareRest(
  left: Buffer,
  leftStart: number,
  leftEnd: number,
  right: Buffer,
  rightStart: number,
  rightEnd: number,
): number {
  let a = leftStart + restAt;
  let b = rightStart + restAt;
  while (a < leftEnd && b < rightEnd) {
    const difference = (left[a] as number) - (right[b] as number);
    if (difference !== 0) return difference;
    a += 1;
    b += 1;
  }
  return leftEnd - leftStart - (rightEnd - rightStart);
}
