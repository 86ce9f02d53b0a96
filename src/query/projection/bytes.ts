/** Top-level fields in or out, without decoding anything. */
import { endOfCstring, readInt32, readKey, skipValue } from "../../bson/decode.ts";
import type { Doc } from "../../bson/doc.ts";
import { copyBytes, slab } from "../../bson/slab.ts";

/**
 * Copies fields from the bytes of the document that begins at `start`.
 *
 * @param isInclusion whether `names` are those to copy, or those to leave
 */
export function copyFields(
  source: Buffer,
  start: number,
  names: ReadonlySet<string>,
  isInclusion: boolean,
): Doc {
  const length = readInt32(source, start);
  slab.reserve(length);
  const { bytes: target, start: targetStart } = slab;
  let end = targetStart + 4;
  let at = start + 4;
  let left = names.size;
  for (let type = source[at] as number; type !== 0 && left > 0; type = source[at] as number) {
    const keyEnd = endOfCstring(source, at + 1);
    const next = skipValue(source, type, keyEnd + 1);
    const isNamed = names.has(readKey(source, at + 1, keyEnd));
    if (isNamed) left -= 1;
    if (isNamed === isInclusion) {
      copyBytes(source, at, next, target, end);
      end += next - at;
    }
    at = next;
  }
  if (!isInclusion) {
    // All names were met, or the end.
    const last = start + length - 1;
    copyBytes(source, at, last, target, end);
    end += last - at;
  }
  target[end] = 0;
  target.writeInt32LE(end + 1 - targetStart, targetStart);
  return slab.take(end + 1 - targetStart);
}
