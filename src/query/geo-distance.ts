/**
 * Distances for `$near`: of documents, and of the pieces of space that an index divides the sphere or the plane into.
 *
 * @module
 */
export { compileDistance, reachOf } from "./geo/distance.ts";
export type { Distance } from "./geo/distance.ts";
export { planeAround, sphereAround } from "./geo/near-space.ts";
export type { SpacePiece } from "./geo/near-space.ts";
export { earthRadius } from "./geo/lat-lng.ts";
export { isOnGrid } from "./geo/grid.ts";
