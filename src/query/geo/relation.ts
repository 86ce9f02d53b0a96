/** Whether the shape of a query contains, or meets, the shape of a document. */
import {
  bigPolygonHasLine,
  bigPolygonHasPoint,
  bigPolygonHasPolygon,
  bigPolygonMeetsLine,
  bigPolygonMeetsPolygon,
  bigPolygonTouchesCell,
  type BigPolygon,
} from "./big-polygon.ts";
import { type Cap, capTouchesCell, complementOf, radiusOf } from "./cap.ts";
import { clipLine } from "./clip.ts";
import { boxHasPoint, circleHasPoint, flatPolygonHasPoint } from "./flat.ts";
import { toRadians } from "./lat-lng.ts";
import {
  distanceToPolygon,
  type Polygon,
  polygonHasPoint,
  polygonHasPolygon,
  polygonsOverlap,
  polygonTouchesCell,
} from "./polygon.ts";
import {
  distanceToLine,
  linesMeet,
  lineTouchesCell,
  nearlyCovers,
  type Polyline,
} from "./polyline.ts";
import {
  type Place,
  partsOf,
  type QueryShape,
  type SphericalPart,
  type StoredShape,
} from "./shape.ts";

export type ShapeTest = (shape: StoredShape) => boolean;

/** Compiles `$geoWithin`: whether all of a document's shape is in that of the query. */
export function compileContains(query: QueryShape): ShapeTest {
  switch (query.kind) {
    case "box":
      return (shape) => shape.kind === "point" && boxHasPoint(query.box, shape.flat);
    case "circle":
      return (shape) => shape.kind === "point" && circleHasPoint(query.circle, shape.flat);
    case "flatPolygon":
      return (shape) => shape.kind === "point" && flatPolygonHasPoint(query.polygon, shape.flat);
    case "cap":
      return everyPart((part) => capHasPart(query.cap, part));
    case "big":
      return everyPart((part) => bigPolygonHasPart(query.big, part));
    case "parts": {
      const polygons = query.parts.flatMap((each) =>
        each.kind === "polygon" ? [each.polygon] : [],
      );
      return everyPart((part) => polygons.some((each) => polygonHasPart(each, part)));
    }
    case "point":
      // Nothing is within a point.
      return () => false;
  }
}

/** Compiles `$geoIntersects`: whether a document's shape and that of the query have a point in common. */
export function compileMeets(query: QueryShape): ShapeTest {
  switch (query.kind) {
    case "big":
      return somePart((part) => bigPolygonMeetsPart(query.big, part));
    case "point":
    case "parts": {
      const own = partsOf(query) ?? [];
      return somePart((part) => own.some((each) => partsMeet(each, part)));
    }
    default:
      // The server takes `$centerSphere` here and finds nothing.
      return () => false;
  }
}

function everyPart(test: (part: SphericalPart) => boolean): ShapeTest {
  return (shape) => partsOf(shape)?.every(test) === true;
}

function somePart(test: (part: SphericalPart) => boolean): ShapeTest {
  return (shape) => partsOf(shape)?.some(test) === true;
}

/** Points on the border belong to a polygon, too: their leaf cell has a part in it. */
function polygonHasPlace(polygon: Polygon, { point, cell }: Place): boolean {
  return polygonHasPoint(polygon, point) || polygonTouchesCell(polygon, cell);
}

/** How far a clipped line may be from the line that it was. */
const coverTolerance = toRadians(1e-10);

function polygonHasLine(polygon: Polygon, { points }: Polyline): boolean {
  const [only, another] = clipLine(points, polygon, "inside");
  if (only === undefined || another !== undefined) return false;
  return nearlyCovers(only, points, coverTolerance);
}

function polygonHasPart(polygon: Polygon, part: SphericalPart): boolean {
  switch (part.kind) {
    case "place":
      return polygonHasPlace(polygon, part.place);
    case "line":
      return polygonHasLine(polygon, part.line);
    case "polygon":
      return polygonHasPolygon(polygon, part.polygon);
  }
}

function bigPolygonHasPart(big: BigPolygon, part: SphericalPart): boolean {
  switch (part.kind) {
    case "place": {
      const { point, cell } = part.place;
      return bigPolygonHasPoint(big, point) || bigPolygonTouchesCell(big, cell);
    }
    case "line":
      return bigPolygonHasLine(big, part.line);
    case "polygon":
      return bigPolygonHasPolygon(big, part.polygon);
  }
}

function capHasPart(cap: Cap, part: SphericalPart): boolean {
  switch (part.kind) {
    case "place":
      return capTouchesCell(cap, part.place.cell);
    case "line": {
      const rest = complementOf(cap);
      return !(distanceToLine(part.line, rest.center) < radiusOf(rest));
    }
    case "polygon": {
      const rest = complementOf(cap);
      return !(distanceToPolygon(part.polygon, rest.center) < radiusOf(rest));
    }
  }
}

function bigPolygonMeetsPart(big: BigPolygon, part: SphericalPart): boolean {
  switch (part.kind) {
    case "place":
      return bigPolygonTouchesCell(big, part.place.cell);
    case "line":
      return bigPolygonMeetsLine(big, part.line);
    case "polygon":
      return bigPolygonMeetsPolygon(big, part.polygon);
  }
}

function partsMeet(a: SphericalPart, b: SphericalPart): boolean {
  if (b.kind === "place") return partTouches(a, b.place);
  if (a.kind === "place") return partTouches(b, a.place);
  if (a.kind === "line")
    return b.kind === "line" ? linesMeet(b.line, a.line) : lineMeetsPolygon(a.line, b.polygon);
  if (b.kind === "line") return lineMeetsPolygon(b.line, a.polygon);
  return polygonsOverlap(b.polygon, a.polygon);
}

function lineMeetsPolygon({ points }: Polyline, polygon: Polygon): boolean {
  return clipLine(points, polygon, "inside").length > 0;
}

function partTouches(part: SphericalPart, { cell }: Place): boolean {
  switch (part.kind) {
    case "place": {
      const own = part.place.cell;
      return own.face === cell.face && own.i === cell.i && own.j === cell.j;
    }
    case "line":
      return lineTouchesCell(part.line, cell);
    case "polygon":
      return polygonTouchesCell(part.polygon, cell);
  }
}
