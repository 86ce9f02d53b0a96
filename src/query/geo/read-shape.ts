/** Shapes as documents store them and as queries write them, with the server's complaints. */
import { Doc } from "../../bson/doc.ts";
import { printBson, printField } from "../../bson/print.ts";
import { isArray, isNumber, type Value } from "../../bson/value.ts";
import { badValue, MongoError } from "../../kit/mongo-error.ts";
import { toDouble } from "../number.ts";
import { createCap } from "./cap.ts";
import { leafAt } from "./cell.ts";
import { createBox, createFlatPolygon } from "./flat.ts";
import { isOnEarth } from "./lat-lng.ts";
import { createPolyline, faultOfLine, type Polyline } from "./polyline.ts";
import { elementsOf, outOfBounds, readPair, readPoints, toPoint } from "./read-coordinates.ts";
import { readBigPolygon, readPolygon, withoutRepeats } from "./read-polygon.ts";
import type { PointShape, QueryShape, SphericalPart, StoredShape } from "./shape.ts";

/**
 * Reads a shape that a document holds: GeoJSON or a legacy pair, after which more may follow.
 *
 * @param name of the field, for messages
 * @throws {MongoError} 2 for what is none
 */
export function readStoredShape(value: Value, name: string): StoredShape {
  if (isPair(value)) return { kind: "point", space: "flat", flat: readPair(value, "allowed") };
  if (value instanceof Doc) return readGeoJson(value);
  throw badValue(`geo element must be an array or object: ${printField(name, value)}`);
}

/** What is read as a legacy pair, if perhaps a wrong one: every array, and documents that begin with a number. */
function isPair(value: Value): boolean {
  if (isArray(value)) return true;
  return value instanceof Doc && value.size > 0 && isNumber(value.valueAt(0));
}

/** As `readStoredShape`, for trying: undefined for what is no shape. */
export function tryStoredShape(value: Value | undefined): StoredShape | undefined {
  if (!isArray(value) && !(value instanceof Doc)) return undefined;
  // The commonest of what is none, without the price of an error.
  if (isArray(value) && !isNumber(value[0])) return undefined;
  try {
    return readStoredShape(value, "");
  } catch (cause) {
    if (cause instanceof MongoError) return undefined;
    throw cause;
  }
}

/** Reads `$box: [[…], […]]` and the like. @throws {MongoError} 2 */
export function readQueryShape(operator: string, operand: Value): QueryShape {
  const read = queryShapes.get(operator);
  const elements = elementsOf(operand);
  if (read === undefined || elements === undefined)
    throw badValue(`unknown geo specifier: ${printField(operator, operand)}`);
  return read(operand, elements);
}

type ReadQueryShape = (operand: Value, elements: readonly Value[]) => QueryShape;

const queryShapes: ReadonlyMap<string, ReadQueryShape> = new Map<string, ReadQueryShape>([
  [
    "$box",
    (_, [a, b]) => ({
      kind: "box",
      box: createBox(readPair(a, "refused"), readPair(b, "refused")),
    }),
  ],
  [
    "$center",
    (_, elements) => {
      const center = readPair(elements[0], "refused");
      return { kind: "circle", circle: { center, radius: readRadius(elements) } };
    },
  ],
  [
    "$centerSphere",
    (_, elements) => {
      const center = toPoint(readPair(elements[0], "refused"));
      return { kind: "cap", cap: createCap(center, readRadius(elements)) };
    },
  ],
  [
    "$polygon",
    (_, elements) => {
      const points = elements.map((each) => readPair(each, "refused"));
      if (points.length < 3) throw badValue("Polygon must have at least 3 points");
      return { kind: "flatPolygon", polygon: createFlatPolygon(points) };
    },
  ],
  ["$geometry", (operand) => readQueryGeometry(operand)],
]);

function readQueryGeometry(operand: Value): QueryShape {
  if (isPair(operand)) return { kind: "point", space: "flat", flat: readPair(operand, "refused") };
  return readGeoJson(operand as Doc);
}

function readRadius(elements: readonly Value[]): number {
  const radius = elements[1];
  if (!isNumber(radius) || !(toDouble(radius) >= 0))
    throw badValue("radius must be a non-negative number");
  if (elements.length > 2) throw badValue("Only 2 fields allowed for circular region");
  return toDouble(radius);
}

/** Reads the point that `$near` starts from: GeoJSON or a legacy pair. @throws {MongoError} 2 */
export function readQueryPoint(value: Value | undefined): PointShape {
  if (value === undefined || elementsOf(value) === undefined)
    throw badValue("Point must be an array or object");
  return isPair(value)
    ? { kind: "point", space: "flat", flat: readPair(value, "refused") }
    : readGeoJsonPoint(value as Doc);
}

/** @throws {MongoError} 2 */
function readGeoJson(doc: Doc): StoredShape {
  const type = doc.get("type");
  const read = typeof type === "string" ? geoJsonTypes.get(type) : undefined;
  if (read === undefined) throw badValue(`unknown GeoJSON type: ${printBson(doc)}`);
  return read(doc);
}

const geoJsonTypes: ReadonlyMap<string, (doc: Doc) => StoredShape> = new Map<
  string,
  (doc: Doc) => StoredShape
