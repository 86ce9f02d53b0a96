/**
 * Whether a change of a document can have changed its keys in an index.
 *
 * Read off the bytes: where each top-level field that the index looks at is the same, byte for byte, so are the keys.
 * That costs a tenth of making them, and most updates change no indexed field; the index of `_id`, never.
 */
import { endOfCstring, readInt32, skipValue } from "../bson/decode.ts";
import type { IndexDefinition } from "./index-definition.ts";

/** The names of the top-level fields, in UTF-8. */
const roots = new WeakMap<IndexDefinition, readonly Uint8Array[]>();

/** @returns false in doubt */
export function isUntouched(
  definition: IndexDefinition,
  before: Uint8Array,
  after: Uint8Array,
): boolean {
  // What these look at is not told by their paths alone.
  if (definition.partial !== undefined || definition.text !== undefined) return false;
  for (const name of rootsOf(definition)) if (!isSame(before, after, name)) return false;
  return true;
}

function rootsOf(definition: IndexDefinition): readonly Uint8Array[] {
  const known = roots.get(definition);
  if (known !== undefined) return known;
  const names = new Set(definition.fields.map(({ parts }) => parts[0] ?? ""));
  const made = [...names].map((name) => Buffer.from(name, "utf8"));
  roots.set(definition, made);
  return made;
}

function isSame(before: Uint8Array, after: Uint8Array, name: Uint8Array): boolean {
  const left = findElement(before, name);
  const right = findElement(after, name);
  if (left === -1 || right === -1) return left === right;
  const length = lengthOf(before, left);
  if (length !== lengthOf(after, right)) return false;
  for (let at = 0; at < length; at += 1) if (before[left + at] !== after[right + at]) return false;
  return true;
}

/** Where the first field of that name begins, with its type; -1 where there is none. */
function findElement(bytes: Uint8Array, name: Uint8Array): number {
  const end = readInt32(bytes, 0) - 1;
  for (let at = 4; at < end; at += lengthOf(bytes, at)) if (isNamed(bytes, at + 1, name)) return at;
  return -1;
}

function isNamed(bytes: Uint8Array, at: number, name: Uint8Array): boolean {
  for (let index = 0; index < name.length; index += 1)
    if (bytes[at + index] !== name[index]) return false;
  return bytes[at + name.length] === 0;
}

/** Of an element: type, name and value. */
function lengthOf(bytes: Uint8Array, at: number): number {
  const value = endOfCstring(bytes, at + 1) + 1;
  return skipValue(bytes, bytes[at] as number, value) - at;
}
