/** How far the shapes of a document are from the center of a `$near`. */
import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { compareDistance, flatDistance, type FlatPoint } from "./flat.ts";
import { earthRadius, toVector } from "./lat-lng.ts";
import type { Near } from "./near.ts";
import { distanceToPolygon } from "./polygon.ts";
import { distanceToLine } from "./polyline.ts";
import { tryStoredShape } from "./read-shape.ts";
import { partsOf, type SphericalPart, type StoredShape } from "./shape.ts";
import { angleBetween, type Vector } from "./vector.ts";

export interface Distance {
  /** In metres on the sphere, else in the units of the coordinates. */
  readonly distance: number;
  /** The value whose distance it is. */
  readonly nearest: Value;
}

/** Half the way around the earth. */
const farthest: number = Math.PI * earthRadius;

/** The distances that a `$near` asks for, both included: in metres or in units. */
export interface Reach {
  readonly least: number;
  readonly most: number;
}

/** @param flatMost the longest distance of what a `2d` index can find on the plane; undefined for a `2dsphere` index */
export function reachOf(near: Near, flatMost: number | undefined): Reach {
  if (!near.isSpherical)
    return { least: near.least, most: Math.min(near.most, flatMost ?? farthest) };
  const unit = near.isInRadians ? earthRadius : 1;
  const least = near.least * unit;
  return {
    // Nothing is farther away than the farthest; a `2d` index takes it for that.
    least: flatMost === undefined ? least : Math.min(least, farthest),
    most: Math.min(near.most * unit, farthest),
  };
}

/**
 * Compiles the distance of a document from a center.
 *
 * @returns undefined for a document that has no shape, or none within reach
 */
export function compileDistance(
  path: string,
  near: Near,
  reach: Reach,
): (doc: Doc) => Distance | undefined {
  const parts = path.split(".");
  const measure = near.isSpherical ? onSphere(near) : onPlane(near);
  const isWithin = near.isSpherical ? undefined : compileRing(near.center, reach);
  const { least, most } = reach;
  // On the plane the ring decides, and distances may be off by a rounding.
  const room =
    isWithin === undefined
      ? 0
      : Number.EPSILON * (Math.max(Math.abs(near.center.x), Math.abs(near.center.y)) + most);
  return (doc) => {
    let found: Distance | undefined;
    let isInRing = isWithin === undefined;
    eachShape(doc, parts, (shape, value) => {
      if (shape.kind === "big") return;
      if (shape.kind === "point" && isWithin?.(shape.flat) === true) isInRing = true;
      const distance = measure(shape);
      if (distance === undefined || (found !== undefined && distance >= found.distance)) return;
      found = { distance, nearest: value };
    });
    if (found === undefined || !isInRing) return undefined;
    return found.distance >= least - room && found.distance <= most + room ? found : undefined;
  };
}

type Measure = (shape: StoredShape) => number | undefined;

function onPlane({ center }: Near): Measure {
  return (shape) => (shape.kind === "point" ? flatDistance(shape.flat, center) : undefined);
}

function compileRing(center: FlatPoint, { least, most }: Reach): (point: FlatPoint) => boolean {
  return (point) =>
    compareDistance(point, center, least) >= 0 && compareDistance(point, center, most) <= 0;
}

function onSphere({ center }: Near): Measure {
  const from = toVector(center.x, center.y);
  return (shape) => {
    const parts = partsOf(shape);
    if (parts === undefined) return undefined;
    let least = Infinity;
    for (const part of parts) least = Math.min(least, distanceToPart(part, from));
    return least * earthRadius;
  };
}

/** In radians. */
function distanceToPart(part: SphericalPart, from: Vector): number {
  switch (part.kind) {
    case "place":
      return angleBetween(from, part.place.point);
    case "line":
      return distanceToLine(part.line, from);
    case "polygon":
      return distanceToPolygon(part.polygon, from);
  }
}

/** The shapes that a path leads to, through arrays too; where an array at its end is none, its elements may be some. */
function eachShape(
  doc: Doc,
  parts: readonly string[],
  visit: (shape: StoredShape, value: Value) => void,
): void {
  eachAlong(doc, parts, (value) => {
    const shape = tryStoredShape(value);
    if (shape !== undefined) visit(shape, value);
    else if (isArray(value))
      for (const each of value) {
        const inner = tryStoredShape(each);
        if (inner !== undefined) visit(inner, each);
      }
  });
}

/**
 * Visits the values that a path leads to, through the elements of arrays on its way; an array at its end is one value.
 */
export function eachAlong(
  value: Value,
  parts: readonly string[],
  visit: (value: Value) => void,
  at = 0,
): void {
  const part = parts[at];
  if (part === undefined) {
    visit(value);
    return;
  }
  if (value instanceof Doc) {
    const next = value.get(part);
    if (next !== undefined) eachAlong(next, parts, visit, at + 1);
    return;
  }
  if (!isArray(value)) return;
  const element = /^(?:0|[1-9]\d*)$/.test(part) ? value[Number(part)] : undefined;
  if (element !== undefined) {
    eachAlong(element, parts, visit, at + 1);
    return;
  }
  for (const each of value) if (each instanceof Doc) eachAlong(each, parts, visit, at);
}
