/** The `window` of a window function, read. */
import { compare } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { isArray, isNumber, type Value } from "../../bson/value.ts";
import { failedToParse, MongoError } from "../../kit/mongo-error.ts";
import { isTimeUnit, type TimeUnit } from "../date/unit.ts";
import { printValue } from "../../bson/print-value.ts";
import { printField } from "../../bson/print.ts";
import { compileExpression } from "../expression.ts";
import type { NumberValue } from "../number.ts";
import { toExactInteger } from "../number-value.ts";
import { onlyPath, type WindowContext } from "./window-function.ts";

/** Positions counted from the document; undefined: no bound. */
export interface DocumentBounds {
  readonly kind: "documents";
  readonly lower: number | undefined;
  readonly upper: number | undefined;
}

/** Distances from the value that the documents are sorted by. */
export interface RangeBounds {
  readonly kind: "range";
  readonly lower: RangeBound;
  readonly upper: RangeBound;
  /** The distances are so many of these; undefined: they are numbers. */
  readonly unit: TimeUnit | undefined;
  /** What the documents are sorted by; undefined when that is not in ascending order. */
  readonly path: string | undefined;
}

export type RangeBound = "unbounded" | "current" | NumberValue;

export type WindowBounds = DocumentBounds | RangeBounds;

/** The whole partition. */
export const noBounds: WindowBounds = { kind: "documents", lower: undefined, upper: undefined };

/** @throws {MongoError} 9, 5339900 to 5339902, and what expressions give */
export function readBounds(window: Value, context: WindowContext): WindowBounds {
  if (!(window instanceof Doc)) throw failedToParse("'window' field must be an object");
  const documents = window.get("documents");
  const range = window.get("range");
  const unit = window.get("unit");
  if (documents !== undefined && range !== undefined)
    throw failedToParse("Window bounds can specify either 'documents' or 'unit', not both.");
  if (range === undefined && unit !== undefined)
    throw failedToParse("Window bounds can only specify 'unit' with range-based bounds.");
  if (documents !== undefined) return readDocuments(window, documents, context);
  if (range !== undefined) return readRange(window, range, unit, context);
  if (window.size === 0) return noBounds;
  throw failedToParse(
    "'window' field can only contain 'documents' as the only argument or 'range' with an optional 'unit' field",
  );
}

function readDocuments(window: Doc, documents: Value, context: WindowContext): WindowBounds {
  if (window.size !== 1)
    throw failedToParse("'window' field that specifies documents cannot have other fields");
  const [lower, upper] = readPair("documents", documents, context, readPosition);
  mustAscend(lower, upper);
  const isBounded = lower !== "unbounded" || upper !== "unbounded";
  if (isBounded && context.order === undefined)
    throw new MongoError(5_339_901, "Document-based bounds require a sortBy");
  return { kind: "documents", lower: positionOf(lower), upper: positionOf(upper) };
}

function positionOf(bound: RangeBound): number | undefined {
  if (bound === "unbounded") return undefined;
  return bound === "current" ? 0 : Number(bound);
}

const int32Limit = 2n ** 31n;

function readPosition(value: Value | undefined): number {
  const position = readInt32(value);
  if (position === undefined)
    throw failedToParse("Numeric document-based bounds must be an integer");
  return position;
}

function readInt32(value: Value | undefined): number | undefined {
  const whole = isNumber(value) ? toExactInteger(value) : undefined;
  const fits = whole !== undefined && whole >= -int32Limit && whole < int32Limit;
  return fits ? Number(whole) : undefined;
}

function readRange(
  window: Doc,
  range: Value,
  unit: Value | undefined,
  context: WindowContext,
): WindowBounds {
  const known = readUnit(window, range, unit);
  const [lower, upper] = readPair(
    "range",
    range,
    context,
    known === undefined ? readDistance : readAmount,
  );
  mustAscend(lower, upper);
  if (unit !== undefined) mustBeUnit(known as string);
  if (context.order?.size !== 1)
    throw new MongoError(5_339_902, "Range-based bounds require sortBy a single field");
  const isAscending = context.order.parts[0]?.direction === 1;
  const path = isAscending ? onlyPath(context.order) : undefined;
  return { kind: "range", lower, upper, unit: known as TimeUnit | undefined, path };
}

function readUnit(window: Doc, range: Value, unit: Value | undefined): string | undefined {
  mustBePair("range", range);
  if (unit === undefined) {
    if (window.size !== 1)
      throw failedToParse(
        "'window' field that specifies range cannot have other fields besides 'unit'",
      );
    return undefined;
  }
  if (window.size !== 2)
    throw failedToParse(
      "'window' field that specifies unit cannot have other fields besides 'range'",
    );
  if (typeof unit !== "string") throw failedToParse("'unit' must be a string");
  return unit;
}

/** @throws {MongoError} 9 */
export function mustBeUnit(text: string): TimeUnit {
  if (isTimeUnit(text)) return text;
  throw failedToParse(`unknown time unit value: ${text}`);
}

function readDistance(value: Value | undefined): NumberValue {
  if (!isNumber(value)) throw failedToParse("Range-based bounds expression must be a number");
  return value;
}

function readAmount(value: Value | undefined): number {
  const amount = readInt32(value);
  if (amount === undefined)
    throw failedToParse("With 'unit', range-based bounds must be an integer");
  return amount;
}

function mustBePair(name: string, bounds: Value): readonly [Value, Value] {
  if (isArray(bounds) && bounds.length === 2) return bounds as unknown as readonly [Value, Value];
  throw failedToParse(`Window bounds must be a 2-element array: ${printField(name, bounds)}`);
}

function readPair(
  name: string,
  bounds: Value,
  context: WindowContext,
  read: (value: Value | undefined) => NumberValue,
): readonly [RangeBound, RangeBound] {
  const [lower, upper] = mustBePair(name, bounds);
  return [readBound(lower, context, read), readBound(upper, context, read)];
}

function readBound(
  bound: Value,
  { environment }: WindowContext,
  read: (value: Value | undefined) => NumberValue,
): RangeBound {
  if (bound === "unbounded" || bound === "current") return bound;
  if (typeof bound === "string")
    throw failedToParse("Window bounds must be 'unbounded', 'current', or a number.");
  const { constant } = compileExpression(bound, environment);
  if (constant === undefined) throw failedToParse("Window bounds expression must be a constant.");
  return read(constant.value);
}

function mustAscend(lower: RangeBound, upper: RangeBound): void {
  if (lower === "unbounded" || upper === "unbounded") return;
  const [from, to] = [lower, upper].map((bound) => (bound === "current" ? 0 : bound)) as [
    NumberValue,
    NumberValue,
  ];
  if (compare(from, to) > 0)
    throw new MongoError(
      5_339_900,
      `Lower bound must not exceed upper bound: [${printValue(from)}, ${printValue(to)}]`,
    );
}
