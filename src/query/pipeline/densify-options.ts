/** The specification of `$densify`. */
import { compare } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { DateTime, isArray, isNumber, typeName, typeOf, type Value } from "../../bson/value.ts";
import { failedToParse, MongoError } from "../../kit/mongo-error.ts";
import { isTimeUnit, type TimeUnit } from "../date/unit.ts";
import type { QueryEnvironment } from "../environment.ts";
import type { NumberValue } from "../number.ts";
import { toExactInteger } from "../number-value.ts";
import { dateStep, type DensifyStep, type DensifyValue, numericStep } from "./densify-step.ts";
import { splitFieldPath } from "../expression/field-path.ts";
import { type Option, readOptions } from "./options.ts";

export interface Densify {
  readonly path: readonly string[];
  readonly partitionPaths: readonly (readonly string[])[];
  readonly step: DensifyStep;
  readonly bounds: DensifyBounds;
}

/** `full`: from the least to the greatest value of all partitions; a range is given up to before `to`. */
export type DensifyBounds = "full" | "partition" | DensifyRange;

export interface DensifyRange {
  readonly from: DensifyValue;
  readonly to: DensifyValue;
}

const options: ReadonlyMap<string, Option> = new Map([
  ["field", { type: "string", isRequired: true }],
  ["partitionByFields", { type: "strings" }],
  ["range", { type: "object", isRequired: true }],
]);

const rangeOptions: ReadonlyMap<string, Option> = new Map([
  ["step", { type: "number", isRequired: true }],
  ["bounds", { type: "any", isRequired: true }],
  ["unit", { type: "string" }],
]);

/** @throws {MongoError} as the server does */
export function readDensify(spec: Value, environment: QueryEnvironment): Densify {
  if (!(spec instanceof Doc))
    throw failedToParse(
      `The $densify stage specification must be an object, found ${typeName(spec)}`,
    );
  const found = readOptions(spec, "$densify", options);
  const range = readOptions(found.get("range") as Doc, "$densify.range", rangeOptions);
  const amount = range.get("step") as NumberValue;
  const { step, unit } = readStep(amount, range.get("unit") as string | undefined, environment);
  const bounds = readBounds(range.get("bounds") as Value, amount, unit);
  const fields = (found.get("partitionByFields") ?? []) as readonly string[];
  const partitionPaths = fields.map(splitFieldPath);
  const path = splitFieldPath(found.get("field") as string);
  if (bounds === "partition" && partitionPaths.length === 0)
    throw new MongoError(
      5_733_408,
      "One cannot specify the bounds as 'partition' without specifying a non-empty array of partitionByFields. You may have meant to specify 'full' bounds.",
    );
  return { path, partitionPaths, step, bounds };
}

function readStep(
  amount: NumberValue,
  unit: string | undefined,
  environment: QueryEnvironment,
): { readonly step: DensifyStep; readonly unit: TimeUnit | undefined } {
  if (compare(amount, 0) <= 0)
    throw new MongoError(
      5_733_401,
      "The step parameter in a range statement must be a strictly positive numeric value",
    );
  if (unit === undefined) return { step: numericStep(amount, environment), unit };
  const whole = toExactInteger(amount);
  if (whole === undefined)
    throw new MongoError(
      6_586_400,
      "The step parameter in a range statement must be a whole number when densifying a date range",
    );
  if (!isTimeUnit(unit)) throw failedToParse(`unknown time unit value: ${unit}`);
  return { step: dateStep(whole, unit), unit };
}

function readBounds(bounds: Value, step: NumberValue, unit: TimeUnit | undefined): DensifyBounds {
  if (bounds === "full" || bounds === "partition") return bounds;
  if (typeof bounds === "string")
    throw new MongoError(5_946_802, "Bounds string must either be 'full' or 'partition'");
  if (!isArray(bounds))
    throw new MongoError(
      5_733_404,
      "The bounds in a range statement must be the string 'full', 'partition', or an ascending array of two numbers or two dates",
    );
  if (bounds.length !== 2)
    throw new MongoError(
      5_733_403,
      "A bounding array in a range statement must have exactly two elements",
    );
  const [from, to] = bounds as readonly [Value, Value];
  if (compare(from, to) > 0)
    throw new MongoError(
      5_733_402,
      "A bounding array must be an ascending array of either two dates or two numbers",
    );
  return isNumber(from) ? readNumbers(from, to, step, unit) : readDates(from, to, unit);
}

const mixedBounds = "A bounding array must contain either both dates or both numeric types";

function readNumbers(
  from: NumberValue,
  to: Value,
  step: NumberValue,
  unit: TimeUnit | undefined,
): DensifyRange {
  if (unit !== undefined)
    throw new MongoError(5_733_409, "Numeric bounds may not have unit parameter");
  if (!isNumber(to)) throw new MongoError(5_733_406, mixedBounds);
  if (typeOf(from) !== typeOf(to) || typeOf(from) !== typeOf(step))
    throw new MongoError(
      5_876_900,
      "Upper bound, lower bound, and step must all have the same type",
    );
  return { from, to };
}

function readDates(from: Value, to: Value, unit: TimeUnit | undefined): DensifyRange {
  if (!(from instanceof DateTime))
    throw new MongoError(5_946_800, "Explicit bounds must be numeric or dates");
  if (!(to instanceof DateTime)) throw new MongoError(5_733_405, mixedBounds);
  if (unit === undefined)
    throw new MongoError(5_733_410, "A bounding array of dates must specify a unit");
  return { from, to };
}
