/**
 * What indexes know of shapes: the keys of stored ones, and the keys among which those that match a query are.
 *
 * @module
 */
import { Doc } from "../bson/doc.ts";
import { printBson } from "../bson/print.ts";
import { isNumber, type Value } from "../bson/value.ts";
import { badValue, MongoError } from "../kit/mongo-error.ts";
import { ancestorOf, numberOf, rangeOf } from "./geo/cell-id.ts";
import { leafLevel } from "./geo/cell.ts";
import { coverOnGrid, type Grid, isOnGrid, keyOfPoint, keysOfSquare } from "./geo/grid.ts";
import type { GeoKey } from "./geo/near-space.ts";
import { elementsOf } from "./geo/read-coordinates.ts";
import { readStoredShape } from "./geo/read-shape.ts";
import { partsOf, type QueryShape } from "./geo/shape.ts";
import { coverOnSphere, coverParts } from "./geo/sphere-cover.ts";
import { toDouble } from "./number.ts";

export { eachAlong } from "./geo/distance.ts";
export type { Grid } from "./geo/grid.ts";
export type { GeoKey } from "./geo/near-space.ts";

/** Cells of one shape at most, as on the server. */
const cellsMax = 20;

export interface SphereKeys {
  readonly keys: readonly bigint[];
  /** Whether it is one smallest cell: that of a point. */
  readonly isLeaf: boolean;
}

/**
 * The keys of a stored shape in a `2dsphere` index.
 *
 * @param name of the field, for messages
 * @throws {MongoError} 2 for what is no shape, or none on the sphere
 */
export function sphereKeysOf(value: Value, name: string): SphereKeys {
  const shape = readStoredShape(value, name);
  if (shape.kind === "big") throw badValue("can't index geometry with strict winding order");
  const parts = partsOf(shape);
  if (parts === undefined)
    throw badValue(`can't project geometry into spherical CRS: ${printBson(value)}`);
  const cells = coverParts(parts, cellsMax);
  const [only] = cells;
  return { keys: cells.map(numberOf), isLeaf: cells.length === 1 && only?.level === leafLevel };
}

/**
 * The key of a legacy pair in a `2d` index.
 *
 * @throws {MongoError} 13026, 13027 and 13068; the caller adds the document
 */
export function gridKeyOf(pair: Value, grid: Grid): Buffer {
  const [x, y] = elementsOf(pair) ?? [];
  if (y === undefined) throw new MongoError(13068, "geo field only has 1 element");
  if (!isNumber(x) || !isNumber(y))
    throw new MongoError(13026, "geo values must be 'legacy coordinate pairs' for 2d indexes");
  const point = { x: toDouble(x), y: toDouble(y) };
  if (!isOnGrid(grid, point)) throw new MongoError(13027, notOnGrid(grid));
  return keyOfPoint(grid, point);
}

export function notOnGrid({ low, high }: Grid): string {
  return `point not in interval of [ ${low}, ${high} ]`;
}

/** Keys from the first to the last, both included. */
export interface GeoRange {
  readonly first: GeoKey;
  readonly last: GeoKey;
}

/**
 * The keys of a `2dsphere` index among which all are that a query can match.
 *
 * @param holds "points" where every key of the index is that of a point
 * @returns undefined for a shape of the plane
 */
export function rangesOnSphere(
  shape: QueryShape,
  holds: "points" | "shapes",
): readonly GeoRange[] | undefined {
  const cells = coverOnSphere(shape, cellsMax);
  if (cells === undefined) return undefined;
  const ranges: GeoRange[] = cells.map((cell) => {
    const [first, last] = rangeOf(cell);
    return { first, last };
  });
  if (holds === "points") return ranges;
  // Shapes that are larger than the cells have the cells around them as keys.
  const around = new Set<bigint>();
  for (const cell of cells)
    for (let level = 0; level < cell.level; level += 1)
      around.add(numberOf(ancestorOf(cell, level)));
  return [...ranges, ...[...around].map((key) => ({ first: key, last: key }))];
}

/** The same for a `2d` index. @returns undefined for a shape that it can not answer */
export function rangesOnGrid(shape: QueryShape, grid: Grid): readonly GeoRange[] | undefined {
  return coverOnGrid(shape, grid, cellsMax)?.map((square) => {
    const [first, last] = keysOfSquare(square);
    return { first, last };
  });
}

/** Whether a value of a document counts as none for a `2dsphere` index. */
export function isNoShape(value: Value): boolean {
  if (value === null) return true;
  if (value instanceof Doc) return value.size === 0;
  return Array.isArray(value) && value.length === 0;
}
