/** Whether and where two edges (arcs of great circles below 180°) cross. */
import { isOrdered, orientation, robustCross } from "./orientation.ts";
import {
  add,
  angleBetween,
  cross,
  dot,
  isBefore,
  isSame,
  normalize,
  orthogonal,
  scale,
  squareOf,
  subtract,
  type Vector,
} from "./vector.ts";

/** 1: they cross within both; 0: they share an end; -1: neither. */
export type Crossing = -1 | 0 | 1;

/** Tests one edge against a chain of others, each of which begins where the one before it ended. */
export interface Crosser {
  /** Begins a new chain. */
  restart(at: Vector): void;
  /** Tests the edge from where the chain is to this point. */
  cross(to: Vector): Crossing;
  /** The same as yes or no, such that the number of crossings tells inside from outside. */
  crosses(to: Vector): boolean;
}

export function createCrosser(a: Vector, b: Vector, start: Vector): Crosser {
  const crossed = cross(a, b);
  let c = start;
  let acb = -orientation(a, b, c, crossed);
  const crosser: Crosser = {
    restart(at) {
      c = at;
      acb = -orientation(a, b, c, crossed);
    },
    cross(d) {
      const bda = orientation(a, b, d, crossed);
      const from = c;
      const before = acb;
      c = d;
      acb = -bda;
      if (bda === -before && bda !== 0) return -1;
      if (bda === 0 || before === 0) return 0;
      const along = cross(from, d);
      if (-orientation(from, d, b, along) !== before) return -1;
      return orientation(from, d, a, along) === before ? 1 : -1;
    },
    crosses(d) {
      const from = c;
      const crossing = crosser.cross(d);
      return crossing === 0 ? crossesAtVertex(a, b, from, d) : crossing > 0;
    },
  };
  return crosser;
}

/** Whether edges that share an end count as crossing: a fixed rule, by which each point is in exactly one of two areas. */
export function crossesAtVertex(a: Vector, b: Vector, c: Vector, d: Vector): boolean {
  if (isSame(a, b) || isSame(c, d)) return false;
  if (isSame(a, d)) return isOrdered(orthogonal(a), c, b, a);
  if (isSame(b, c)) return isOrdered(orthogonal(b), d, a, b);
  if (isSame(a, c)) return isOrdered(orthogonal(a), d, b, a);
  if (isSame(b, d)) return isOrdered(orthogonal(b), c, a, b);
  return false;
}

/** Where two edges that cross do so. */
export function intersectionOf(a0: Vector, a1: Vector, b0: Vector, b1: Vector): Vector {
  const normalA = normalize(robustCross(a0, a1));
  const normalB = normalize(robustCross(b0, b1));
  let at = normalize(robustCross(normalA, normalB));
  // Of the two points in which great circles meet, the one on the edges' side.
  if (dot(at, add(add(a0, a1), add(b0, b1))) < 0) at = scale(at, -1);
  if (isOrdered(a0, at, a1, normalA) && isOrdered(b0, at, b1, normalB)) return at;
  return nearestEnd(at, { a0, a1, b0, b1, normalA, normalB });
}

/** Almost parallel edges: the end that lies on the other edge and is nearest. */
function nearestEnd(
  at: Vector,
  edges: Readonly<Record<"a0" | "a1" | "b0" | "b1" | "normalA" | "normalB", Vector>>,
): Vector {
  const { a0, a1, b0, b1, normalA, normalB } = edges;
  let least = 10;
  let nearest = at;
  const consider = (end: Vector, from: Vector, to: Vector, normal: Vector): void => {
    if (!isOrdered(from, end, to, normal)) return;
    const distance = squareOf(subtract(at, end));
    if (distance < least || (distance === least && isBefore(end, nearest))) {
      least = distance;
      nearest = end;
    }
  };
  consider(a0, b0, b1, normalB);
  consider(a1, b0, b1, normalB);
  consider(b0, a0, a1, normalA);
  consider(b1, a0, a1, normalA);
  return nearest;
}

/** How far along the edge a point on it lies: 0 at a, 1 at b. */
export function fractionOf(at: Vector, a: Vector, b: Vector): number {
  const [toA, toB] = [angleBetween(at, a), angleBetween(at, b)];
  return toA / (toA + toB);
}
