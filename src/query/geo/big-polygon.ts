/** A single loop that may take up more than half of the sphere: what is to its left, whatever its size. */
import type { Cell } from "./cell.ts";
import { clipLine } from "./clip.ts";
import { invert, isNormal, type Loop, loopHasPoint, loopOfCell } from "./loop.ts";
import { loopsOverlap } from "./loop-relation.ts";
import { boundOfCell } from "./cell.ts";
import { createPolygon, type Polygon, polygonHasPolygon, polygonsOverlap } from "./polygon.ts";
import { createPolyline, linesMeet, type Polyline } from "./polyline.ts";
import { overlap } from "./rectangle.ts";
import type { Vector } from "./vector.ts";

export interface BigPolygon {
  readonly loop: Loop;
  /** Whether it takes up no more than half of the sphere. */
  readonly isNormal: boolean;
  /** The loop, or its inverse, as a polygon. */
  readonly normal: Polygon;
  readonly border: Polyline;
}

export function createBigPolygon(loop: Loop): BigPolygon {
  const isSmall = isNormal(loop);
  return {
    loop,
    isNormal: isSmall,
    normal: createPolygon([isSmall ? loop : invert(loop)]),
    border: createPolyline([...loop.points, loop.points[0] as Vector]),
  };
}

export function bigPolygonHasPoint({ loop }: BigPolygon, point: Vector): boolean {
  return loopHasPoint(loop, point);
}

/** Whether it has a point in common with a cell of level 1 or above. */
export function bigPolygonTouchesCell({ loop }: BigPolygon, cell: Cell): boolean {
  return overlap(loop.bound, boundOfCell(cell)) && loopsOverlap(loopOfCell(cell), loop);
}

export function bigPolygonHasPolygon(big: BigPolygon, polygon: Polygon): boolean {
  return big.isNormal
    ? polygonHasPolygon(big.normal, polygon)
    : !polygonsOverlap(big.normal, polygon);
}

export function bigPolygonHasLine(big: BigPolygon, { points }: Polyline): boolean {
  return clipLine(points, big.normal, big.isNormal ? "outside" : "inside").length === 0;
}

export function bigPolygonMeetsPolygon(big: BigPolygon, polygon: Polygon): boolean {
  if (big.isNormal) return polygonsOverlap(big.normal, polygon);
  return polygon.rings.some(({ loop, depth }) => depth === 0 && loopsOverlap(big.loop, loop));
}

export function bigPolygonMeetsLine(big: BigPolygon, line: Polyline): boolean {
  return linesMeet(big.border, line) || loopHasPoint(big.loop, line.points[0] as Vector);
}
