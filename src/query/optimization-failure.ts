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

/** The failure of a constant expression in a filter, with the words that the server puts before it there. */
export class FilterOptimizationFailure extends MongoError {
  constructor(cause: MongoError) {
    super(cause.code, `Failed to optimize expression :: caused by :: ${cause.message}`, { cause });
  }
}

/** Compiles the clauses of a filter: the server says of each level that it failed there. */
export function optimizedAround<T>(compile: () => T): T {
  try {
    return compile();
  } catch (cause) {
    throw cause instanceof FilterOptimizationFailure ? new FilterOptimizationFailure(cause) : cause;
  }
}

/** Tells the failure of a constant, when all stages have been read. */
export function reportFailure(failure: MongoError, { failures }: QueryEnvironment): void {
  const told = isUnavailableMetadata(failure) ? failure : new OptimizationFailure(failure);
  if (failures === undefined) throw told;
  failures.push(told);
}

/** Which metadata there is, the server finds out last. */
export function isUnavailableMetadata({ code }: MongoError): boolean {
  return code === 40_218;
}

/** Compiles a stage; that it asks for metadata which nothing brings is told when all stages have been read. */
export function withLateMetadata<T>(
  compile: () => T,
  otherwise: T,
  environment: QueryEnvironment,
): T {
  try {
    return compile();
  } catch (cause) {
    if (!(cause instanceof MongoError) || !isUnavailableMetadata(cause)) throw cause;
    reportFailure(cause, environment);
    return otherwise;
  }
}

/** @throws {MongoError} the first failure of those that were told */
export function throwFirst(failures: readonly MongoError[]): void {
  const first = failures.find((each) => !isUnavailableMetadata(each)) ?? failures[0];
  if (first !== undefined) throw first;
}

/** Compiles a pipeline that is optimized as part of another: the server says so twice. */
export function optimizedWithin<T>(compile: () => T): T {
  try {
    return compile();
  } catch (cause) {
    throw cause instanceof OptimizationFailure ? new OptimizationFailure(cause) : cause;
  }
}
