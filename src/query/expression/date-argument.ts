/** Arguments that the operators on dates share. */
import { DateTime, ObjectId, Timestamp, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { utc, findZone, type Zone } from "../date/zone.ts";
import { isNullish } from "../truth.ts";
import { spend, type Evaluate, type Frame } from "./operator.ts";

/** The date that a Date, Timestamp or ObjectId stands for; undefined for other values. */
export function toDate(value: Value | undefined): DateTime | undefined {
  if (value instanceof DateTime) return value;
  if (value instanceof Timestamp) return new DateTime(value.t * 1000);
  // An ObjectId's seconds are signed.
  if (value instanceof ObjectId) return new DateTime((value.a | 0) * 1000);
  return undefined;
}

/** @throws {MongoError} 16006 when the value stands for no date */
export function mustBeDate(value: Value | undefined): DateTime {
  const date = toDate(value);
  if (date === undefined)
    throw new MongoError(16_006, `can't convert from BSON type ${typeName(value)} to Date`);
  return date;
}

/**
 * Evaluates a `timezone` argument; UTC where there is none.
 *
 * @returns undefined when it is null or missing
 * @throws {MongoError} 40517 for no string, 40485 for no time zone
 */
export function evaluateZone(zone: Evaluate | undefined, frame: Frame): Zone | undefined {
  if (zone === undefined) return utc;
  const value = zone(frame);
  if (isNullish(value)) return undefined;
  if (typeof value !== "string")
    throw new MongoError(40_517, `timezone must evaluate to a string, found ${typeName(value)}`);
  spend(frame, zoneSteps);
  return findZone(value);
}

/** Offsets that are not remembered have to be asked for. */
export const zoneSteps = 8;
