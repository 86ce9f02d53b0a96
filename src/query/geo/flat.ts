/** The plane: points as pairs of coordinates, and the shapes of `$box`, `$center` and `$polygon`. */

export interface FlatPoint {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly low: FlatPoint;
  readonly high: FlatPoint;
}

export interface Circle {
  readonly center: FlatPoint;
  readonly radius: number;
}

/** A ring of corners, the last joined to the first. */
export interface FlatPolygon {
  readonly points: readonly FlatPoint[];
  readonly bound: Box;
}

export function createBox(a: FlatPoint, b: FlatPoint): Box {
  return {
    low: { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y) },
    high: { x: Math.max(a.x, b.x), y: Math.max(a.y, b.y) },
  };
}

export function createFlatPolygon(points: readonly FlatPoint[]): FlatPolygon {
  const bound = points.reduce<Box>(
    ({ low, high }, { x, y }) => ({
      low: { x: Math.min(low.x, x), y: Math.min(low.y, y) },
      high: { x: Math.max(high.x, x), y: Math.max(high.y, y) },
    }),
    { low: { x: Infinity, y: Infinity }, high: { x: -Infinity, y: -Infinity } },
  );
  return { points, bound };
}

export function boxHasPoint({ low, high }: Box, { x, y }: FlatPoint): boolean {
  return x >= low.x && x <= high.x && y >= low.y && y <= high.y;
}

export function circleHasPoint({ center, radius }: Circle, point: FlatPoint): boolean {
  return compareDistance(center, point, radius) <= 0;
}

/**
 * Above, at or below 0 as two points are farther apart than the distance, as far, or less far.
 *
 * Along an axis it is added and not subtracted: 51.9999 + 0.0001 is 52, but 52 - 51.9999 is more than 0.0001.
 */
export function compareDistance(a: FlatPoint, b: FlatPoint, distance: number): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  if (dx === 0) return b.y > a.y ? b.y - (a.y + distance) : a.y - (b.y + distance);
  if (dy === 0) return b.x > a.x ? b.x - (a.x + distance) : a.x - (b.x + distance);
  return Math.sqrt(dx * dx + dy * dy) - distance;
}

export function flatDistance(a: FlatPoint, b: FlatPoint): number {
  const [dx, dy] = [a.x - b.x, a.y - b.y];
  if (dx === 0) return Math.abs(dy);
  if (dy === 0) return Math.abs(dx);
  return Math.sqrt(dx * dx + dy * dy);
}

/** Whether a point is in a polygon, by the number of edges that a ray from it to the right crosses, or on its border. */
export function flatPolygonHasPoint({ points }: FlatPolygon, { x, y }: FlatPoint): boolean {
  let isInside = false;
  let a = points[0] as FlatPoint;
  for (let index = 1; index <= points.length; index += 1) {
    const b = points[index % points.length] as FlatPoint;
    if (isCornerOrLevel(a, b, x, y)) return true;
    if (y > Math.min(a.y, b.y) && y <= Math.max(a.y, b.y) && x <= Math.max(a.x, b.x)) {
      if (a.x === b.x && x === a.x) return true;
      const meetsAt = ((y - a.y) * (b.x - a.x)) / (b.y - a.y) + a.x;
      if (a.x === b.x || x <= meetsAt) isInside = !isInside;
    }
    a = b;
  }
  return isInside;
}

/** On an end of the edge, or on an edge that the ray would run along. */
function isCornerOrLevel(a: FlatPoint, b: FlatPoint, x: number, y: number): boolean {
  if ((y === a.y && x === a.x) || (y === b.y && x === b.x)) return true;
  return a.y === b.y && y === a.y && x >= Math.min(a.x, b.x) && x <= Math.max(a.x, b.x);
}
