/** How a call on many documents tells which of them failed, and how far it came. */
import { MongoError } from "../kit/mongo-error.ts";
import type { WriteFailure } from "./source.ts";

/** Thrown by `insertMany` and `bulkWrite`: code and message are those of the first failure. */
export class BulkWriteError<R = unknown> extends MongoError {
  readonly failures: readonly WriteFailure[];
  /** What was done all the same. */
  readonly result: R;

  constructor(failures: readonly WriteFailure[], result: R) {
    const [first] = failures;
    super(first?.code ?? 1, first?.message ?? "bulk write failed");
    this.failures = failures;
    this.result = result;
  }
}
