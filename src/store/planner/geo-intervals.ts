/** The keys of a `2dsphere` or `2d` index among which the documents of a condition on shapes are. */
import type { FilterNode } from "../../query/filter-node.ts";
import { type GeoKey, type GeoRange, rangesOnGrid, rangesOnSphere } from "../../query/geo-index.ts";
import type { StoredIndex } from "../catalog.ts";
import { writeGeoKey } from "../geo-keys.ts";
import { createKeyBuffer } from "../key-buffer.ts";
import { type Interval, type Intervals, successor, union } from "./intervals.ts";

export type GeoNode = Extract<FilterNode, { kind: "geo" }>;

/** @returns undefined where the index can not answer the condition */
export function geoIntervals(
  index: StoredIndex,
  field: number,
  { shape, relation }: GeoNode,
): Intervals | undefined {
  const { geo } = index.definition;
  if (geo === undefined) return undefined;
  const holds = index.multikey[field] === true ? "shapes" : "points";
  if (geo.kind === "2d" && relation === "intersects") return undefined;
  const ranges = geo.kind === "2d" ? rangesOnGrid(shape, geo.grid) : rangesOnSphere(shape, holds);
  return ranges === undefined ? undefined : union(ranges.map(toInterval));
}

function toInterval({ first, last }: GeoRange): Interval {
  return {
    low: geoPartOf(first),
    high: successor(geoPartOf(last)),
    isPoint: false,
    text: `[${textOf(first)}, ${textOf(last)}]`,
  };
}

export function geoPartOf(key: GeoKey): Buffer {
  const part = createKeyBuffer(9);
  writeGeoKey(part, key);
  return part.bytes.subarray(0, part.length);
}

/** As `explain` shows it. */
function textOf(key: GeoKey): string {
  return typeof key === "bigint"
    ? String(key)
    : `BinData(128, ${key.toString("hex").toUpperCase()})`;
}
