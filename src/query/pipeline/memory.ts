/** The memory that one blocking stage may hold. */
import type { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";

// Atlas: the server spills to disk above 100 MB a stage (its default since 6.0); here a stage may hold this much
// and fails above it with the server's error for a stage that may not spill.
const stageBytesMax = 256 * 2 ** 20;

/** What a value that is not a view of bytes is taken to weigh. */
const valueBytes = 40;
/** How deep the estimate looks. */
const estimateDepthMax = 3;

/** A rough figure, in bytes, of what keeping the value costs. */
export function estimateBytes(value: Value | undefined, depth = 0): number {
  if (typeof value === "string") return value.length + valueBytes;
  if (typeof value !== "object" || value === null) return valueBytes;
  if (isArray(value)) return estimateArray(value, depth);
  if (value.bsonType === 3) return estimateDoc(value, depth);
  if (value.bsonType === 5) return value.bytes.length + valueBytes;
  return valueBytes;
}

function estimateDoc(doc: Doc, depth: number): number {
  const source = doc.source;
  if (source !== undefined) return source.length + 2 * valueBytes;
  return 2 * valueBytes + estimateArray(doc.values(), depth);
}

function estimateArray(values: readonly Value[], depth: number): number {
  if (depth >= estimateDepthMax) return values.length * valueBytes;
  let bytes = valueBytes;
  for (const each of values) bytes += estimateBytes(each, depth + 1);
  return bytes;
}

export interface MemoryBound {
  /** @throws {MongoError} 292 when the stage holds too much */
  add(bytes: number): void;
}

export function createMemoryBound(stageName: string): MemoryBound {
  let held = 0;
  return {
    add(bytes: number): void {
      held += bytes;
      if (held > stageBytesMax)
        throw new MongoError(
          292,
          `Exceeded memory limit for ${stageName}, but didn't allow external sort. Pass allowDiskUse:true to opt in.`,
        );
    },
  };
}
