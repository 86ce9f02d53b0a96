/**
 * Cells: the sphere as six faces of a cube, each divided into four again and again, thirty times.
 *
 * A cell of level n is named by its face and the coordinates of its corner among 2^30 by 2^30 leaf cells. The curve
 * that orders them is in `cell-id.ts`.
 */
import { halfPi, latitudeOf, longitudeOf } from "./lat-lng.ts";
import { allLongitudes, longitudesBetween, widenLongitudes } from "./longitudes.ts";
import type { Rectangle } from "./rectangle.ts";
import { normalize, type Vector } from "./vector.ts";

export interface Cell {
  /** 0 to 5. */
  readonly face: number;
  /** 0, a whole face, to 30, a leaf of about a square centimetre. */
  readonly level: number;
  /** Of the corner with the lowest coordinates; multiples of 2^(30 - level) below 2^30. */
  readonly i: number;
  readonly j: number;
}

export const leafLevel = 30;
const leaves = 2 ** leafLevel;

/** Leaf cells along a side. */
export function sizeOf({ level }: Cell): number {
  return 2 ** (leafLevel - level);
}

/** Distances along a face as the cube has them (-1 to 1) from those that count cells (0 to 1). */
function toCube(fraction: number): number {
  return fraction >= 0.5
    ? (1 / 3) * (4 * fraction * fraction - 1)
    : (1 / 3) * (1 - 4 * (1 - fraction) * (1 - fraction));
}

function fromCube(distance: number): number {
  return distance >= 0 ? 0.5 * Math.sqrt(1 + 3 * distance) : 1 - 0.5 * Math.sqrt(1 - 3 * distance);
}

/** The leaf cell with a point in it. */
export function leafAt(point: Vector): Cell {
  const face = faceOf(point);
  const [u, v] = onFace(face, point);
  return { face, level: leafLevel, i: toLeaf(u), j: toLeaf(v) };
}

