/** Where fields are in a document's bytes. */
import { skipValue } from "./decode.ts";

/**
 * Finds a field by its (ASCII) name.
 *
 * @returns where its value begins, or -1; `typeAt` says of which type it is
 */
export function findField(bytes: Uint8Array, start: number, key: string): number {
  const length = key.length;
  let at = start + 4;
  for (let type = bytes[at] as number; type !== 0; type = bytes[at] as number) {
    let end = at + 1;
    let same = 0;
    while (same < length && bytes[end] === key.charCodeAt(same) && bytes[end] !== 0) {
      end += 1;
      same += 1;
    }
    if (same === length && bytes[end] === 0) return end + 1;
    while (bytes[end] !== 0) end += 1;
    at = skipValue(bytes, type, end + 1);
  }
  return -1;
}

/** The type of the value that `findField` found by this name. */
export function typeAt(bytes: Uint8Array, valueAt: number, key: string): number {
  return bytes[valueAt - key.length - 2] as number;
}

/**
 * Finds several fields by their (ASCII) names in one pass.
 *
 * @returns per name the position of the value × 256 + type
 */
export function findPlaces(
  bytes: Buffer,
  start: number,
  names: readonly string[],
): readonly (number | undefined)[] {
  const found: (number | undefined)[] = names.map(() => undefined);
  let left = names.length;
  let at = start + 4;
  for (let type = bytes[at] as number; type !== 0 && left > 0; type = bytes[at] as number) {
    const keyAt = at + 1;
    let end = keyAt;
    while (bytes[end] !== 0) end += 1;
    const index = findName(names, found, bytes, keyAt, end);
    if (index >= 0) {
      found[index] = (end + 1) * 256 + type;
      left -= 1;
    }
    at = skipValue(bytes, type, end + 1);
  }
  return found;
}

/** Of keys that come twice the first counts: what was found is not looked for again. */
function findName(
  names: readonly string[],
  found: readonly (number | undefined)[],
  bytes: Buffer,
  keyAt: number,
  end: number,
): number {
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] as string;
    if (name.length !== end - keyAt || found[index] !== undefined) continue;
    if (isKeyAt(bytes, keyAt, name)) return index;
  }
  return -1;
}

function isKeyAt(bytes: Buffer, at: number, name: string): boolean {
  for (let index = 0; index < name.length; index += 1)
    if (bytes[at + index] !== name.charCodeAt(index)) return false;
  return true;
}

/** Of keys that come twice (MongoDB stores such documents) the first counts, as everywhere. */
export function indexFirst(keys: readonly string[]): Map<string, number> {
  const index = new Map<string, number>();
  for (let at = keys.length - 1; at >= 0; at -= 1) index.set(keys[at] as string, at);
  return index;
}

export function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1)
    if (text.charCodeAt(index) > 127) return false;
  return true;
}
