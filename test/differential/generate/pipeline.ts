/**
 * Aggregation pipelines.
 *
 * Results have to be the same on every server, so a stage that looks at the order of documents comes after one that
 * makes an order, and arrays that are sets are sorted.
 */
import { Doc } from "../../../src/bson/doc.ts";
import type { Value } from "../../../src/bson/value.ts";
import type { Case } from "../case.ts";
import type { Coverage } from "../coverage.ts";
import type { Random } from "../random.ts";
import { createAccumulators } from "./accumulator.ts";
import { createExpressions } from "./expression.ts";
import { createFilters } from "./filter.ts";
import { createProjections } from "./projection.ts";
import { computedFields, stages } from "./stage.ts";
import { type MakeStages, stage, type StageMaker, type State } from "./stage-maker.ts";
import { anyValue, type Style } from "./value.ts";

export interface Pipelines {
  /** An expression, computed for one or a few documents. */
  expressionCase(documentCount: number): Case;
  pipelineCase(): Case;
  /** One that ends in `$out` or `$merge`, to be read back. */
  writingCase(): Case;
}

const stageNames = [...stages.keys()];
const written = Doc.fromEntries(
  ["a", "b", "c", "f0", "found", "l", "n", "o", "q", "r", "s"].map((name) => [name, 1] as const),
);
const mergeModes = ["replace", "keepExisting", "merge", "fail"];

export function createPipelines(random: Random, coverage: Coverage, style: Style): Pipelines {
  const expressions = createExpressions(random, coverage, style);
  const maker: StageMaker = {
    random,
    expressions,
    filters: createFilters(random, coverage, expressions),
    projections: createProjections(random, coverage, expressions),
    accumulators: createAccumulators(expressions, coverage),
    subPipeline: ({ depth, isUnique }) =>
      depth > 0 ? [] : stagesOf({ isUnique, isOrdered: false, depth: depth + 1 }, 2),
  };

  function stagesOf(state: State, most: number): Value[] {
    return random
      .many(1, most, () => {
        if (random.chance(0.004)) return [stage("$unknown", Doc.empty)];
        const name = coverage.choose(random, stageNames);
        if (random.chance(0.01)) return [stage(name, anyValue(random, 1))];
        return (stages.get(name) as MakeStages)(state, maker);
      })
      .flat();
  }

  function mergeOf(): Doc {
    const fields = new Map<string, Value>([
      ["into", random.chance(0.8) ? "target" : Doc.of({ coll: "target" })],
    ]);
    if (random.chance(0.3)) fields.set("on", random.pick<Value>(["_id", ["_id"], "n"]));
    if (random.chance(0.7)) {
      const set = stage("$set", computedFields(maker));
      fields.set("whenMatched", random.chance(0.7) ? random.pick(mergeModes) : [set]);
    }
    if (random.chance(0.6))
      fields.set("whenNotMatched", random.pick(["insert", "discard", "fail"]));
    return Doc.fromEntries(fields);
  }

  return {
    pipelineCase(): Case {
      const state: State = { isUnique: true, isOrdered: false, depth: 0 };
      const pipeline = stagesOf(state, 4);
      const isOrdered = state.isOrdered && state.isUnique;
      return { family: "pipeline", isOrdered, call: { verb: "aggregate", pipeline } };
    },

    writingCase(): Case {
      const state: State = { isUnique: true, isOrdered: false, depth: 0 };
      const last = random.chance(0.35) ? stage("$out", "target") : stage("$merge", mergeOf());
      // A field `$a` at the top of a document that `$merge` writes brings a 6.0 server down.
      const pipeline = [...stagesOf(state, 1), stage("$project", written), last];
      return { family: "pipeline", isOrdered: false, call: { verb: "write", pipeline } };
    },

    expressionCase(documentCount): Case {
      const roll = random.next();
      const few = Doc.of(roll < 0.9 ? { $lt: random.below(6) } : { $gte: 0 });
      const match = Doc.of({ _id: roll < 0.6 ? random.below(documentCount) : few });
      const project = Doc.of({ r: expressions.any(random.chance(0.6) ? 2 : 3) });
      const pipeline = [stage("$match", match), stage("$project", project)];
      return { family: "expression", isOrdered: false, call: { verb: "aggregate", pipeline } };
    },
  };
}
