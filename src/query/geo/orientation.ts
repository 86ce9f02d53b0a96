/**
 * On which side of a great circle a point lies, decided for every three points.
 *
 * The rules are those of the server's geometry library: coordinates in doubles, and where they can not tell, a fixed
 * rule that does not depend on the order of the points. Whatever is built on it (crossings, containment) is consistent.
 */
import {
  add,
  angleBetween,
  cross,
  dot,
  isBefore,
  isSame,
  orthogonal,
  scale,
  squareOf,
  subtract,
  type Vector,
} from "./vector.ts";

/** Beyond this, rounding can not have turned a determinant's sign. */
const determinantErrorMax = 0.8e-15;

/**
 * 1 when a, b and c turn left, -1 when they turn right, 0 when two of them are the same point.
 *
 * @param crossed a × b, where it is at hand
 */
export function orientation(a: Vector, b: Vector, c: Vector, crossed?: Vector): -1 | 0 | 1 {
  const determinant = dot(crossed ?? cross(a, b), c);
  if (determinant > determinantErrorMax) return 1;
  if (determinant < -determinantErrorMax) return -1;
  return closeOrientation(a, b, c);
}

/** For points that lie (almost) on one great circle. */
function closeOrientation(a: Vector, b: Vector, c: Vector): -1 | 0 | 1 {
  if (isSame(a, b) || isSame(b, c) || isSame(c, a)) return 0;
  const sign = stableDeterminant(a, b, c);
  if (sign > 0) return 1;
  if (sign < 0) return -1;
  // Exactly on one great circle as far as doubles tell: decided by the turn in one plane after the other.
  return (
    planarOrder(a.y, a.z, b.y, b.z, c.y, c.z) ||
    planarOrder(a.z, a.x, b.z, b.x, c.z, c.x) ||
    planarOrder(a.x, a.y, b.x, b.y, c.x, c.y)
  );
}

/** The determinant reckoned from the shorter two of the differences (or sums, for points almost opposite). */
function stableDeterminant(a: Vector, b: Vector, c: Vector): number {
  const signAb = dot(a, b) > 0 ? -1 : 1;
  const signBc = dot(b, c) > 0 ? -1 : 1;
  const signCa = dot(c, a) > 0 ? -1 : 1;
  const ab = add(a, scale(b, signAb));
  const bc = add(b, scale(c, signBc));
  const ca = add(c, scale(a, signCa));
  const [lengthAb, lengthBc, lengthCa] = [squareOf(ab), squareOf(bc), squareOf(ca)];
  if (lengthCa < lengthBc || (lengthCa === lengthBc && isBefore(a, b))) {
    if (lengthAb < lengthBc || (lengthAb === lengthBc && isBefore(a, c)))
      return dot(cross(ab, ca), a) * signAb;
    return dot(cross(ca, bc), c) * signCa;
  }
  if (lengthAb < lengthCa || (lengthAb === lengthCa && isBefore(b, c)))
    return dot(cross(bc, ab), b) * signBc;
  return dot(cross(ca, bc), c) * signCa;
}

function planarOrder(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  cx: number,
  cy: number,
): -1 | 0 | 1 {
  const sum = planarTurn(ax, ay, bx, by) + planarTurn(bx, by, cx, cy) + planarTurn(cx, cy, ax, ay);
  if (sum === 0) return 0;
  return sum > 0 ? 1 : -1;
}

/** The turn from one vector of the plane to another: 1 to the left. */
function planarTurn(ax: number, ay: number, bx: number, by: number): -1 | 0 | 1 {
  const sign = ax * bx + ay * by > 0 ? -1 : 1;
  const [dx, dy] = [ax + sign * bx, ay + sign * by];
  const [lengthA, lengthB] = [ax * ax + ay * ay, bx * bx + by * by];
  const isAFirst =
    lengthA < lengthB || (lengthA === lengthB && (ax < bx || (ax === bx && ay < by)));
  const turn = isAFirst ? (ax * dy - ay * dx) * sign : dx * by - dy * bx;
  if (turn === 0) return 0;
  return turn > 0 ? 1 : -1;
}

/** Whether going left around `center` from a, b comes before (or at) c. True for a = b and b = c, else false for a = c. */
export function isOrdered(a: Vector, b: Vector, c: Vector, center: Vector): boolean {
  let sum = 0;
  if (orientation(b, center, a) >= 0) sum += 1;
  if (orientation(c, center, b) >= 0) sum += 1;
  if (orientation(a, center, c) > 0) sum += 1;
  return sum >= 2;
}

/** Whether a, b and c turn left, by the plain sign of the determinant. */
export function turnsLeft(a: Vector, b: Vector, c: Vector): boolean {
  return dot(cross(c, a), b) > 0;
}

/** A direction at right angles to both points, also where they (almost) are the same or opposite. */
export function robustCross(a: Vector, b: Vector): Vector {
  const crossed = cross(add(b, a), subtract(b, a));
  return crossed.x === 0 && crossed.y === 0 && crossed.z === 0 ? orthogonal(a) : crossed;
}

/** The angle by which a walk from a over b to c turns at b, in radians; to the left is positive. */
export function turnAngle(a: Vector, b: Vector, c: Vector): number {
  const angle = angleBetween(robustCross(b, a), robustCross(c, b));
  return orientation(a, b, c) > 0 ? angle : -angle;
}
