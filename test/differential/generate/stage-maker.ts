/** What the makers of stages share. */
import { Doc } from "../../../src/bson/doc.ts";
import type { Value } from "../../../src/bson/value.ts";
import type { Random } from "../random.ts";
import type { Accumulators } from "./accumulator.ts";
import type { Expressions } from "./expression.ts";
import type { Filters } from "./filter.ts";
import type { Projections } from "./projection.ts";

/** What is known of the documents between two stages. */
export interface State {
  /** Whether each has an `_id` of its own. */
  isUnique: boolean;
  /** Whether they come in one order only. */
  isOrdered: boolean;
  /** Sub-pipelines around. */
  readonly depth: number;
}

/** Makes a stage, with those that it needs before and after it; none where it can not stand. */
export type MakeStages = (state: State, maker: StageMaker) => Value[];

export interface StageMaker {
  readonly random: Random;
  readonly expressions: Expressions;
  readonly filters: Filters;
  readonly projections: Projections;
  readonly accumulators: Accumulators;
  /** Stages within a stage; none within those. */
  subPipeline(state: State): Value[];
}

export function stage(name: string, operand: Value): Doc {
  return Doc.of({ [name]: operand });
}

/** Makes an order before a stage that depends on it; without an `_id` none can be made, and no stage is. */
export function inOrder(state: State, random: Random, make: () => Value[]): Value[] {
  if (state.isOrdered) return make();
  if (!state.isUnique) return [];
  state.isOrdered = true;
  return [stage("$sort", Doc.of({ _id: random.pick([1, -1]) })), ...make()];
}

/** Puts arrays that have no order of their own in one. */
export function sortArrays(fields: readonly string[], sortBy: Value): Value[] {
  if (fields.length === 0) return [];
  const sorted = fields.map(
    (field) => [field, Doc.of({ $sortArray: Doc.of({ input: `$${field}`, sortBy }) })] as const,
  );
  return [stage("$set", Doc.fromEntries(sorted))];
}
