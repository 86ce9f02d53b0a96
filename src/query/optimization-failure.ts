import { MongoError } from "../kit/mongo-error.ts";

/** Found out at the same time, but not by evaluating. */
const metadataNotAvailable = 40_218;

/**
 * The failure of a constant expression, with the words that the server puts before it in a pipeline.
 *
 * The server evaluates constants after it has read all stages: what is wrong with a later stage is told first.
 */
export class OptimizationFailure extends MongoError {
  constructor(cause: MongoError) {
    const isAboutMetadata = cause.code === metadataNotAvailable;
    const words = isAboutMetadata ? "" : "Failed to optimize pipeline :: caused by :: ";
    super(cause.code, words + cause.message, { cause });
  }
}

/** Compiles a pipeline that is optimized as part of another: the server says so twice. */
export function optimizedWithin<T>(compile: () => T): T {
  try {
    return compile();
  } catch (cause) {
    throw cause instanceof OptimizationFailure ? new OptimizationFailure(cause) : cause;
  }
}
