/** What `traverse.ts` does, over a document's bytes: to where a path's values lie. */
import { endOfCstring, skipValue } from "../../bson/decode.ts";
import { findField, isAscii, typeAt } from "../../bson/places.ts";
import { type PathPart, splitPath } from "../path.ts";
import type { PlaceTest } from "./place.ts";
import type { BytesTest } from "./test.ts";
import type { Leaf } from "./traverse.ts";

/** @returns undefined for a path that can not be found in bytes */
export function compileBytesPath(path: string, test: PlaceTest, leaf: Leaf): BytesTest | undefined {
  if (!isAscii(path)) return undefined;
  const parts = splitPath(path);
  const whole = leaf === "each" ? eachElement(test) : test;
  const [first] = parts;
  if (first === undefined || parts.length > 1) {
    const target: Target = { parts, test, whole };
    return (bytes, start) => walk(bytes, start, target, 0);
  }
  const { key } = first;
  return (bytes, start) => {
    const at = findField(bytes, start, key);
    return at < 0 ? test(bytes, 0, 0) : whole(bytes, typeAt(bytes, at, key), at);
  };
}

interface Target {
  readonly parts: readonly PathPart[];
  readonly test: PlaceTest;
  /** At the path's end: tests an array's elements too, where the leaf is `each`. */
  readonly whole: PlaceTest;
}

/** Tests the elements of an array, then the array itself. */
function eachElement(test: PlaceTest): PlaceTest {
  return (bytes, type, at) => (type === 4 && someElement(bytes, at, test)) || test(bytes, type, at);
}

/** Whether one element of an array passes. */
export function someElement(bytes: Buffer, start: number, test: PlaceTest): boolean {
  let at = start + 4;
  for (let type = bytes[at] as number; type !== 0; type = bytes[at] as number) {
    const valueAt = endOfCstring(bytes, at + 1) + 1;
    if (test(bytes, type, valueAt)) return true;
    at = skipValue(bytes, type, valueAt);
  }
  return false;
}

function walk(bytes: Buffer, start: number, target: Target, from: number): boolean {
  const { parts, test, whole } = target;
  const last = parts.length - 1;
  let current = start;
  for (let index = from; ; index += 1) {
    const { key } = parts[index] as PathPart;
    const at = findField(bytes, current, key);
    if (at < 0) return test(bytes, 0, 0);
    const type = typeAt(bytes, at, key);
    if (index === last) return whole(bytes, type, at);
    if (type === 4) return walkArray(bytes, at, target, index + 1);
    if (type !== 3) return test(bytes, 0, 0);
    current = at;
  }
}

/** Goes on through an array that is not the path's end; `next` is the next part. */
function walkArray(bytes: Buffer, start: number, target: Target, next: number): boolean {
  const { parts, whole } = target;
  const { key, index: wanted } = parts[next] as PathPart;
  // As the server takes it, a path's end after its last dot is still the array.
  if (key === "" && next === parts.length - 1) return whole(bytes, 4, start);
  let position = -1;
  return someElement(bytes, start, (_, type, at) => {
    position += 1;
    if (type === 3 && walk(bytes, at, target, next)) return true;
    return position === wanted && walkPosition(bytes, type, at, target, next);
  });
}

/** Goes on from the element that part `part` names by its position. */
function walkPosition(
  bytes: Buffer,
  type: number,
  at: number,
  target: Target,
  part: number,
): boolean {
  if (part === target.parts.length - 1) return target.test(bytes, type, at);
  if (type === 3) return walk(bytes, at, target, part + 1);
  return type === 4 && walkArray(bytes, at, target, part + 1);
}
