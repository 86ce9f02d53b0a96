/** A guard's part in a call: within the job that writes, nobody can wait. */
import { createHash } from "node:crypto";
import { Doc } from "../../bson/doc.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { QueryEnvironment } from "../../query/environment.ts";
import { compileMatch, type Match } from "../../query/match.ts";
import { Postponed } from "../../store/postponed.ts";
import type { CompiledQuery } from "../../store/query.ts";
import type { Guard } from "../guard.ts";

/** What a guard says at once; @throws {Postponed} where it can not */
export interface JobGuard {
  readonly filter: Doc;
  readonly selects: ((before: Doc) => boolean) | undefined;
  readonly check: (before: Doc | undefined, after: Doc | undefined) => void;
  readonly failed: (before: Doc) => void;
}

/** Remembers, for one call, what the guard took its time for. */
export function createJobGuard({ filter, selects, check, failed }: Guard): JobGuard {
  const decide = createDecisions();
  const decideFailed = createDecisions();
  return {
    filter,
    selects:
      selects &&
      ((before): boolean => {
        // What a scan shows lies in a buffer that the next read writes over.
        const kept = Doc.fromBytes(Buffer.from(bytesOf(before)));
        return decide([kept], () => selects(kept));
      }),
    check: (before, after) => {
      decide([before, after], () => check(before, after));
    },
    failed: (before) => {
      decideFailed([before], () => failed?.(before));
    },
  };
}

type Answer = { readonly value: unknown } | { readonly error: unknown };

function createDecisions(): <T>(
  about: readonly (Doc | undefined)[],
  ask: () => T | Promise<T>,
) => T {
  const known = new Map<string, Answer>();
  return <T>(about: readonly (Doc | undefined)[], ask: () => T | Promise<T>): T => {
    const found = known.size === 0 ? undefined : known.get(keyOf(about));
    if (found !== undefined) {
      if ("error" in found) throw found.error;
      return found.value as T;
    }
    const answer = ask();
    if (!(answer instanceof Promise)) return answer;
    const key = keyOf(about);
    // At once, since an answer may come before anybody waits for it.
    const noted = answer.then(
      (value) => known.set(key, { value }),
      (error: unknown) => known.set(key, { error }),
    );
    throw new Postponed(async () => {
      await noted;
    });
  };
}

/** A buffer of LMDB's is longer than it says. */
function bytesOf(doc: Doc): Buffer {
  const bytes = doc.toBytes();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.readInt32LE(0));
}

function keyOf(about: readonly (Doc | undefined)[]): string {
  const hash = createHash("sha256");
  for (const each of about) {
    hash.update(each === undefined ? "-" : "+");
    if (each !== undefined) hash.update(bytesOf(each));
  }
  return hash.digest("base64");
}

/** A query for the documents that the guard means; who looks one up by its `_id` asks the guard. */
export function guardQuery(query: CompiledQuery, guard: JobGuard | undefined): CompiledQuery {
  const { match } = query;
  const selects = guard?.selects;
  if (selects === undefined) return query;
  return {
    ...query,
    match: {
      matches: (doc) => match?.matches(doc) !== false && selects(doc),
      position: (doc) => match?.position(doc),
    },
  };
}

/** The query that tells `$` which element it stands for: the call's own, whatever was looked for. */
export function positionQuery(
  query: CompiledQuery,
  filter: Doc,
  environment: QueryEnvironment,
  guard: JobGuard | undefined,
): CompiledQuery {
  if (guard === undefined) return query;
  let match: Match | undefined;
  const compiled = (): Match => (match ??= compileMatch(filter, environment));
  return {
    ...query,
    match: {
      matches: (doc) => compiled().matches(doc),
      position: (doc) => compiled().position(doc),
    },
  };
}

/** A change that is shown to the guard before it is made. */
export function guardChange<T extends Doc | undefined>(
  change: (before: Doc) => T,
  guard: JobGuard | undefined,
): (before: Doc) => T {
  if (guard === undefined) return change;
  return (before) => {
    const after = changeOrDeny(change, before, guard);
    guard.check(before, after);
    return after;
  };
}

function changeOrDeny<T>(change: (before: Doc) => T, before: Doc, guard: JobGuard): T {
  try {
    return change(before);
  } catch (cause) {
    if (cause instanceof MongoError) guard.failed(before);
    throw cause;
  }
}

/** What an upsert inserts, shown to the guard; the same at every try. */
export function guardCompose(compose: () => Doc, guard: JobGuard | undefined): () => Doc {
  if (guard === undefined) return compose;
  let composed: Doc | undefined;
  return () => {
    composed ??= compose();
    guard.check(undefined, composed);
    return composed;
  };
}
