/** Lines: chains of edges. */
import { cellHasPoint, cornersOf, type Cell } from "./cell.ts";
import { createCrosser } from "./crossing.ts";
import { closestOnEdge, distanceToEdge, isEdgeNear } from "./edge.ts";
import { createEdgeTree, type EdgeTree } from "./edge-tree.ts";
import { boundOfChain, overlap, type Rectangle } from "./rectangle.ts";
import { angleBetween, isSame, type Vector } from "./vector.ts";

export interface Polyline {
  readonly points: readonly Vector[];
  readonly bound: Rectangle;
  readonly edges: EdgeTree;
}

export function createPolyline(points: readonly Vector[]): Polyline {
  return { points, bound: boundOfChain(points), edges: createEdgeTree(points) };
}

/** @returns what is wrong, in the server's words; undefined for a valid line */
export function faultOfLine(points: readonly Vector[]): string | undefined {
  for (let index = 1; index < points.length; index += 1) {
    const [a, b] = [points[index - 1] as Vector, points[index] as Vector];
    const isOpposite = a.x === -b.x && a.y === -b.y && a.z === -b.z;
    if (isSame(a, b) || isOpposite)
      return `Vertices ${index - 1} and ${index} are identical or antipodal`;
  }
  return undefined;
}

/** Whether two lines cross or share a corner. */
export function linesMeet(a: Polyline, b: Polyline): boolean {
  if (!overlap(a.bound, b.bound)) return false;
  for (let index = 1; index < a.points.length; index += 1) {
    const [from, to] = [a.points[index - 1] as Vector, a.points[index] as Vector];
    const crosser = createCrosser(from, to, from);
    let doMeet = false;
    b.edges.visit(from, to, (edge) => {
      crosser.restart(b.points[edge] as Vector);
      doMeet = crosser.cross(b.points[edge + 1] as Vector) >= 0;
      return !doMeet;
    });
    if (doMeet) return true;
  }
  return false;
}

/** Whether a line goes through a cell. */
export function lineTouchesCell({ points, edges }: Polyline, cell: Cell): boolean {
  if (points.some((each) => cellHasPoint(cell, each))) return true;
  const corners = cornersOf(cell);
  return corners.some((from, side) => {
    const to = corners[(side + 1) % 4] as Vector;
    const crosser = createCrosser(from, to, from);
    let isTouched = false;
    edges.visit(from, to, (edge) => {
      crosser.restart(points[edge] as Vector);
      isTouched = crosser.cross(points[edge + 1] as Vector) >= 0;
      return !isTouched;
    });
    return isTouched;
  });
}

/** In radians. */
export function distanceToLine({ points }: Polyline, point: Vector): number {
  const [first] = points;
  if (points.length === 1 && first !== undefined) return angleBetween(point, first);
  let least = 10;
  let nearest = 0;
  for (let index = 1; index < points.length; index += 1) {
    const distance = distanceToEdge(point, points[index - 1] as Vector, points[index] as Vector);
    if (distance >= least) continue;
    least = distance;
    nearest = index;
  }
  const [from, to] = [points[nearest - 1], points[nearest]];
  if (from === undefined || to === undefined) return least;
  return angleBetween(point, closestOnEdge(point, from, to));
}

/** Where two walkers are: one on edge i of the covering line, one on edge j of the covered. */
interface Walk {
  readonly i: number;
  readonly j: number;
  /** Whether the second is at point j; else at the point of edge j that is nearest to point i. */
  readonly isAtPoint: boolean;
}

/**
 * Whether one can walk along both lines, never back, and stay together within the tolerance.
 *
 * @param tolerance radians
 */
export function nearlyCovers(
  line: readonly Vector[],
  covered: readonly Vector[],
  tolerance: number,
): boolean {
  const pending = startsOf(line, covered, tolerance);
  const done = new Set<number>();
  for (let walk = pending.pop(); walk !== undefined; walk = pending.pop()) {
    const key = (walk.i * covered.length + walk.j) * 2 + (walk.isAtPoint ? 1 : 0);
    if (done.has(key)) continue;
    done.add(key);
    const { i, j } = walk;
    const nextI = nextPoint(line, i);
    const nextJ = nextPoint(covered, j);
    if (nextJ === covered.length) return true;
    if (nextI === line.length) continue;
    const [toI, toJ] = [line[nextI] as Vector, covered[nextJ] as Vector];
    const [atI, atJ] = placesOf(walk, line[i] as Vector, toI, covered[j] as Vector, toJ);
    if (isEdgeNear(atJ, toJ, atI, toI, tolerance)) pending.push({ i: nextI, j, isAtPoint: false });
    if (isEdgeNear(atI, toI, atJ, toJ, tolerance)) pending.push({ i, j: nextJ, isAtPoint: true });
  }
  return false;
}

function placesOf(
  { isAtPoint }: Walk,
  fromI: Vector,
  toI: Vector,
  fromJ: Vector,
  toJ: Vector,
): readonly [Vector, Vector] {
  if (isAtPoint) return [closestOnEdge(fromJ, fromI, toI), fromJ];
  return [fromI, closestOnEdge(fromI, fromJ, toJ)];
}

/** The edges of the line on which the walk can begin. */
function startsOf(line: readonly Vector[], covered: readonly Vector[], tolerance: number): Walk[] {
  const [start] = covered as readonly [Vector];
  const found: Walk[] = [];
  for (let i = 0, next = nextPoint(line, 0); next < line.length;) {
    const end = line[next] as Vector;
    const closest = closestOnEdge(start, line[i] as Vector, end);
    if (!isSame(closest, end) && angleBetween(closest, start) <= tolerance)
      found.push({ i, j: 0, isAtPoint: true });
    i = next;
    next = nextPoint(line, next);
  }
  return found;
}

/** The number of the next point that is another one; the length where there is none. */
function nextPoint(points: readonly Vector[], index: number): number {
  const at = points[index] as Vector;
  let next = index + 1;
  while (next < points.length && isSame(points[next] as Vector, at)) next += 1;
  return next;
}
