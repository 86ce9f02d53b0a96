/** A filter's test that leaves big documents to a thread. */
import { Doc } from "../bson/doc.ts";
import type { QueryEnvironment } from "../query/environment.ts";
import type { Match } from "../query/match.ts";
import type { Sort, SortKey } from "../query/sort.ts";
import { writeEnvironment } from "./heavy-task.ts";
import type { HeavyWork } from "./heavy-work.ts";
import { type Answers, createAnswers, heavyBytesMin, Postponed } from "./postponed.ts";

/** Who does the work, and until when. */
export interface HeavyHelp {
  readonly work: Pick<HeavyWork, "run">;
  readonly signal: AbortSignal | undefined;
}

/** The same test, which throws `Postponed` for a big document that it has no answer about yet. */
export function postponeHeavy(
  match: Match,
  filter: Doc,
  environment: QueryEnvironment,
  { work, signal }: HeavyHelp,
): Match {
  let answers: Answers<boolean> | undefined;
  async function ask(document: Buffer): Promise<boolean> {
    const spec = Doc.fromEntries([["filter", filter], ...writeEnvironment(environment)]);
    const task = { kind: "match", spec: spec.toBytes(), document } as const;
    const { matches } = await work.run(task, signal);
    return matches === true;
  }
  return {
    matches(doc) {
      if ((doc.viewLength ?? 0) < heavyBytesMin.match) return match.matches(doc);
      answers ??= createAnswers(ask);
      return answers.of(doc.toBytes());
    },
    position: (doc) => match.position(doc),
  };
}

/** The key of a sort, which a thread works out for a big document. */
export function heavySortKey(
  sort: Sort,
  spec: Doc,
  environment: QueryEnvironment,
  { work, signal }: HeavyHelp,
): (doc: Doc) => SortKey | Promise<SortKey> {
  async function ask(doc: Doc): Promise<SortKey> {
    const entries = [["sort", spec], ...writeEnvironment(environment)] as const;
    const task = {
      kind: "sortKey",
      spec: Doc.fromEntries(entries).toBytes(),
      document: doc.toBytes(),
    } as const;
    const { document } = await work.run(task, signal);
    return document === undefined ? null : (Doc.fromBytes(document).get("key") ?? null);
  }
  return (doc) => ((doc.viewLength ?? 0) < heavyBytesMin.match ? sort.keyOf(doc) : ask(doc));
}

/** A document that a filter could not be tested on at once. */
export interface Late {
  readonly record: number;
  readonly doc: Doc;
  readonly cause: Postponed;
}

/** Tests a document in a scan. @param keep makes of it what outlives the scan */
export function testOrKeep(
  match: Match | undefined,
  record: number,
  bytes: Uint8Array,
  keep: (bytes: Uint8Array) => Doc,
): boolean | Late {
  if (match === undefined) return true;
  try {
    return match.matches(Doc.fromBytes(bytes));
  } catch (cause) {
    if (!(cause instanceof Postponed)) throw cause;
    return { record, doc: keep(bytes), cause };
  }
}
