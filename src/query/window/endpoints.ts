/** Which documents of a partition are in the window of each. */
import { compare } from "../../bson/compare.ts";
import { DateTime, isInt32, isNumber, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { addToDate } from "../date/add.ts";
import { fixedUnitsMs, type TimeUnit } from "../date/unit.ts";
import { utc } from "../date/zone.ts";
import { addDecimals } from "../decimal.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileExpression } from "../expression.ts";
import { type NumberValue, toDecimal } from "../number.ts";
import type { DocumentBounds, RangeBound, RangeBounds, WindowBounds } from "./bounds.ts";
import type { Partition } from "./window-function.ts";

/** The window of the document that was reached: its first and its last position; empty when `lower > upper`. */
export interface Endpoints {
  readonly lower: number;
  readonly upper: number;
  /** Goes on to a document; both ends only ever go forward. @returns false when the pacer is due first */
  reach(index: number): boolean;
}

export type StartEndpoints = (partition: Partition) => Endpoints;

export function compileEndpoints(
  bounds: WindowBounds,
  environment: QueryEnvironment,
): StartEndpoints {
  return bounds.kind === "documents"
    ? (partition): Endpoints => startDocuments(bounds, partition)
    : compileRange(bounds, environment);
}

function startDocuments({ lower, upper }: DocumentBounds, { docs }: Partition): Endpoints {
  const last = docs.length - 1;
  const ends = { lower: 0, upper: last };
  return {
    get lower() {
      return ends.lower;
    },
    get upper() {
      return ends.upper;
    },
    reach(index): boolean {
      ends.lower = lower === undefined ? 0 : Math.max(0, index + lower);
      ends.upper = upper === undefined ? last : Math.min(last, index + upper);
      return true;
    },
  };
}

function compileRange(bounds: RangeBounds, environment: QueryEnvironment): StartEndpoints {
  const { path, unit } = bounds;
  if (path === undefined) return () => ({ lower: 0, upper: -1, reach: refuseOrder });
  const expression = compileExpression(`$${path}`, environment);
  return (partition) =>
    startRange(bounds, partition, {
      at: (index) => expression.evaluate(partition.docs[index] as (typeof partition.docs)[number]),
      unit,
    });
}

function refuseOrder(): never {
  throw new MongoError(5_429_404, "Missing _sortExpr with range-based bounds");
}

/** The values that a partition is sorted by. */
interface SortValues {
  at(index: number): Value | undefined;
  readonly unit: TimeUnit | undefined;
}

function startRange(bounds: RangeBounds, partition: Partition, values: SortValues): Endpoints {
  const { pacer, docs } = partition;
  const isExpected = values.unit === undefined ? isNumber : isDate;
  const ends = { lower: 0, upper: -1 };
  /** The first position that is not below the lower bound. */
  const from = { at: 0 };
  /** The first one that is above the upper bound. */
  const to = { at: 0 };
  return {
    get lower() {
      return ends.lower;
    },
    get upper() {
      return ends.upper;
    },
    reach(index): boolean {
      const base = mustBeBase(values.at(index), values.unit);
      if (!moveLower(bounds.lower, base) || !moveUpper(bounds.upper, index, base)) return false;
      ends.lower = bounds.lower === "current" ? index : from.at;
      ends.upper = bounds.upper === "current" ? index : to.at - 1;
      // Behind the documents that can be compared there may be others.
      if (ends.lower < docs.length && !isExpected(values.at(ends.lower))) ends.upper = -1;
      return true;
    },
  };

  function moveLower(bound: RangeBound, base: Base): boolean {
    if (bound === "current") return true;
    if (bound === "unbounded") return advance(from, (value) => !isExpected(value));
    const threshold = moved(base, bound, values.unit);
    return advance(from, (value) => compare(value ?? null, threshold) < 0);
  }

  function moveUpper(bound: RangeBound, index: number, base: Base): boolean {
    if (bound === "current") return true;
    if (bound === "unbounded") {
      to.at = Math.max(to.at, index);
      return advance(to, isExpected);
    }
    const threshold = moved(base, bound, values.unit);
    return advance(to, (value) => compare(value ?? null, threshold) <= 0);
  }

  /** Goes on past what is so. @returns false when the pacer is due first */
  function advance(
    cursor: { at: number },
    isPassed: (value: Value | undefined) => boolean,
  ): boolean {
    while (cursor.at < docs.length && isPassed(values.at(cursor.at))) {
      cursor.at += 1;
      if (pacer.due()) return false;
    }
    return true;
  }
}

type Base = NumberValue | DateTime;

function isDate(value: Value | undefined): value is DateTime {
  return value instanceof DateTime;
}

function mustBeBase(value: Value | undefined, unit: TimeUnit | undefined): Base {
  if (unit !== undefined) {
    if (isDate(value)) return value;
    throw new MongoError(
      5_429_513,
      `Invalid range: Expected the sortBy field to be a Date, but it was ${typeName(value)}`,
    );
  }
  if (isDate(value))
    throw new MongoError(
      5_429_413,
      "Invalid range: For windows that involve date or time ranges, a unit must be provided.",
    );
  if (isNumber(value)) return value;
  throw new MongoError(
    5_429_414,
    `Invalid range: Expected the sortBy field to be a number, but it was ${typeName(value)}`,
  );
}

/** Numbers are added as decimals, whatever their types; the sum is only compared with. */
function moved(base: Base, distance: NumberValue, unit: TimeUnit | undefined): Value {
  if (unit !== undefined) return movedDate(base as DateTime, distance as number, unit);
  const number = base as NumberValue;
  if (typeof number === "number" && typeof distance === "number") {
    const sum = number + distance;
    return isInt32(sum) ? sum : BigInt(sum);
  }
  return addDecimals(toDecimal(number), toDecimal(distance));
}

function movedDate(date: DateTime, amount: number, unit: TimeUnit): DateTime {
  const length = fixedUnitsMs.get(unit);
  if (length !== undefined && typeof date.ms === "number" && date.ms >= 0) {
    const sum = date.ms + amount * length;
    if (Number.isSafeInteger(sum)) return new DateTime(sum);
  }
  return addToDate(date, unit, BigInt(amount), utc);
}
