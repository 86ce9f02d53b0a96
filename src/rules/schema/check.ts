/** The contract between `schema.ts` and the keywords beside this file. */
import type { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import type { Eventual } from "../expression/eventual.ts";
import type { CompiledExpression, RequestEnvironment } from "../expressions.ts";

export interface Violation {
  /** The original's word for what was wrong: `required`, `invalid_type` … */
  readonly kind: string;
  /** `(root)`, or a path below it: `(root).address.0.zip`. */
  readonly field: string;
  readonly message: string;
}

/** One document being checked. */
export interface Checking {
  readonly root: Doc;
  /** As it was before the write; undefined for one that is new. */
  readonly prevRoot: Doc | undefined;
  /** Absent where no request is behind it: what depends on one then holds. */
  readonly environment: RequestEnvironment | undefined;
  /** Whether null stands for a value of any type where a field is optional. */
  readonly allowsNull: boolean;
  readonly report: (violation: Violation) => void;
}

/** A value, where it stands, and what stood there before. */
export interface Spot {
  readonly value: Value;
  readonly prev: Value | undefined;
  readonly field: string;
}

/** Reports what is wrong with a value; keywords for another type than the value's say nothing. */
export type Check = (spot: Spot, checking: Checking) => Eventual<void>;

export interface Keyword {
  readonly name: string;
  readonly operand: Value;
  /** What the keyword stands in; some read others. */
  readonly schema: Doc;
  /** Compiles a schema within this one. @param steps from this schema on */
  readonly compile: (schema: Value, ...steps: readonly (string | number)[]) => Check;
  readonly compileExpression: (expression: Value) => CompiledExpression | undefined;
  /** Tells what is wrong with the keyword; the schema then lets nothing pass. */
  readonly wrong: (message: string) => undefined;
}

/** @returns undefined when there is nothing to check */
export type CompileKeyword = (keyword: Keyword) => Check | undefined;

/** Runs checks that are mostly done at once. */
export function runAll(checks: readonly Eventual<void>[]): Eventual<void> {
  const pending = checks.filter((each) => each instanceof Promise);
  return pending.length === 0 ? undefined : Promise.all(pending).then(() => undefined);
}

/** Whether a value passes a check of its own, and nothing is reported. */
export function passes(check: Check, spot: Spot, checking: Checking): Eventual<boolean> {
  let isSound = true;
  const report = (): void => {
    isSound = false;
  };
  const done = check(spot, { ...checking, report });
  return done instanceof Promise ? done.then(() => isSound) : isSound;
}
