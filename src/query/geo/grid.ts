/** The grid of a `2d` index: a square of the plane, divided into four again and again. */
import { apart, type Area, cover, type Division, within } from "./cover.ts";
import {
  type Box,
  circleHasPoint,
  flatDistance,
  type FlatPoint,
  flatPolygonHasPoint,
} from "./flat.ts";
import { type Cap, radiusOf } from "./cap.ts";
import { latitudeOf, longitudeOf, toDegrees } from "./lat-lng.ts";
import type { QueryShape } from "./shape.ts";

export interface Grid {
  /** How often it is divided: 1 to 32. */
  readonly bits: number;
  /** Of both coordinates, both included. */
  readonly low: number;
  readonly high: number;
}

/** A square of the grid: its level, and its lower left corner in units of 2^-32 of the whole. */
export interface Square {
  readonly level: number;
  readonly x: number;
  readonly y: number;
}

const units = 2 ** 32;

export const wholeGrid: Square = { level: 0, x: 0, y: 0 };

export function isOnGrid({ low, high }: Grid, { x, y }: FlatPoint): boolean {
  return x >= low && x <= high && y >= low && y <= high;
}

/** The key of the smallest square with a point in it: eight bytes that sort as the squares lie on the curve. */
export function keyOfPoint(grid: Grid, { x, y }: FlatPoint): Buffer {
  const size = 2 ** (32 - grid.bits);
  const toUnits = (value: number): number => {
    const scaled = Math.floor(((value - grid.low) / (grid.high - grid.low)) * units);
    const inside = Math.max(0, Math.min(units - 1, scaled));
    return inside - (inside % size);
  };
  return keyOf(toUnits(x), toUnits(y));
}

/** The keys of the points in a square: from the first to the second, both included. */
export function keysOfSquare({ level, x, y }: Square): readonly [Buffer, Buffer] {
  const size = 2 ** (32 - level);
  return [keyOf(x, y), keyOf(x + size - 1, y + size - 1)];
}

function keyOf(x: number, y: number): Buffer {
  const key = Buffer.allocUnsafe(8);
  key.writeUInt32BE(interleave(Math.floor(x / 65_536), Math.floor(y / 65_536)), 0);
  key.writeUInt32BE(interleave(x % 65_536, y % 65_536), 4);
  return key;
}

/** The bits of two numbers of 16 bits by turns, those of the first before those of the second. */
function interleave(x: number, y: number): number {
  return ((spread(x) << 1) | spread(y)) >>> 0;
}

function spread(value: number): number {
  let bits = value;
  bits = (bits | (bits << 8)) & 0x00ff_00ff;
  bits = (bits | (bits << 4)) & 0x0f0f_0f0f;
  bits = (bits | (bits << 2)) & 0x3333_3333;
  return (bits | (bits << 1)) & 0x5555_5555;
}

export function quartersOfSquare({ level, x, y }: Square): readonly Square[] {
  const half = 2 ** (31 - level);
  const next = level + 1;
  return [
    { level: next, x, y },
    { level: next, x, y: y + half },
    { level: next, x: x + half, y },
    { level: next, x: x + half, y: y + half },
  ];
}

/** A square in coordinates, with room for rounding. */
export function boxOfSquare(grid: Grid, { level, x, y }: Square): Box {
  const scale = (grid.high - grid.low) / units;
  const size = 2 ** (32 - level);
  const room = 4 * scale + Math.max(Math.abs(grid.low), Math.abs(grid.high)) * 1e-15;
  return {
    low: { x: grid.low + x * scale - room, y: grid.low + y * scale - room },
    high: { x: grid.low + (x + size) * scale + room, y: grid.low + (y + size) * scale + room },
  };
}

