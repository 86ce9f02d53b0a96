/** Longitudes and latitudes: in degrees as MongoDB has them, in radians here. */
import { directionOf, sineAndCosine } from "./sine.ts";
import type { Vector } from "./vector.ts";

export const halfPi: number = Math.PI / 2;

/** Metres, as MongoDB takes the earth. */
export const earthRadius = 6_378_100;

export function toRadians(degrees: number): number {
  return (Math.PI / 180) * degrees;
}

export function toDegrees(radians: number): number {
  return (180 / Math.PI) * radians;
}

/** Whether degrees can be a place on earth. */
export function isOnEarth(longitude: number, latitude: number): boolean {
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90;
}

/** The point of the unit sphere. @param longitude -180 to 180 degrees @param latitude -90 to 90 degrees */
export function toVector(longitude: number, latitude: number): Vector {
  const theta = sineAndCosine(toRadians(longitude));
  const phi = sineAndCosine(Math.max(-halfPi, Math.min(halfPi, toRadians(latitude))));
  return { x: theta.cosine * phi.cosine, y: theta.sine * phi.cosine, z: phi.sine };
}

/** In radians. */
export function latitudeOf({ x, y, z }: Vector): number {
  return directionOf(z, Math.sqrt(x * x + y * y));
}

/** In radians. */
export function longitudeOf({ x, y }: Vector): number {
  return directionOf(y, x);
}
