/**
 * How big values are, roughly in bytes, without encoding them.
 *
 * Values share parts, so a few steps such as `[x, x]` make one that is small here and endless when it is compared or
 * written. What makes values of values weighs them, and refuses in time.
 */
import type { Doc } from "../bson/doc.ts";
import { isArray, type Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";

/** As much as the server lets one expression hold. */
const weightMax = 104_857_600;

/** Lighter ones are weighed again, which costs less than remembering. */
const rememberedFrom = 256;

const elementWeight = 8;
const scalarWeight = 8;

const known = new WeakMap<object, number>();

/** The weight of a value: what each place weighs, however often the same part stands in it. */
export function weightOf(value: Value): number {
  if (typeof value === "string") return scalarWeight + value.length;
  if (typeof value !== "object" || value === null) return scalarWeight;
  if (isArray(value)) return known.get(value) ?? weighArray(value);
  if (value.bsonType === 3) return value.viewLength ?? known.get(value) ?? weighDoc(value);
  return value.bsonType === 5 ? scalarWeight + value.bytes.length : scalarWeight;
}

function weighArray(array: readonly Value[]): number {
  let weight = elementWeight;
  for (const each of array) weight += elementWeight + weightOf(each);
  if (weight >= rememberedFrom) known.set(array, weight);
  return weight;
}

function weighDoc(doc: Doc): number {
  const keys = doc.keys();
  let weight = elementWeight;
  for (let index = 0; index < keys.length; index += 1)
    weight += (keys[index] as string).length + weightOf(doc.valueAt(index));
  if (weight >= rememberedFrom) known.set(doc, weight);
  return weight;
}

/**
 * The value itself, when it is not too big.
 *
 * @throws {MongoError} 10334 `BSONObjectTooLarge`
 */
export function mustFit<T extends Value>(value: T): T {
  if (weightOf(value) > weightMax)
    throw new MongoError(10_334, `value is too large: more than ${weightMax} bytes`);
  return value;
}