function toLeaf(distance: number): number {
  return Math.max(0, Math.min(leaves - 1, roundHalfEven(leaves * fromCube(distance) - 0.5)));
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

function faceOf({ x, y, z }: Vector): number {
  const [ax, ay, az] = [Math.abs(x), Math.abs(y), Math.abs(z)];
  if (ax > ay && ax > az) return x < 0 ? 3 : 0;
  if (ay >= ax && ay > az) return y < 0 ? 4 : 1;
  return z < 0 ? 5 : 2;
}

/** Where the ray through a point meets the plane of a face. */
function onFace(face: number, { x, y, z }: Vector): readonly [u: number, v: number] {
  switch (face) {
    case 0:
      return [y / x, z / x];
    case 1:
      return [-x / y, z / y];
    case 2:
      return [-x / z, -y / z];
    case 3:
      return [z / x, y / x];
    case 4:
      return [z / y, -x / y];
    default:
      return [-y / z, -x / z];
  }
}

function fromFace(face: number, u: number, v: number): Vector {
  switch (face) {
    case 0:
      return { x: 1, y: u, z: v };
    case 1:
      return { x: -u, y: 1, z: v };
    case 2:
      return { x: -u, y: -v, z: 1 };
    case 3:
      return { x: -1, y: -v, z: -u };
    case 4:
      return { x: v, y: -1, z: -u };
    default:
      return { x: v, y: u, z: -1 };
  }
}

/** The sides of a cell on its face. */
interface Sides {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

function sidesOf(cell: Cell): Sides {
  const size = sizeOf(cell);
  return {
    left: toCube(cell.i / leaves),
    right: toCube((cell.i + size) / leaves),
    bottom: toCube(cell.j / leaves),
    top: toCube((cell.j + size) / leaves),
  };
}

/** The four corners, to the left around the cell. */
export function cornersOf(cell: Cell): readonly [Vector, Vector, Vector, Vector] {
  const { left, right, bottom, top } = sidesOf(cell);
  const corner = (u: number, v: number): Vector => normalize(fromFace(cell.face, u, v));
  return [corner(left, bottom), corner(right, bottom), corner(right, top), corner(left, top)];
}

export function centerOf(cell: Cell): Vector {
  const half = sizeOf(cell) / 2;
  const [u, v] = [toCube((cell.i + half) / leaves), toCube((cell.j + half) / leaves)];
  return normalize(fromFace(cell.face, u, v));
}

/** Whether a point lies in a cell or on its border. */
export function cellHasPoint(cell: Cell, point: Vector): boolean {
  if (!isTowards(cell.face, point)) return false;
  const [u, v] = onFace(cell.face, point);
  const { left, right, bottom, top } = sidesOf(cell);
  return u >= left && u <= right && v >= bottom && v <= top;
}

function isTowards(face: number, point: Vector): boolean {
  const along = [point.x, point.y, point.z][face % 3] as number;
  return face < 3 ? along > 0 : along < 0;
}

/** The four normals of the planes through the sides, in the order of the corners; they point into the cell. */
export function sideNormalsOf(cell: Cell): readonly [Vector, Vector, Vector, Vector] {
  const { left, right, bottom, top } = sidesOf(cell);
  return [
    alongU(cell.face, bottom),
    alongV(cell.face, right),
    negate(alongU(cell.face, top)),
    negate(alongV(cell.face, left)),
  ];
}

function negate({ x, y, z }: Vector): Vector {
  return { x: -x, y: -y, z: -z };
}

/** The normal of an edge that runs upwards at this u. */
function alongV(face: number, u: number): Vector {
  switch (face) {
    case 0:
      return { x: u, y: -1, z: 0 };
    case 1:
      return { x: 1, y: u, z: 0 };
    case 2:
      return { x: 1, y: 0, z: u };
    case 3:
      return { x: -u, y: 0, z: 1 };
    case 4:
      return { x: 0, y: -u, z: 1 };
    default:
      return { x: 0, y: -1, z: -u };
  }
}

/** The normal of an edge that runs rightwards at this v. */
function alongU(face: number, v: number): Vector {
  switch (face) {
    case 0:
      return { x: -v, y: 0, z: 1 };
    case 1:
      return { x: 0, y: -v, z: 1 };
    case 2:
      return { x: 0, y: -1, z: -v };
    case 3:
      return { x: v, y: -1, z: 0 };
    case 4:
      return { x: 1, y: v, z: 0 };
    default:
      return { x: 1, y: 0, z: v };
  }
}

/** The most that rounding changes a latitude or longitude. */
const roundingMax = 2 ** -51;

/** What bounds a cell of level 1 or above. */
export function boundOfCell(cell: Cell): Rectangle {
  const { left, right, bottom, top } = sidesOf(cell);
  const us = [left, right] as const;
  const vs = [bottom, top] as const;
  const [u, v] = [left + right, bottom + top];
  // Which corners are farthest north and south depends on how the face lies, and on the quarter of it.
  const isPolar = cell.face === 2 || cell.face === 5;
  const isUpright = cell.face < 2;
  const i = (isPolar || isUpright ? u < 0 : u > 0) ? 1 : 0;
  const j = (isPolar || !isUpright ? v < 0 : v > 0) ? 1 : 0;
  const corner = (a: number, b: number): Vector =>
    fromFace(cell.face, us[a] as number, vs[b] as number);
  const one = latitudeOf(corner(i, j));
  const other = latitudeOf(corner(1 - i, 1 - j));
  const south = Math.max(-halfPi, Math.min(one, other) - roundingMax);
  const north = Math.min(halfPi, Math.max(one, other) + roundingMax);
  if (south === -halfPi || north === halfPi) return { south, north, longitudes: allLongitudes };
  const longitudes = longitudesBetween(
    longitudeOf(corner(i, 1 - j)),
    longitudeOf(corner(1 - i, j)),
  );
  return { south, north, longitudes: widenLongitudes(longitudes, roundingMax) };
}
