/**
 * Numbers of cells: along a curve on which cells that follow each other lie beside each other.
 *
 * 64 bits: three for the face, two for each level, then a one and zeros. All cells within a cell have numbers around
 * its own. As MongoDB stores them, they are signed.
 */
import { type Cell, leafLevel, sizeOf } from "./cell.ts";

/** Per direction of the curve, in which order it visits the quarters: 2 × (right half) + (upper half) → place. */
const placeOfQuarter = [
  [0, 1, 3, 2],
  [0, 3, 1, 2],
  [2, 3, 1, 0],
  [2, 1, 3, 0],
] as const;

/** How the direction changes in the quarter at each place. */
const turnAtPlace = [1, 0, 0, 3] as const;

const halfLevels = leafLevel / 2;

/** The number of a cell. */
export function numberOf(cell: Cell): bigint {
  const { face, i, j, level } = cell;
  let direction = face & 1;
  let [high, low] = [0, 0];
  for (let at = leafLevel - 1; at >= 0; at -= 1) {
    const quarter = ((i >>> at) & 1) * 2 + ((j >>> at) & 1);
    const place = (placeOfQuarter[direction] as readonly number[])[quarter] as number;
    direction ^= turnAtPlace[place] as number;
    if (at >= halfLevels) high = high * 4 + place;
    else low = low * 4 + place;
  }
  const leaf = (((BigInt(face * 2 ** leafLevel + high) << 30n) | BigInt(low)) << 1n) | 1n;
  if (level === leafLevel) return BigInt.asIntN(64, leaf);
  const lowest = lowestBit(level);
  return BigInt.asIntN(64, (leaf & -lowest) | lowest);
}

/** The bit that tells the level of a cell: the last one that is set in its number. */
function lowestBit(level: number): bigint {
  return 1n << BigInt(2 * (leafLevel - level));
}

/** The least and greatest numbers of what lies in a cell, the cell itself included. */
export function rangeOf(cell: Cell): readonly [least: bigint, greatest: bigint] {
  const number = numberOf(cell);
  const reach = lowestBit(cell.level) - 1n;
  return [number - reach, number + reach];
}

/** The cell of a lower level that a cell lies in. */
export function ancestorOf(cell: Cell, level: number): Cell {
  const size = 2 ** (leafLevel - level);
  const { face, i, j } = cell;
  return { face, level, i: i - (i % size), j: j - (j % size) };
}

/** The four quarters of a cell. */
export function quartersOf(cell: Cell): readonly Cell[] {
  const { face, i, j } = cell;
  const level = cell.level + 1;
  const half = sizeOf(cell) / 2;
  return [
    { face, level, i, j },
    { face, level, i: i + half, j },
    { face, level, i, j: j + half },
    { face, level, i: i + half, j: j + half },
  ];
}

/** The cells of level 0. */
export const faces: readonly Cell[] = [0, 1, 2, 3, 4, 5].map((face) => ({
  face,
  level: 0,
  i: 0,
  j: 0,
}));
