/** What there is to tell why two outcomes differ: the case, what both sides said, and what they say if asked otherwise. */
import { Doc } from "../../src/bson/doc.ts";
import { isArray, type Value } from "../../src/bson/value.ts";
import type { Batch, Call, Case, Outcome } from "./case.ts";
import type { Difference } from "./compare.ts";
import { createCoverage } from "./coverage.ts";
import { withShakenMath } from "./shaken-math.ts";
import type { Side } from "./side.ts";

export interface Evidence {
  readonly difference: Difference;
  readonly run: Case;
  readonly call: Call;
  readonly ours: Outcome;
  readonly theirs: Outcome;
  /** The operators and stages of the call. */
  readonly names: ReadonlySet<string>;
  /** What the server says where it runs one stage after the other, as they are written; undefined for other calls. */
  readonly unoptimized: () => Promise<Outcome | undefined>;
  /** What the server says if it is asked some times more. */
  readonly again: () => Promise<readonly Outcome[]>;
  /** What we say if the last digits of mathematical functions are moved: up, and down. */
  readonly shaken: () => Promise<readonly Outcome[]>;
}

export interface Compared {
  readonly run: Case;
  readonly ours: Outcome;
  readonly theirs: Outcome;
}

/** @param batch whose documents the case is run on again */
export function gatherEvidence(
  difference: Difference,
  { run, ours, theirs }: Compared,
  batch: Batch,
  sides: { readonly ours: Side; readonly theirs: Side },
): Evidence {
  const { call } = run;
  const runAlone = async (side: Side, changed: Call): Promise<Outcome> => {
    const [outcome] = await side.run({ ...batch, cases: [{ ...run, call: changed }] });
    return outcome as Outcome;
  };
  return {
    difference,
    run,
    call,
    ours,
    theirs,
    names: namesIn(Object.values(call)),
    async unoptimized(): Promise<Outcome | undefined> {
      if (call.verb !== "aggregate" && call.verb !== "write") return undefined;
      return runAlone(sides.theirs, { ...call, pipeline: apart(call.pipeline) });
    },
    async again(): Promise<readonly Outcome[]> {
      const outcomes: Outcome[] = [];
      for (let time = 0; time < times; time += 1) outcomes.push(await runAlone(sides.theirs, call));
      return outcomes;
    },
    async shaken(): Promise<readonly Outcome[]> {
      const up = await withShakenMath(1, async () => runAlone(sides.ours, call));
      const down = await withShakenMath(-1, async () => runAlone(sides.ours, call));
      return [up, down];
    },
  };
}

const times = 6;

/** A stage that does nothing, and that the server's optimizer does not look past. */
const separator = Doc.of({ $_internalInhibitOptimization: Doc.empty });
const firstOnly: ReadonlySet<string> = new Set([
  "$collStats",
  "$documents",
  "$geoNear",
  "$indexStats",
]);

/** A pipeline, and those within it, with a separator before each stage that may have one. */
function apart(pipeline: readonly Value[]): readonly Value[] {
  return pipeline.flatMap((stage) => {
    if (!(stage instanceof Doc) || stage.size !== 1) return [stage];
    const [name] = stage.keys() as [string];
    const inner = Doc.fromParts([name], [apartWithin(name, stage.valueAt(0))]);
    return firstOnly.has(name) ? [inner] : [separator, inner];
  });
}

function apartWithin(name: string, spec: Value): Value {
  if (!(spec instanceof Doc)) return spec;
  const isPipeline = (key: string): boolean => name === "$facet" || key === "pipeline";
  return Doc.fromEntries(
    [...spec.entries()].map(
      ([key, each]) => [key, isPipeline(key) && isArray(each) ? apart(each) : each] as const,
    ),
  );
}

/** The operators and stages of a call. */
export function namesIn(parts: readonly Value[]): ReadonlySet<string> {
  const coverage = createCoverage();
  for (const part of parts) coverage.count(part);
  return new Set(coverage.counts.keys());
}
