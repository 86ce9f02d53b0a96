/** The space around a center as a search goes through it: pieces that hold keys of an index, and how near they are. */
import {
  boxOfSquare,
  type Grid,
  keysOfSquare,
  quartersOfSquare,
  type Square,
  wholeGrid,
} from "./grid.ts";
import { cellHasPoint, cornersOf, type Cell, leafLevel } from "./cell.ts";
import { faces, numberOf, quartersOf, rangeOf } from "./cell-id.ts";
import { distanceToEdge } from "./edge.ts";
import type { Box, FlatPoint } from "./flat.ts";
import { flatDistance } from "./flat.ts";
import { earthRadius, toVector } from "./lat-lng.ts";
import type { Near } from "./near.ts";
import type { Vector } from "./vector.ts";

/** A value of the index's geographic field. */
export type GeoKey = bigint | Buffer;

export interface SpacePiece {
  /** No point of the piece is nearer: metres or units, as `Distance`. */
  readonly nearest: number;
  /** The keys of what lies in the piece, both included. */
  readonly first: GeoKey;
  readonly last: GeoKey;
  /** The key of shapes that take up this piece, and are not in its parts. */
  readonly own: GeoKey | undefined;
  /** Undefined for the smallest pieces. */
  readonly parts: (() => readonly SpacePiece[]) | undefined;
}

/** Room for rounding, in radians: some centimetres. */
const slack = 1e-8;

/** The sphere as a `2dsphere` index divides it. */
export function sphereAround({ center }: Near): readonly SpacePiece[] {
  const from = toVector(center.x, center.y);
  const toPiece = (cell: Cell): SpacePiece => {
    const [first, last] = rangeOf(cell);
    return {
      nearest: Math.max(0, distanceToCell(from, cell) - slack) * earthRadius,
      first,
      last,
      own: cell.level === leafLevel ? undefined : numberOf(cell),
      parts: cell.level === leafLevel ? undefined : () => quartersOf(cell).map(toPiece),
    };
  };
  return faces.map(toPiece);
}

/** In radians. */
function distanceToCell(from: Vector, cell: Cell): number {
  if (cellHasPoint(cell, from)) return 0;
  const corners = cornersOf(cell);
  let least = Infinity;
  for (let side = 0; side < 4; side += 1) {
    const to = corners[(side + 1) % 4] as Vector;
    least = Math.min(least, distanceToEdge(from, corners[side] as Vector, to));
  }
  return least;
}

/** The plane as a `2d` index divides it; distances are those on the sphere where the query asks for those. */
export function planeAround({ center, isSpherical }: Near, grid: Grid): readonly SpacePiece[] {
  const distance = isSpherical ? sphericalDistanceToBox(center) : flatDistanceToBox(center);
  const toPiece = (square: Square): SpacePiece => {
    const [first, last] = keysOfSquare(square);
    const isSmallest = square.level === grid.bits;
    return {
      nearest: distance(boxOfSquare(grid, square)),
      first,
      last,
      own: undefined,
      parts: isSmallest ? undefined : () => quartersOfSquare(square).map(toPiece),
    };
  };
  return [toPiece(wholeGrid)];
}

function flatDistanceToBox(from: FlatPoint): (box: Box) => number {
  return ({ low, high }) => {
    const nearest = {
      x: Math.max(low.x, Math.min(high.x, from.x)),
      y: Math.max(low.y, Math.min(high.y, from.y)),
    };
    return flatDistance(from, nearest) * (1 - 1e-12);
  };
}

/** A bound only: the nearest point of a box of degrees has the latitude or the longitude of one of its sides. */
function sphericalDistanceToBox(center: FlatPoint): (box: Box) => number {
  const from = toVector(center.x, center.y);
  return ({ low, high }) => {
    const south = Math.max(-90, low.y);
    const north = Math.min(90, high.y);
    const [west, east] = [Math.max(-180, low.x), Math.min(180, high.x)];
    if (south > north || west > east) return Infinity;
    if (center.x >= west && center.x <= east) {
      const beyond = Math.max(0, south - center.y, center.y - north);
      return Math.max(0, (beyond * Math.PI) / 180 - slack) * earthRadius;
    }
    const side = (longitude: number): number =>
      distanceToEdge(from, toVector(longitude, south), toVector(longitude, north));
    const least = north - south < 180 ? Math.min(side(west), side(east)) : 0;
    return Math.max(0, least - slack) * earthRadius;
  };
}
