/** Coordinates as GeoJSON and legacy pairs write them, with the server's complaints. */
import { Doc } from "../../bson/doc.ts";
import { isArray, isNumber, type Value } from "../../bson/value.ts";
import { formatDouble } from "../../bson/print.ts";
import { badValue, type MongoError } from "../../kit/mongo-error.ts";
import { toDouble } from "../number.ts";
import type { FlatPoint } from "./flat.ts";
import { isOnEarth, toVector } from "./lat-lng.ts";
import type { Vector } from "./vector.ts";

/** The elements of an array, or the values of a document in their order; undefined for anything else. */
export function elementsOf(value: Value | undefined): readonly Value[] | undefined {
  if (isArray(value)) return value;
  return value instanceof Doc ? value.values() : undefined;
}

/**
 * Reads a pair of numbers, in an array or a document.
 *
 * @param more whether further elements may follow, as an altitude does
 * @throws {MongoError} 2
 */
export function readPair(value: Value | undefined, more: "allowed" | "refused"): FlatPoint {
  const elements = elementsOf(value);
  if (elements === undefined) throw badValue("Point must be an array or object");
  const [x, y] = elements;
  if (!isNumber(x) || !isNumber(y)) throw badValue("Point must only contain numeric elements");
  if (more === "refused" && elements.length > 2)
    throw badValue("Point must only contain two numeric elements");
  const point = { x: toDouble(x), y: toDouble(y) };
  if (!Number.isFinite(point.x) || !Number.isFinite(point.y))
    throw badValue("Point coordinates must be finite numbers");
  return point;
}

export function outOfBounds({ x, y }: FlatPoint): MongoError {
  return badValue(
    `longitude/latitude is out of bounds, lng: ${formatDouble(x)} lat: ${formatDouble(y)}`,
  );
}

/** @throws {MongoError} 2 */
export function toPoint(pair: FlatPoint): Vector {
  if (!isOnEarth(pair.x, pair.y)) throw outOfBounds(pair);
  return toVector(pair.x, pair.y);
}

/** Reads `[[lng, lat], …]`. @throws {MongoError} 2 */
export function readPoints(value: Value | undefined): Vector[] {
  if (!isArray(value)) throw badValue("GeoJSON coordinates must be an array of coordinates");
  return value.map((each) => {
    if (!isArray(each)) throw badValue("GeoJSON coordinates must be an array");
    return toPoint(readPair(each, "allowed"));
  });
}
