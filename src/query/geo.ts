/**
 * Shapes on the sphere and on the plane: reading them, and whether one contains or meets another.
 *
 * On the sphere edges are arcs of great circles, and all is decided as MongoDB's geometry library decides it (the
 * first public S2), down to points on a border. For indexes see `geo-index.ts`, for distances `geo-distance.ts`.
 *
 * @module
 */
import type { Value } from "../bson/value.ts";
import { tryStoredShape } from "./geo/read-shape.ts";
import { compileContains, compileMeets } from "./geo/relation.ts";
import type { QueryShape } from "./geo/shape.ts";

export { isOnEarth } from "./geo/lat-lng.ts";
export { nearOperators, readNear } from "./geo/near.ts";
export type { Near } from "./geo/near.ts";
export { readQueryShape } from "./geo/read-shape.ts";
export type { QueryShape } from "./geo/shape.ts";

export type GeoRelation = "within" | "intersects";

/** Compiles the test of a document's value: false for what is no shape. */
export function compileGeo(
  relation: GeoRelation,
  shape: QueryShape,
): (value: Value | undefined) => boolean {
  const test = relation === "within" ? compileContains(shape) : compileMeets(shape);
  return (value) => {
    const stored = tryStoredShape(value);
    return stored !== undefined && stored.kind !== "big" && test(stored);
  };
}
