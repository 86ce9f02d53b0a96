/** The coordinates of GeoJSON's polygons, checked as the server does. */
import { printBson } from "../../bson/print.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { badValue } from "../../kit/mongo-error.ts";
import { type BigPolygon, createBigPolygon } from "./big-polygon.ts";
import { createLoop, type Loop, toNormal } from "./loop.ts";
import { loopHasLoop } from "./loop-relation.ts";
import { faultOfLoop, faultOfLoops } from "./loop-validity.ts";
import { createPolygon, findTouchingRing, parentOf, type Polygon } from "./polygon.ts";
import { readPoints } from "./read-coordinates.ts";
import { isSame, type Vector } from "./vector.ts";

/** @throws {MongoError} 2 */
export function readPolygon(value: Value | undefined): Polygon {
  if (!isArray(value)) throw badValue("Polygon coordinates must be an array");
  const loops: Loop[] = [];
  for (const each of value) {
    const points = readRing(each, each);
    const loop = createLoop(points);
    const fault = faultOfLoop(loop);
    if (fault !== undefined) throw badValue(`Loop is not valid: ${printBson(each)} ${fault}`);
    const normal = toNormal(loop);
    const [shell] = loops;
    if (shell !== undefined && !loopHasLoop(shell, normal))
      throw badValue(
        "Secondary loops not contained by first exterior loop - secondary loops must be holes: " +
          `${printBson(each)} first loop: ${printBson(value[0] as Value)}`,
      );
    loops.push(normal);
  }
  if (loops.length === 0) throw badValue("Polygon has no loops.");
  const fault = faultOfLoops(loops);
  if (fault !== undefined) throw badValue(`Polygon isn't valid: ${fault} ${printBson(value)}`);
  const polygon = createPolygon(loops);
  mustBeSimple(polygon, value);
  return polygon;
}

/** Holes may touch the shell in one point only, and have nothing within them. */
function mustBeSimple(polygon: Polygon, value: Value): void {
  const touching = findTouchingRing(polygon);
  if (touching !== undefined)
    throw badValue(
      `Loop ${touching} shares more than one vertex with its parent loop ` +
        `${parentOf(polygon, touching)}: ${printBson(value)}`,
    );
  const depths = polygon.rings.map(({ depth }) => depth);
  if (depths.slice(1).includes(0))
    throw badValue(`Only one exterior polygon loop is allowed: ${printBson(value)}`);
  if (depths.some((depth) => depth > 1))
    throw badValue(`Polygon interior loops cannot be nested: ${printBson(value)}`);
}

/** The different corners of a closed ring. @param shown in its place in messages */
function readRing(value: Value, shown: Value): readonly Vector[] {
  const points = readPoints(value);
  const [first] = points;
  if (first === undefined) throw badValue(`Loop has no vertices: ${printBson(value)}`);
  if (!isSame(first, points.at(-1) as Vector))
    throw badValue(`Loop is not closed: ${printBson(value)}`);
  const corners = withoutRepeats(points).slice(0, -1);
  if (corners.length < 3)
    throw badValue(`Loop must have at least 3 different vertices: ${printBson(shown)}`);
  return corners;
}

export function withoutRepeats(points: readonly Vector[]): readonly Vector[] {
  return points.filter((each, index) => index === 0 || !isSame(each, points[index - 1] as Vector));
}

/** A polygon with strict winding: one ring, whose inside is to its left. @throws {MongoError} 2 */
export function readBigPolygon(value: Value | undefined): BigPolygon {
  if (!isArray(value)) throw badValue("Coordinates of polygon must be an array");
  const [only] = value;
  if (value.length !== 1 || only === undefined)
    throw badValue(`Only one simple loop is allowed in a big polygon: ${printBson(value)}`);
  const loop = createLoop(readRing(only, value));
  const fault = faultOfLoop(loop);
  if (fault !== undefined) throw badValue(`Loop is not valid: ${printBson(value)} ${fault}`);
  return createBigPolygon(loop);
}
