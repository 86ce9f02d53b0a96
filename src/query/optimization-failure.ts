import { MongoError } from "../kit/mongo-error.ts";

/**
 * The failure of a constant expression, with the words that the server puts before it in a pipeline.
 *
 * The server evaluates constants after it has read all stages: what is wrong with a later stage is told first.
 */
export class OptimizationFailure extends MongoError {
  constructor(cause: MongoError) {
    super(cause.code, `Failed to optimize pipeline :: caused by :: ${cause.message}`, { cause });
  }
}
