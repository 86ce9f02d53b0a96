/** The contract between `accumulator.ts` and the families beside this file. */
import type { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import type { QueryEnvironment } from "../environment.ts";

/** The state of one output field of one group. */
export interface Accumulator {
  add(value: Value | undefined): void;
  /** Whether nothing more changes it: the server then does not even compute what a document contributes. */
  isFull?(): boolean;
  /** `undefined`: the field is left out. */
  result(): Value | undefined;
}

/** One output field, compiled. */
export interface Accumulation {
  /** What a document contributes. */
  evaluate(doc: Doc): Value | undefined;
  /** Begins a group. */
  start(groupId: Value): Accumulator;
  /** Whether it holds on to every value, so that its memory has to be counted. */
  readonly keepsValues: boolean;
  /** Whether it may look at the group's `_id`. */
  readonly usesGroupId?: boolean;
}

export type CompileAccumulator = (
  operand: Value,
  environment: QueryEnvironment,
  name: string,
) => Accumulation;
