/** What queries of users are compiled with here, in place of the source. */
import type { Doc } from "../bson/doc.ts";
import { toDateTime, type Value } from "../bson/value.ts";
import { readCollation } from "../query/collation.ts";
import type { QueryEnvironment } from "../query/environment.ts";
import type { CallOptions } from "../sources/source.ts";

/** @throws {MongoError} for a collation that is none */
export function createEnvironment(collation?: Doc): QueryEnvironment {
  const read = collation === undefined ? undefined : readCollation(collation);
  return {
    ...(read !== undefined && { collation: read }),
    now: toDateTime(Date.now()),
    random: Math.random,
    variables: new Map<string, Value | undefined>(),
    metadata: new Set(),
  };
}

/**
 * Whether a call is to be compared in its own way. A source would compare a rule's conditions so, too: "Ann" may not see
 * what is "ann"'s. So what such a call asks is asked here, of the documents that the rules alone have found.
 *
 * Atlas: the original left collations to the system.
 */
export function hasCollation({ collation }: Pick<CallOptions, "collation"> = {}): boolean {
  return collation !== undefined && collation.size > 0;
}

export function withoutCollation<T extends CallOptions>(options: T): Omit<T, "collation"> {
  const { collation: _, ...rest } = options;
  return rest;
}
