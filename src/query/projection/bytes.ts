/** Top-level fields in or out, without decoding anything. */
import { endOfCstring, readKey, skipValue } from "../../bson/decode.ts";
import { Doc } from "../../bson/doc.ts";

/**
 * Copies fields from a document's bytes.
 *
 * @param isInclusion whether `names` are those to copy, or those to leave
 */
export function copyFields(source: Buffer, names: ReadonlySet<string>, isInclusion: boolean): Doc {
  const target = Buffer.allocUnsafe(source.length);
  let end = 4;
  let at = 4;
  let found = 0;
  for (let type = source[at] as number; type !== 0; type = source[at] as number) {
    const keyEnd = endOfCstring(source, at + 1);
    const next = skipValue(source, type, keyEnd + 1);
    const isNamed = names.has(readKey(source, at + 1, keyEnd));
    if (isNamed === isInclusion) end += source.copy(target, end, at, next);
    at = next;
    if (!isNamed) continue;
    found += 1;
    if (found < names.size) continue;
    // All names were met: the rest is decided.
    if (!isInclusion) end += source.copy(target, end, at, source.length - 1);
    break;
  }
  target[end] = 0;
  target.writeInt32LE(end + 1, 0);
  return Doc.fromBytes(target);
}
