/** Coverings of shapes on the sphere by cells. */
import { type Cap, radiusOf } from "./cap.ts";
import { type Cell, centerOf, cornersOf } from "./cell.ts";
import { faces, quartersOf } from "./cell-id.ts";
import { apart, type Area, cover, type Division, unionOf, within } from "./cover.ts";
import { distanceToEdge } from "./edge.ts";
import { type Loop, loopHasPoint, pointAt } from "./loop.ts";
import { polygonHasPoint } from "./polygon.ts";
import { partsOf, type QueryShape, type SphericalPart, toPlace } from "./shape.ts";
import { add, angleBetween, dot, normalize, squareOf, type Vector } from "./vector.ts";

/** Leaf cells count by their borders, and reckoning is not exact: far more than either, some centimetres. */
const slack = 1e-8;

/** Smaller cells would hold no less of what lies in a query. */
const levelMax = 23;

const cells: Division<Cell, Vector> = {
  whole: faces,
  partsOf: quartersOf,
  discOf(cell) {
    const center = centerOf(cell);
    let radius = 0;
    for (const each of cornersOf(cell)) radius = Math.max(radius, angleBetween(center, each));
    return { center, radius: radius + slack };
  },
  levelOf: ({ level }) => level,
  levelMax,
};

/** Cells that together hold a shape; undefined for one that is not on the sphere. */
export function coverOnSphere(shape: QueryShape, most: number): readonly Cell[] | undefined {
  const area = areaOf(shape);
  return area === undefined ? undefined : cover(area, cells, most);
}

/** Cells that together hold the parts of a shape: of a point its leaf cell. */
export function coverParts(parts: readonly SphericalPart[], most: number): readonly Cell[] {
  const [only] = parts;
  if (parts.length === 1 && only?.kind === "place") return [only.place.cell];
  return cover(unionOf(parts.map(areaOfPart)), cells, most);
}

function areaOf(shape: QueryShape): Area<Vector> | undefined {
  switch (shape.kind) {
    case "point": {
      const place = toPlace(shape);
      return place === undefined ? undefined : areaOfPart({ kind: "place", place });
    }
    case "parts":
      return unionOf((partsOf(shape) ?? []).map(areaOfPart));
    case "big":
      return areaOfEdges(edgesOf(shape.big.loop), (point) => loopHasPoint(shape.big.loop, point));
    case "cap":
      return areaOfCap(shape.cap);
    default:
      return undefined;
  }
}

/** An edge, and a disc around it, for a first look. */
interface Edge {
  readonly from: Vector;
  readonly to: Vector;
  readonly middle: Vector;
  /** Cosine and sine of the disc's radius. */
  readonly cosine: number;
  readonly sine: number;
}

function toEdge(from: Vector, to: Vector): Edge {
  const sum = add(from, to);
  // Between points that are almost opposite each other there is no middle to speak of: no first look then.
  if (squareOf(sum) < 1e-6) return { from, to, middle: sum, cosine: -1, sine: 0 };
  const middle = normalize(sum);
  const radius = angleBetween(middle, from) + slack;
  return { from, to, middle, cosine: Math.cos(radius), sine: Math.sin(radius) };
}

function areaOfPart(part: SphericalPart): Area<Vector> {
  switch (part.kind) {
    case "place":
      return areaOfEdges([toEdge(part.place.point, part.place.point)], () => false);
    case "line": {
      const { points } = part.line;
      const edges = points.slice(1).map((to, index) => toEdge(points[index] as Vector, to));
      return areaOfEdges(edges, () => false);
    }
    case "polygon": {
      const { polygon } = part;
      const edges = polygon.rings.flatMap(({ loop }) => edgesOf(loop));
      return areaOfEdges(edges, (point) => polygonHasPoint(polygon, point));
    }
  }
}

function edgesOf(loop: Loop): readonly Edge[] {
  return loop.points.map((from, index) => toEdge(from, pointAt(loop, index + 1)));
}

function areaOfEdges(edges: readonly Edge[], holds: (point: Vector) => boolean): Area<Vector> {
  return (center, radius) => {
    const [cosine, sine] = [Math.cos(radius), Math.sin(radius)];
    const near = edges.filter((edge) => {
      // Apart when the angle is above the sum of the radii: by its cosine, which spares the angle.
      const isFar = dot(center, edge.middle) < cosine * edge.cosine - sine * edge.sine;
      return !isFar && distanceToEdge(center, edge.from, edge.to) <= radius;
    });
    // With no border in the piece, one of its points tells about all of them.
    if (near.length === 0) return holds(center) ? within : apart;
    return { kind: "mixed", inner: areaOfEdges(near, holds) };
  };
}

function areaOfCap(cap: Cap): Area<Vector> {
  const reach = radiusOf(cap);
  const area: Area<Vector> = (center, radius) => {
    const distance = angleBetween(center, cap.center);
    if (distance > reach + radius) return apart;
    return distance + radius <= reach ? within : { kind: "mixed", inner: area };
  };
  return area;
}
