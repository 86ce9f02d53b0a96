/**
 * Loops: closed chains of edges. What lies to the left of the edges is inside.
 *
 * Every point is either inside or outside, also one on the border, by rules that make neighbours fit together.
 */
import { cornersOf, type Cell } from "./cell.ts";
import { createCrosser } from "./crossing.ts";
import { createEdgeTree, type EdgeTree } from "./edge-tree.ts";
import { halfPi } from "./lat-lng.ts";
import { allLongitudes, isAllLongitudes, widthOf } from "./longitudes.ts";
import { isOrdered, turnAngle } from "./orientation.ts";
import { boundOfChain, hasPoint, type Rectangle, wholeEarth } from "./rectangle.ts";
import { isBefore, isSame, normalize, orthogonal, type Vector } from "./vector.ts";

export interface Loop {
  /** At least three, no two the same; the last is joined to the first. */
  readonly points: readonly Vector[];
  /** What the inside, not only the border, lies in. */
  readonly bound: Rectangle;
  /** Whether the point that containment is reckoned from is inside. */
  readonly hasOrigin: boolean;
  /** Over the edges; edge n leads from point n to the next. */
  readonly edges: EdgeTree;
}

/** A point that no usual data lie on or in line with. */
const origin: Vector = normalize({ x: 0.004_57, y: 1, z: 0.0321 });

export function createLoop(points: readonly Vector[]): Loop {
  const hasOrigin = findOrigin(points);
  return {
    points,
    hasOrigin,
    bound: boundOf(points, hasOrigin),
    edges: createEdgeTree([...points, points[0] as Vector]),
  };
}

export function loopOfCell(cell: Cell): Loop {
  return createLoop(cornersOf(cell));
}

/** Guesses that the origin is outside, and looks whether then the second point is where the rule for corners has it. */
function findOrigin(points: readonly Vector[]): boolean {
  const [before, at, after] = points as readonly [Vector, Vector, Vector];
  const isInside = isOrdered(orthogonal(at), before, after, at);
  return isInside !== isOddlyCrossed(points, at, false);
}

function isOddlyCrossed(points: readonly Vector[], point: Vector, start: boolean): boolean {
  const first = points[0] as Vector;
  const crosser = createCrosser(origin, point, first);
  let isInside = start;
  for (let index = 1; index < points.length; index += 1)
    if (crosser.crosses(points[index] as Vector)) isInside = !isInside;
  return crosser.crosses(first) ? !isInside : isInside;
}

function boundOf(points: readonly Vector[], hasOrigin: boolean): Rectangle {
  let bound = boundOfChain([...points, points[0] as Vector]);
  if (isOddlyCrossed(points, { x: 0, y: 0, z: 1 }, hasOrigin))
    bound = { south: bound.south, north: halfPi, longitudes: allLongitudes };
  // A loop around the south pole goes all around, or has the north pole in it too.
  if (isAllLongitudes(bound.longitudes) && isOddlyCrossed(points, { x: 0, y: 0, z: -1 }, hasOrigin))
    bound = { ...bound, south: -halfPi };
  return bound;
}

export function loopHasPoint(loop: Loop, point: Vector): boolean {
  return hasPoint(loop.bound, point) && isOddlyCrossed(loop.points, point, loop.hasOrigin);
}

/** Point n, counted on around the loop. */
export function pointAt({ points }: Loop, index: number): Vector {
  return points[index % points.length] as Vector;
}

/** The number of a corner of the loop, at least 1 so that there is one before it; -1 where the point is none. */
export function findPoint({ points }: Loop, wanted: Vector): number {
  for (let index = 1; index <= points.length; index += 1)
    if (isSame(points[index % points.length] as Vector, wanted)) return index;
  return -1;
}

/** What is inside is outside afterwards. */
export function invert(loop: Loop): Loop {
  const points = loop.points.toReversed();
  const hasOrigin = !loop.hasOrigin;
  const { south, north } = loop.bound;
  return {
    points,
    hasOrigin,
    bound: south > -halfPi && north < halfPi ? wholeEarth : boundOf(points, hasOrigin),
    edges: createEdgeTree([...points, points[0] as Vector]),
  };
}

/** Whether it takes up no more than half of the sphere. */
export function isNormal(loop: Loop): boolean {
  return widthOf(loop.bound.longitudes) < Math.PI || turningOf(loop.points) >= -1e-14;
}

/** The loop, or its inverse: whichever takes up no more than half of the sphere. */
export function toNormal(loop: Loop): Loop {
  return isNormal(loop) ? loop : invert(loop);
}

/** The sum of the turns on the way around: above 0 for less than half of the sphere. */
function turningOf(points: readonly Vector[]): number {
  const count = points.length;
  const { first, step } = canonicalStart(points);
  const at = (index: number): Vector =>
    points[(((first + index * step) % count) + count) % count] as Vector;
  let sum = 0;
  for (let index = 0; index < count; index += 1)
    sum += turnAngle(at(index - 1), at(index), at(index + 1));
  return step * sum;
}

/** Where and in which direction to add up, so that rounding is the same for the same loop however it is written. */
function canonicalStart(points: readonly Vector[]): { first: number; step: 1 | -1 } {
  let first = 0;
  for (let index = 1; index < points.length; index += 1)
    if (isBefore(points[index] as Vector, points[first] as Vector)) first = index;
  const next = points[(first + 1) % points.length] as Vector;
  const previous = points[(first + points.length - 1) % points.length] as Vector;
  return { first, step: isBefore(next, previous) ? 1 : -1 };
}
