/** What a stored value, or the operand of a query, is on the sphere or on the plane. */
import type { BigPolygon } from "./big-polygon.ts";
import type { Cap } from "./cap.ts";
import { type Cell, leafAt } from "./cell.ts";
import type { Box, Circle, FlatPoint, FlatPolygon } from "./flat.ts";
import { isOnEarth, toVector } from "./lat-lng.ts";
import type { Polygon } from "./polygon.ts";
import type { Polyline } from "./polyline.ts";
import type { Vector } from "./vector.ts";

/** A point as it was written, in degrees if it is on the sphere. */
export interface PointShape {
  readonly kind: "point";
  readonly space: "flat" | "sphere";
  readonly flat: FlatPoint;
}

/** A point on the sphere with the leaf cell that it lies in. */
export interface Place {
  readonly point: Vector;
  readonly cell: Cell;
}

/** The parts of a shape on the sphere. */
export type SphericalPart =
  | { readonly kind: "place"; readonly place: Place }
  | { readonly kind: "line"; readonly line: Polyline }
  | { readonly kind: "polygon"; readonly polygon: Polygon };

/** Shapes that documents hold. */
export type StoredShape =
  | PointShape
  /** GeoJSON but a single point: all of its parts. */
  | { readonly kind: "parts"; readonly parts: readonly SphericalPart[] }
  /** A polygon with strict winding: no document with one matches anything. */
  | { readonly kind: "big"; readonly big: BigPolygon };

/** Shapes that queries ask by. */
export type QueryShape =
  | StoredShape
  | { readonly kind: "box"; readonly box: Box }
  | { readonly kind: "circle"; readonly circle: Circle }
  | { readonly kind: "flatPolygon"; readonly polygon: FlatPolygon }
  | { readonly kind: "cap"; readonly cap: Cap };

/** A point as a place on the sphere; undefined where there is none. */
export function toPlace({ flat: { x, y } }: PointShape): Place | undefined {
  if (!isOnEarth(x, y)) return undefined;
  const point = toVector(x, y);
  return { point, cell: leafAt(point) };
}

/** The parts of a stored shape on the sphere; undefined where it has no place there. */
export function partsOf(shape: StoredShape): readonly SphericalPart[] | undefined {
  if (shape.kind === "parts") return shape.parts;
  if (shape.kind === "big") return undefined;
  const place = toPlace(shape);
  return place === undefined ? undefined : [{ kind: "place", place }];
}
