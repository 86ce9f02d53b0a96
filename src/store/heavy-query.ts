/** A filter's test that leaves big documents to a thread, and what code decides to who runs it. */
import { readInt32 } from "../bson/decode.ts";
import { Doc } from "../bson/doc.ts";
import { CodeElsewhere } from "../query/code.ts";
import type { QueryEnvironment } from "../query/environment.ts";
import type { Match } from "../query/match.ts";
import type { Sort, SortKey } from "../query/sort.ts";
import { fromWire, type WireFailure, writeEnvironment } from "./heavy-task.ts";
import type { HeavyWork } from "./heavy-work.ts";
import { type Answers, createAnswers, heavyBytesMin, Postponed, settling } from "./postponed.ts";

/** Who does the work, and until when. */
export interface HeavyHelp {
  readonly work: Pick<HeavyWork, "run">;
  readonly signal: AbortSignal | undefined;
}

/** The same test, which throws `Postponed` for a document that is not to be tested here and has no answer yet. */
export function postponeHeavy(
  match: Match,
  filter: Doc,
  environment: QueryEnvironment,
  { work, signal }: HeavyHelp,
): Match {
  let answers: Answers<boolean | WireFailure> | undefined;
  async function ask(documents: readonly Buffer[]): Promise<readonly (boolean | WireFailure)[]> {
    const spec = Doc.fromEntries([["filter", filter], ...writeEnvironment(environment)]);
    const task = { kind: "match", spec: spec.toBytes(), documents } as const;
    const { matches = [] } = await work.run(task, signal);
    return matches;
  }
  function askAbout(doc: Doc): boolean {
    answers ??= createAnswers(ask);
    const answer = answers.of(doc.toBytes());
    if (typeof answer !== "boolean") throw fromWire(answer);
    return answer;
  }
  const holdsCode = environment.code?.isUsed === true;
  return {
    matches(doc) {
      if ((doc.viewLength ?? 0) >= heavyBytesMin.match) return askAbout(doc);
      if (!holdsCode) return match.matches(doc);
      try {
        return match.matches(doc);
      } catch (cause) {
        if (!(cause instanceof CodeElsewhere)) throw cause;
        return askAbout(doc);
      }
    },
    position: (doc) => match.position(doc),
    matchesBytes: holdsCode ? undefined : postponedBytes(match, askAbout),
  };
}

function postponedBytes(
  { matchesBytes }: Match,
  askAbout: (doc: Doc) => boolean,
): Match["matchesBytes"] {
  if (matchesBytes === undefined) return undefined;
  return (bytes, start) =>
    readInt32(bytes, start) < heavyBytesMin.match
      ? matchesBytes(bytes, start)
      : askAbout(Doc.fromBytes(bytes, start));
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

/** So many bytes of documents may wait for their test while a scan goes on. */
export const lateBytesMax = 2 ** 18;

/** Tests a document in a scan. @param keep makes of it what outlives the scan */
export function testOrKeep(
  match: Match | undefined,
  record: number,
  bytes: Buffer,
  keep: (bytes: Buffer) => Doc,
): boolean | Late {
  if (match === undefined) return true;
  try {
    const { matchesBytes } = match;
    if (matchesBytes === undefined) return match.matches(Doc.fromBytes(bytes));
    return matchesBytes(bytes, 0);
  } catch (cause) {
    if (!(cause instanceof Postponed)) throw cause;
    return { record, doc: keep(bytes), cause };
  }
}

/** Waits for the test. */
export async function settleLate(match: Match | undefined, late: Late): Promise<boolean> {
  await late.cause.settle();
  return settling(() => match?.matches(late.doc) !== false);
}
