/** Caps: all points within an angle of a center. */
import { cellHasPoint, cornersOf, sideNormalsOf, type Cell } from "./cell.ts";
import { arcOfSine, sineAndCosine } from "./sine.ts";
import { cross, dot, scale, squareOf, subtract, type Vector } from "./vector.ts";

export interface Cap {
  readonly center: Vector;
  /** 0, the center only, to 2, the whole sphere: how far it reaches along its axis. */
  readonly height: number;
}

/** @param radians not negative; π and more give the whole sphere */
export function createCap(center: Vector, radians: number): Cap {
  if (radians >= Math.PI) return { center, height: 2 };
  const { sine } = sineAndCosine(0.5 * radians);
  return { center, height: 2 * sine * sine };
}

/** The angle between the center and the border; -1 for an empty one. */
export function radiusOf({ height }: Cap): number {
  return height < 0 ? -1 : 2 * arcOfSine(Math.sqrt(0.5 * height));
}

/** The rest of the sphere. */
export function complementOf({ center, height }: Cap): Cap {
  return { center: scale(center, -1), height: height >= 2 ? -1 : 2 - Math.max(height, 0) };
}

function capHasPoint({ center, height }: Cap, point: Vector): boolean {
  return squareOf(subtract(center, point)) <= 2 * height;
}

/** Whether a cap and a cell have a point in common. */
export function capTouchesCell(cap: Cap, cell: Cell): boolean {
  const corners = cornersOf(cell);
  if (corners.some((each) => capHasPoint(cap, each))) return true;
  // No corner is in it: of a half sphere and more, and of nothing, there is no other part of the cell either.
  if (cap.height >= 1 || cap.height < 0) return false;
  if (cellHasPoint(cell, cap.center)) return true;
  const squareOfSine = cap.height * (2 - cap.height);
  const normals = sideNormalsOf(cell);
  for (let side = 0; side < 4; side += 1) {
    const normal = normals[side] as Vector;
    const along = dot(cap.center, normal);
    // The center is on the inner side of this one: if the cap reaches it, it also reaches one opposite.
    if (along > 0) continue;
    if (along * along > squareOfSine * squareOf(normal)) return false;
    const towards = cross(normal, cap.center);
    const [from, to] = [corners[side] as Vector, corners[(side + 1) % 4] as Vector];
    if (dot(towards, from) < 0 && dot(towards, to) > 0) return true;
  }
  return false;
}
