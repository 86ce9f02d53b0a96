/** Filters on single values. */
import { Doc } from "../../bson/doc.ts";
import { DateTime, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { QueryEnvironment } from "../../query/environment.ts";
import { compileMatch } from "../../query/match.ts";
import type { Outcome } from "./filter.ts";

/** Whether a value passes a filter on the field `v`. */
export function decide(value: Value | undefined, filter: Outcome): boolean {
  return compileFilter(filter)(wrap(value));
}

/** The value as the field `v` of a document; none where it is missing. */
export function wrap(value: Value | undefined): Doc {
  return value === undefined ? Doc.empty : Doc.fromParts(["v"], [value]);
}

/** Expressions know nothing of the query that they are evaluated for. */
export const bareEnvironment: QueryEnvironment = {
  now: new DateTime(0),
  random: () => 0,
  variables: new Map(),
};

/** @returns a test that is false where the server would not take the filter */
export function compileFilter(filter: Outcome): (doc: Doc) => boolean {
  if (typeof filter === "boolean") return () => filter;
  try {
    const match = compileMatch(filter, bareEnvironment);
    return (doc) => {
      try {
        return match.matches(doc);
      } catch (cause) {
        if (cause instanceof MongoError) return false;
        throw cause;
      }
    };
  } catch (cause) {
    if (cause instanceof MongoError) return () => false;
    throw cause;
  }
}
