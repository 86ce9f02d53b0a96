/** Areas between two latitudes and two longitudes: what bounds others. In radians. */
import {
  allLongitudes,
  hasLongitude,
  hasLongitudes,
  joinLongitudes,
  type Longitudes,
  longitudesBetween,
  noLongitudes,
  shareLongitudes,
  isAllLongitudes,
} from "./longitudes.ts";
import { halfPi, latitudeOf, longitudeOf } from "./lat-lng.ts";
import { robustCross } from "./orientation.ts";
import { cross, dot, lengthOf, type Vector } from "./vector.ts";

export interface Rectangle {
  readonly south: number;
  /** Below `south` when there is nothing in it. */
  readonly north: number;
  readonly longitudes: Longitudes;
}

export const wholeEarth: Rectangle = { south: -halfPi, north: halfPi, longitudes: allLongitudes };
export const nowhere: Rectangle = { south: 1, north: 0, longitudes: noLongitudes };

export function isNowhere({ south, north }: Rectangle): boolean {
  return south > north;
}

export function isWholeEarth({ south, north, longitudes }: Rectangle): boolean {
  return south === -halfPi && north === halfPi && isAllLongitudes(longitudes);
}

export function hasPoint({ south, north, longitudes }: Rectangle, point: Vector): boolean {
  const latitude = latitudeOf(point);
  return latitude >= south && latitude <= north && hasLongitude(longitudes, longitudeOf(point));
}

export function hasRectangle(outer: Rectangle, inner: Rectangle): boolean {
  const holdsLatitudes =
    isNowhere(inner) || (inner.south >= outer.south && inner.north <= outer.north);
  return holdsLatitudes && hasLongitudes(outer.longitudes, inner.longitudes);
}

export function overlap(left: Rectangle, right: Rectangle): boolean {
  const shareLatitudes =
    left.south <= right.south
      ? right.south <= left.north && right.south <= right.north
      : left.south <= right.north && left.south <= left.north;
  return shareLatitudes && shareLongitudes(left.longitudes, right.longitudes);
}

/** The smallest one that holds both. */
export function join(left: Rectangle, right: Rectangle): Rectangle {
  const longitudes = joinLongitudes(left.longitudes, right.longitudes);
  if (isNowhere(left)) return { south: right.south, north: right.north, longitudes };
  if (isNowhere(right)) return { south: left.south, north: left.north, longitudes };
  return {
    south: Math.min(left.south, right.south),
    north: Math.max(left.north, right.north),
    longitudes,
  };
}

/** What bounds the edges from each point to the next. */
export function boundOfChain(points: readonly Vector[]): Rectangle {
  const [first] = points;
  if (first === undefined) return nowhere;
  let latitude = latitudeOf(first);
  let longitude = longitudeOf(first);
  let bound: Rectangle = {
    south: latitude,
    north: latitude,
    longitudes: longitudesBetween(longitude, longitude),
  };
  for (let index = 1; index < points.length; index += 1) {
    const [a, b] = [points[index - 1] as Vector, points[index] as Vector];
    const nextLatitude = latitudeOf(b);
    const nextLongitude = longitudeOf(b);
    bound = join(bound, {
      south: Math.min(latitude, nextLatitude),
      north: Math.max(latitude, nextLatitude),
      longitudes: longitudesBetween(longitude, nextLongitude),
    });
    bound = withExtreme(bound, a, b);
    latitude = nextLatitude;
    longitude = nextLongitude;
  }
  return bound;
}

/** An edge can be farther north or south than its ends. */
function withExtreme(bound: Rectangle, a: Vector, b: Vector): Rectangle {
  const normal = robustCross(a, b);
  const towards = cross(normal, { x: 0, y: 0, z: 1 });
  const fromA = dot(towards, a);
  if (fromA * dot(towards, b) >= 0) return bound;
  const extreme = Math.acos(Math.abs(normal.z / lengthOf(normal)));
  const { south, north } = bound;
  return {
    south: fromA < 0 ? south : Math.min(-extreme, south),
    north: fromA < 0 ? Math.max(extreme, north) : north,
    // So near a pole, it is not sure on which side the edge passes it.
    longitudes: extreme >= halfPi - 1e-15 ? allLongitudes : bound.longitudes,
  };
}