/** Squares that together hold all points of a shape; undefined for one that is not on the plane. */
export function coverOnGrid(
  shape: QueryShape,
  grid: Grid,
  most: number,
): readonly Square[] | undefined {
  const area = areaOf(shape);
  if (area === undefined) return undefined;
  const squares: Division<Square, FlatPoint> = {
    whole: [wholeGrid],
    partsOf: quartersOfSquare,
    discOf(square) {
      const { low, high } = boxOfSquare(grid, square);
      const center = { x: (low.x + high.x) / 2, y: (low.y + high.y) / 2 };
      return { center, radius: flatDistance(low, high) / 2 };
    },
    levelOf: ({ level }) => level,
    levelMax: grid.bits,
  };
  return cover(area, squares, most);
}

function areaOf(shape: QueryShape): Area<FlatPoint> | undefined {
  switch (shape.kind) {
    case "box":
      return areaOfBox(shape.box);
    case "circle": {
      const { circle } = shape;
      return areaOfBorder(
        (point) => Math.abs(flatDistance(point, circle.center) - circle.radius),
        (point) => circleHasPoint(circle, point),
      );
    }
    case "flatPolygon": {
      const { polygon } = shape;
      const edges = polygon.points.map((from, index): FlatEdge => {
        const to = polygon.points[(index + 1) % polygon.points.length] as FlatPoint;
        return [from, to];
      });
      return areaOfEdges(edges, (point) => flatPolygonHasPoint(polygon, point));
    }
    case "cap": {
      const box = boxOfCap(shape.cap);
      return box === undefined ? undefined : areaOfBox(box);
    }
    default:
      return undefined;
  }
}

type FlatEdge = readonly [FlatPoint, FlatPoint];

function areaOfBox({ low, high }: Box): Area<FlatPoint> {
  const area: Area<FlatPoint> = ({ x, y }, radius) => {
    if (x + radius < low.x || x - radius > high.x || y + radius < low.y || y - radius > high.y)
      return apart;
    const isWithin =
      x - radius >= low.x && x + radius <= high.x && y - radius >= low.y && y + radius <= high.y;
    return isWithin ? within : { kind: "mixed", inner: area };
  };
  return area;
}

function areaOfBorder(
  distance: (point: FlatPoint) => number,
  holds: (point: FlatPoint) => boolean,
): Area<FlatPoint> {
  const area: Area<FlatPoint> = (center, radius) => {
    if (distance(center) <= radius) return { kind: "mixed", inner: area };
    return holds(center) ? within : apart;
  };
  return area;
}

function areaOfEdges(
  edges: readonly FlatEdge[],
  holds: (point: FlatPoint) => boolean,
): Area<FlatPoint> {
  return (center, radius) => {
    const near = edges.filter((edge) => distanceToFlatEdge(center, edge) <= radius);
    if (near.length === 0) return holds(center) ? within : apart;
    return { kind: "mixed", inner: areaOfEdges(near, holds) };
  };
}

function distanceToFlatEdge(point: FlatPoint, [from, to]: FlatEdge): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : ((point.x - from.x) * dx + (point.y - from.y) * dy) / square;
  const fraction = Math.max(0, Math.min(1, along));
  return flatDistance(point, { x: from.x + fraction * dx, y: from.y + fraction * dy });
}

/** A cap in degrees; undefined where it goes over a pole or across 180°, for there a grid has its edges. */
function boxOfCap(cap: Cap): Box | undefined {
  const reach = radiusOf(cap) + 1e-8;
  const latitude = latitudeOf(cap.center);
  if (latitude - reach <= -Math.PI / 2 || latitude + reach >= Math.PI / 2) return undefined;
  const sine = Math.sin(reach) / Math.cos(latitude);
  if (sine >= 1) return undefined;
  const width = Math.asin(sine);
  const longitude = longitudeOf(cap.center);
  if (longitude - width <= -Math.PI || longitude + width >= Math.PI) return undefined;
  return {
    low: { x: toDegrees(longitude - width), y: toDegrees(latitude - reach) },
    high: { x: toDegrees(longitude + width), y: toDegrees(latitude + reach) },
  };
}
