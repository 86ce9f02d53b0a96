/** The contract between `window.ts` and the families of window functions beside this file. */
import type { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { failedToParse } from "../../kit/mongo-error.ts";
import type { Pacer } from "../../kit/pacer.ts";
import type { QueryEnvironment } from "../environment.ts";
import type { SortPart } from "../sort.ts";

/** The documents of one partition, in their order. */
export interface Partition {
  readonly docs: readonly Doc[];
  readonly pacer: Pacer;
  /** Accounts for what a function holds, in bytes; below 0 for what it lets go. */
  hold(bytes: number): void;
}

/** One function on its way through one partition. */
export interface Evaluation {
  /**
   * Works towards the value for a document. Called for each in turn, and again until it is done.
   *
   * @returns false when the pacer is due first
   */
  reach(index: number): boolean;
  /** The value for the document that was reached; undefined: the field is left out, or taken away. */
  value(): Value | undefined;
}

/** One output field of the stage, compiled. */
export interface WindowFunction {
  /** @param before how the function went through the partition before, if there was one */
  start(partition: Partition, before?: Evaluation): Evaluation;
}

/** What the stage sorts by. */
export interface WindowOrder {
  readonly parts: readonly SortPart[];
  /** Keys of the specification, those that sort by chance included. */
  readonly size: number;
}

export interface WindowContext {
  readonly environment: QueryEnvironment;
  readonly order: WindowOrder | undefined;
  /** Whether a name is that of a window function. */
  isFunction(name: string): boolean;
}

/** @param spec the whole object, `{ $name: operand, window: … }` */
export type CompileWindowFunction = (
  spec: Doc,
  context: WindowContext,
  name: string,
) => WindowFunction;

/** A value that can be told at once, without work that has to be shared. */
export function startDirect(valueAt: (index: number) => Value | undefined): Evaluation {
  let value: Value | undefined;
  return {
    reach(index): boolean {
      value = valueAt(index);
      return true;
    },
    value: () => value,
  };
}

/**
 * Reads the arguments of functions that share the server's general parser, in the order that they stand in.
 *
 * @param onWindow what is done about `window`
 * @returns the operand
 * @throws {MongoError} 9 for other arguments, and for two functions
 */
export function readArguments(
  spec: Doc,
  context: WindowContext,
  onWindow: (window: Value) => void,
): Value {
  let operand: Value | undefined;
  for (const [key, value] of spec.entries()) {
    if (key === "window") onWindow(value);
    else if (context.isFunction(key)) {
      if (operand !== undefined)
        throw failedToParse("Cannot specify two functions in window function spec");
      operand = value;
    } else throw failedToParse(`Window function found an unknown argument: ${key}`);
  }
  return operand as Value;
}

/** As `readArguments`, for functions that have a parser of their own. */
export function readOwnArguments(
  spec: Doc,
  name: string,
  onWindow: (window: Value) => void,
): Value {
  for (const [key, value] of spec.entries()) {
    if (key === "window") onWindow(value);
    else if (key !== name) throw failedToParse(`${name} got unexpected argument: ${key}`);
  }
  return spec.get(name) as Value;
}

/** The only field that is sorted by; undefined when there are more, or chance decides. */
export function onlyPath(order: WindowOrder | undefined): string | undefined {
  return order?.size === 1 ? order.parts[0]?.path : undefined;
}

/** @throws {MongoError} 9 when the stage does not sort by one field */
export function mustSortByOneField(order: WindowOrder | undefined, name: string): string {
  if (order === undefined) throw failedToParse(`${name} requires a sortBy`);
  if (order.size !== 1) throw failedToParse(`${name} requires a non-compound sortBy`);
  const path = onlyPath(order);
  if (path === undefined) throw failedToParse(`${name} requires a non-expression sortBy`);
  return path;
}
