/** How much of a specification is compiled: compiling does not share the event loop. */
import { endOfCstring, skipValue } from "../bson/decode.ts";
import { Doc } from "../bson/doc.ts";
import { isArray, typeCode, type Value } from "../bson/value.ts";
import { badValue } from "../kit/mongo-error.ts";

// Atlas: the server takes as many names as fit 16 MB. So many take about 50 ms to compile.
const partsMax = 20_000;
/** Below this size, in bytes, there can not be so many names. */
const bytesMin = 7 * partsMax;

/**
 * Refuses a specification with more names than can be compiled at once; what stands in lists without names counts nothing.
 *
 * @param levels of names that are compiled; what lies below is data
 * @throws {MongoError} 2
 */
export function mustHaveFewParts(spec: Value, what: string, levels = 200): void {
  if (countParts(spec, levels) > partsMax)
    throw badValue(`too many fields and operators in the ${what}: at most ${partsMax}`);
}

/** Whether a document has more fields than may be named in a specification. */
export function hasManyFields(doc: Doc): boolean {
  return countParts(doc, 1) > partsMax;
}

function countParts(value: Value, levels: number): number {
  if (typeof value !== "object" || value === null || levels === 0) return 0;
  if (isArray(value)) return sum(value, levels);
  if (!(value instanceof Doc)) return 0;
  const { viewLength } = value;
  if (viewLength !== undefined) {
    if (viewLength < bytesMin) return 0;
    return countBytes(value.toBytes(), 0, levels, { isArray: false });
  }
  return value.size + sum(value.values(), levels - 1);
}

function sum(values: readonly Value[], levels: number): number {
  let count = 0;
  for (const each of values) {
    count += countParts(each, levels);
    if (count > partsMax) break;
  }
  return count;
}

/** A text that begins with `$`. */
function isReference(bytes: Buffer, type: number, valueAt: number): boolean {
  return type === typeCode.string && bytes[valueAt + 4] === 0x24;
}

/** Without decoding anything, and no further than it takes to know that there are too many. */
function countBytes(
  bytes: Buffer,
  start: number,
  levels: number,
  { isArray: isList }: { readonly isArray: boolean },
): number {
  let count = 0;
  let at = start + 4;
  for (let type = bytes[at] as number; type !== 0; type = bytes[at] as number) {
    const valueAt = endOfCstring(bytes, at + 1) + 1;
    if (!isList || isReference(bytes, type, valueAt)) count += 1;
    if (type === typeCode.object && levels > 1)
      count += countBytes(bytes, valueAt, levels - 1, { isArray: false });
    else if (type === typeCode.array && levels > 1)
      count += countBytes(bytes, valueAt, isList ? levels - 1 : levels, { isArray: true });
    if (count > partsMax) return count;
    at = skipValue(bytes, type, valueAt);
  }
  return count;
}