>([
  ["Point", readGeoJsonPoint],
  ["LineString", (doc) => single(doc, (value) => ({ kind: "line", line: readLine(value) }))],
  ["Polygon", readGeoJsonPolygon],
  ["MultiPoint", readMultiPoint],
  [
    "MultiLineString",
    (doc) => several(doc, "MultiLineString", (value) => ({ kind: "line", line: readLine(value) })),
  ],
  [
    "MultiPolygon",
    (doc) =>
      several(doc, "MultiPolygon", (value) => ({ kind: "polygon", polygon: readPolygon(value) })),
  ],
  ["GeometryCollection", readCollection],
]);

function readGeoJsonPoint(doc: Doc): PointShape {
  readSystem(doc, "simple");
  const flat = readPair(doc.get("coordinates"), "allowed");
  if (!isOnEarth(flat.x, flat.y)) throw outOfBounds(flat);
  return { kind: "point", space: "sphere", flat };
}

function single(doc: Doc, read: (value: Value | undefined) => SphericalPart): StoredShape {
  readSystem(doc, "simple");
  return { kind: "parts", parts: [read(doc.get("coordinates"))] };
}

function several(doc: Doc, name: string, read: (value: Value) => SphericalPart): StoredShape {
  readSystem(doc, "simple");
  const coordinates = doc.get("coordinates");
  if (!isArray(coordinates)) throw badValue(`${name} coordinates must be an array`);
  const parts = coordinates.map(read);
  if (parts.length === 0) throw badValue(`${name} coordinates must have at least 1 element`);
  return { kind: "parts", parts };
}

function readMultiPoint(doc: Doc): StoredShape {
  readSystem(doc, "simple");
  const points = readPoints(doc.get("coordinates"));
  if (points.length === 0) throw badValue("MultiPoint coordinates must have at least 1 element");
  const parts = points.map<SphericalPart>((point) => ({
    kind: "place",
    place: { point, cell: leafAt(point) },
  }));
  return { kind: "parts", parts };
}

function readGeoJsonPolygon(doc: Doc): StoredShape {
  const coordinates = doc.get("coordinates");
  if (readSystem(doc, "strict") === "strict")
    return { kind: "big", big: readBigPolygon(coordinates) };
  return { kind: "parts", parts: [{ kind: "polygon", polygon: readPolygon(coordinates) }] };
}

function readLine(value: Value | undefined): Polyline {
  const points = withoutRepeats(readPoints(value));
  const shown = (): string => printBson(value ?? null);
  if (points.length < 2)
    throw badValue(`GeoJSON LineString must have at least 2 vertices: ${shown()}`);
  const fault = faultOfLine(points);
  if (fault !== undefined) throw badValue(`GeoJSON LineString is not valid: ${fault} ${shown()}`);
  return createPolyline(points);
}

function readCollection(doc: Doc): StoredShape {
  const geometries = doc.get("geometries");
  if (!isArray(geometries)) throw badValue("GeometryCollection geometries must be an array");
  if (geometries.length === 0)
    throw badValue("GeometryCollection geometries must have at least 1 element");
  return { kind: "parts", parts: geometries.flatMap(readCollected) };
}

function readCollected(value: Value, index: number): readonly SphericalPart[] {
  if (!(value instanceof Doc)) throw badValue(`Element ${index} of "geometries" is not an object`);
  const type = value.get("type");
  if (typeof type !== "string" || !geoJsonTypes.has(type))
    throw badValue(`Unknown GeoJSON type: ${printBson(value)}`);
  if (type === "GeometryCollection")
    throw badValue(`GeometryCollections cannot be nested: ${printBson(value)}`);
  const shape = readGeoJson(value);
  if (shape.kind === "parts") return shape.parts;
  // Atlas: a polygon with strict winding in a collection crashes the original.
  if (shape.kind === "big") throw badValue("Strict winding order is only supported by polygon");
  const point = toPoint(shape.flat);
  return [{ kind: "place", place: { point, cell: leafAt(point) } }];
}

/** Reads `crs`: which system the coordinates are in, and whether the order of the corners matters. */
function readSystem(doc: Doc, allowed: "simple" | "strict"): "simple" | "strict" {
  const system = doc.get("crs");
  if (system === undefined) return "simple";
  if (!(system instanceof Doc) && !isArray(system)) throw badValue("GeoJSON CRS must be an object");
  const of = (name: string): Value | undefined =>
    system instanceof Doc ? system.get(name) : undefined;
  if (of("type") !== "name") throw badValue('GeoJSON CRS must have field "type": "name"');
  const properties = of("properties");
  if (!(properties instanceof Doc) && !isArray(properties))
    throw badValue('CRS must have field "properties" which is an object');
  const name = properties instanceof Doc ? properties.get("name") : undefined;
  if (typeof name !== "string") throw badValue('In CRS, "properties.name" must be a string');
  if (name === "urn:ogc:def:crs:OGC:1.3:CRS84" || name === "EPSG:4326") return "simple";
  if (name !== "urn:x-mongodb:crs:strictwinding:EPSG:4326")
    throw badValue(`Unknown CRS name: ${name}`);
  if (allowed !== "strict") throw badValue("Strict winding order is only supported by polygon");
  return "strict";
}
