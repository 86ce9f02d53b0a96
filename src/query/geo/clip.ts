/** The parts of a line that are in a polygon, or outside of it. */
import { crossesAtVertex, createCrosser, fractionOf, intersectionOf } from "./crossing.ts";
import { createEdgeTree, type EdgeTree } from "./edge-tree.ts";
import { type Polygon, polygonHasPoint } from "./polygon.ts";
import { angleBetween, isBefore, isSame, type Vector } from "./vector.ts";

/** Points nearer than this are one point, in radians. */
const mergeMax = 1.5e-15;

/** A border that is crossed: how far along the edge (0 to 1), and where. */
interface Hit {
  readonly fraction: number;
  readonly at: Vector;
}

/** A ring as it is gone around: with what is inside of the polygon to the left. */
interface Border {
  readonly points: readonly Vector[];
  readonly edges: EdgeTree;
}

const bordersOf = new WeakMap<Polygon, readonly Border[]>();

function getBorders(polygon: Polygon): readonly Border[] {
  const known = bordersOf.get(polygon);
  if (known !== undefined) return known;
  const borders = polygon.rings.map(({ loop, depth }) => {
    const points = depth % 2 === 1 ? loop.points.toReversed() : [...loop.points];
    points.push(points[0] as Vector);
    return { points, edges: createEdgeTree(points) };
  });
  bordersOf.set(polygon, borders);
  return borders;
}

/** The parts of a line within a polygon (or, to "subtract" it, outside): each a chain of points. */
export function clipLine(
  line: readonly Vector[],
  polygon: Polygon,
  keep: "inside" | "outside",
): readonly (readonly Vector[])[] {
  const parts: Vector[][] = [];
  let part: Vector[] = [];
  let isKept = polygonHasPoint(polygon, line[0] as Vector) === (keep === "inside");
  for (let index = 1; index < line.length; index += 1) {
    const [from, to] = [line[index - 1] as Vector, line[index] as Vector];
    const hits = hitsOf(from, to, polygon);
    if (isKept) hits.push({ fraction: 0, at: from });
    isKept = hits.length % 2 === 1;
    if (isKept) hits.push({ fraction: 1, at: to });
    hits.sort(byFraction);
    for (let at = 0; at + 1 < hits.length; at += 2) {
      const [start, end] = [hits[at] as Hit, hits[at + 1] as Hit];
      if (start.fraction === end.fraction && isSame(start.at, end.at)) continue;
      if (part.length > 0 && angleBetween(part.at(-1) as Vector, start.at) > mergeMax) {
        parts.push(part);
        part = [];
      }
      if (part.length === 0) part.push(start.at);
      if (angleBetween(part.at(-1) as Vector, end.at) > mergeMax) part.push(end.at);
    }
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

function byFraction(left: Hit, right: Hit): number {
  if (left.fraction !== right.fraction) return left.fraction - right.fraction;
  if (isSame(left.at, right.at)) return 0;
  return isBefore(left.at, right.at) ? -1 : 1;
}

function hitsOf(from: Vector, to: Vector, polygon: Polygon): Hit[] {
  const hits: Hit[] = [];
  for (const { points, edges } of getBorders(polygon)) {
    const crosser = createCrosser(from, to, from);
    let chainAt = -1;
    edges.visit(from, to, (edge) => {
      const [b0, b1] = [points[edge] as Vector, points[edge + 1] as Vector];
      if (edge !== chainAt) crosser.restart(b0);
      chainAt = edge + 1;
      const crossing = crosser.cross(b1);
      if (crossing > 0) {
        const at = intersectionOf(from, to, b0, b1);
        hits.push({ fraction: fractionOf(at, from, to), at });
      } else if (crossing === 0 && crossesAtVertex(from, to, b0, b1)) {
        // At a corner of the polygon: the crossing is at whichever end of the edge lies on it.
        const isStart = isSame(from, b0) || isSame(from, b1);
        hits.push(isStart ? { fraction: 0, at: from } : { fraction: 1, at: to });
      }
      return true;
    });
  }
  return hits;
}
