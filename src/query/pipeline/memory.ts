/** The memory that one blocking stage may hold. */
import { MongoError } from "../../kit/mongo-error.ts";

// Atlas: the server spills to disk above 100 MB a stage (its default since 6.0); here a stage may hold this much
// and fails above it with the server's error for a stage that may not spill.
const stageBytesMax = 256 * 2 ** 20;

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
