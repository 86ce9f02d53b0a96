import { MongoError } from "../kit/mongo-error.ts";
import type { QueryEnvironment } from "./environment.ts";

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

/** Tells the failure of a constant, when all stages have been read. */
export function reportFailure(failure: MongoError, { failures }: QueryEnvironment): void {
  const optimization = new OptimizationFailure(failure);
  if (failures === undefined) throw optimization;
  failures.push(optimization);
}

/** Compiles a pipeline that is optimized as part of another: the server says so twice. */
export function optimizedWithin<T>(compile: () => T): T {
  try {
    return compile();
  } catch (cause) {
    throw cause instanceof OptimizationFailure ? new OptimizationFailure(cause) : cause;
  }
}
