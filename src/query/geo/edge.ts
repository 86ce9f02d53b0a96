/** Distances to edges: arcs of great circles below 180°. All in radians. */
import { orientation, robustCross, turnsLeft } from "./orientation.ts";
import { arcOfSine } from "./sine.ts";
import {
  angleBetween,
  dot,
  lengthOf,
  normalize,
  scale,
  squareOf,
  subtract,
  type Vector,
} from "./vector.ts";

/** The distance of a point from the nearest point of an edge. */
export function distanceToEdge(point: Vector, a: Vector, b: Vector): number {
  const normal = robustCross(a, b);
  if (turnsLeft(normal, a, point) && turnsLeft(point, b, normal)) {
    const sine = Math.abs(dot(point, normal)) / lengthOf(normal);
    return arcOfSine(Math.min(1, sine));
  }
  const chord = Math.min(squareOf(subtract(point, a)), squareOf(subtract(point, b)));
  return 2 * arcOfSine(Math.min(1, 0.5 * Math.sqrt(chord)));
}

/** The nearest point of an edge. */
export function closestOnEdge(
  point: Vector,
  a: Vector,
  b: Vector,
  normal: Vector = robustCross(a, b),
): Vector {
  const projected = subtract(point, scale(normal, dot(point, normal) / squareOf(normal)));
  if (turnsLeft(normal, a, projected) && turnsLeft(projected, b, normal))
    return normalize(projected);
  return squareOf(subtract(point, a)) <= squareOf(subtract(point, b)) ? a : b;
}

/** Angles between planes from here on are as good as straight ones. */
const straight = Math.PI - 0.01;

/** Whether every point of edge b is within the tolerance of some point of edge a. @param tolerance radians, above 0 */
export function isEdgeNear(
  a0: Vector,
  a1: Vector,
  b0: Vector,
  b1: Vector,
  tolerance: number,
): boolean {
  let normalA = normalize(robustCross(a0, a1));
  const near0 = closestOnEdge(b0, a0, a1, normalA);
  const near1 = closestOnEdge(b1, a0, a1, normalA);
  if (orientation(normalA, near0, near1) < 0) normalA = scale(normalA, -1);
  if (angleBetween(b0, near0) > tolerance || angleBetween(b1, near1) > tolerance) return false;
  const normalB = normalize(robustCross(b0, b1));
  const angle = angleBetween(normalA, normalB);
  if (angle <= tolerance) return true;
  if (angle >= straight)
    return (
      angleBetween(b0, a0) < angleBetween(b0, a1) === angleBetween(b1, a0) < angleBetween(b1, a1)
    );
  // Where the great circle of b is farthest from that of a: if that is on b itself, b is too far there.
  const farthest = normalize(subtract(normalA, scale(normalB, dot(normalA, normalB))));
  return !isWithin(farthest, b0, b1, normalB) && !isWithin(scale(farthest, -1), b0, b1, normalB);
}

function isWithin(point: Vector, b0: Vector, b1: Vector, normal: Vector): boolean {
  return orientation(normal, b0, point) > 0 && orientation(point, b1, normal) > 0;
}
