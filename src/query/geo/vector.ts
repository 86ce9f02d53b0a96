/** Points on the unit sphere, and directions, as three coordinates. */
import { directionOf } from "./sine.ts";

export interface Vector {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export function add(a: Vector, b: Vector): Vector {
  return { x: a.x + b.x, y: a.y + b.y, z: a.z + b.z };
}

export function subtract(a: Vector, b: Vector): Vector {
  return { x: a.x - b.x, y: a.y - b.y, z: a.z - b.z };
}

export function scale(a: Vector, factor: number): Vector {
  return { x: a.x * factor, y: a.y * factor, z: a.z * factor };
}

export function dot(a: Vector, b: Vector): number {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

export function cross(a: Vector, b: Vector): Vector {
  return {
    x: a.y * b.z - a.z * b.y,
    y: a.z * b.x - a.x * b.z,
    z: a.x * b.y - a.y * b.x,
  };
}

/** The square of the length. */
export function squareOf(a: Vector): number {
  return dot(a, a);
}

export function lengthOf(a: Vector): number {
  return Math.sqrt(dot(a, a));
}

/** The vector of length 1 in the same direction; the zero vector stays as it is. */
export function normalize(a: Vector): Vector {
  const length = lengthOf(a);
  return length === 0 ? a : scale(a, 1 / length);
}

/** In radians, accurate for small angles too. */
export function angleBetween(a: Vector, b: Vector): number {
  return directionOf(lengthOf(cross(a, b)), dot(a, b));
}

export function isSame(a: Vector, b: Vector): boolean {
  return a.x === b.x && a.y === b.y && a.z === b.z;
}

/** By x, then y, then z. */
export function isBefore(a: Vector, b: Vector): boolean {
  if (a.x !== b.x) return a.x < b.x;
  if (a.y !== b.y) return a.y < b.y;
  return a.z < b.z;
}

/** A unit vector at right angles to a unit vector: the same one each time, and none that common data lie on. */
export function orthogonal(a: Vector): Vector {
  const [x, y, z] = [Math.abs(a.x), Math.abs(a.y), Math.abs(a.z)];
  const largest = largestOf(x, y, z);
  const other = { x: 0.012, y: 0.0053, z: 0.00457 };
  // The axis before the largest component's is the one that is surely not parallel.
  const axis = (["z", "x", "y"] as const)[largest];
  return normalize(cross(a, { ...other, [axis]: 1 }));
}

function largestOf(x: number, y: number, z: number): 0 | 1 | 2 {
  if (x > y) return x > z ? 0 : 2;
  return y > z ? 1 : 2;
}
