import { expect, test } from "vitest";
import { parseEjson } from "../bson/parse-ejson.ts";
import type { Doc } from "../bson/doc.ts";
import { DateTime } from "../bson/value.ts";
import type { QueryEnvironment } from "./environment.ts";
import { parseFilter } from "./filter.ts";
import { compileMatch } from "./match.ts";

const environment: QueryEnvironment = {
  now: new DateTime(0),
  random: () => 0.5,
  variables: new Map(),
};

function read(value: string): Doc {
  return parseEjson(Buffer.from(`{"g":${value}}`));
}

/** Each row was answered so by a mongod 6.0, in a `$match`. */
test.for<[condition: string, code: number, message: string]>([
  ['{"$geoWithin":1}', 2, "geometry must be an object"],
  ['{"$geoWithin":{}}', 2, "geo query doesn't have any geometry"],
  ['{"$geoWithin":{"$foo":1}}', 2, "unknown geo specifier: $foo: 1"],
  ['{"$geoWithin":{"$box":[[0,0]]}}', 2, "Point must be an array or object"],
  ['{"$geoWithin":{"$box":[[0,0],[1,1,1]]}}', 2, "Point must only contain two numeric elements"],
  ['{"$geoWithin":{"$center":[[0,0],-1]}}', 2, "radius must be a non-negative number"],
  ['{"$geoWithin":{"$center":[[0,0],1,2]}}', 2, "Only 2 fields allowed for circular region"],
  [
    '{"$geoWithin":{"$centerSphere":[[200,0],1]}}',
    2,
    "longitude/latitude is out of bounds, lng: 200 lat: 0",
  ],
  ['{"$geoWithin":{"$polygon":[[0,0],[1,1]]}}', 2, "Polygon must have at least 3 points"],
  [
    '{"$geoWithin":{"$geometry":{"type":"Point","coordinates":[1,1]}}}',
    2,
    '$within not supported with provided geometry: { $geoWithin: { $geometry: { type: "Point", coordinates: [ 1, 1 ] } } }',
  ],
  [
    '{"$geoIntersects":{"$box":[[0,0],[1,1]]}}',
    2,
    "$geoIntersect not supported with provided geometry: { $geoIntersects: { $box: [ [ 0, 0 ], [ 1, 1 ] ] } }",
  ],
  [
    '{"$geoIntersects":{"$geometry":[200,1]}}',
    2,
    "$geoIntersect not supported with provided geometry: { $geoIntersects: { $geometry: [ 200, 1 ] } }",
  ],
  ['{"$geoWithin":{"$geometry":{"type":"Foo"}}}', 2, 'unknown GeoJSON type: { type: "Foo" }'],
  ['{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[]}}}', 2, "Polygon has no loops."],
  [
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[]]}}}',
    2,
    "Loop has no vertices: []",
  ],
  [
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[1,1],[2,2]]]}}}',
    2,
    "Loop is not closed: [ [ 1, 1 ], [ 2, 2 ] ]",
  ],
  [
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[1,1],[2,2],[1,1]]]}}}',
    2,
    "Loop must have at least 3 different vertices: [ [ 1, 1 ], [ 2, 2 ], [ 1, 1 ] ]",
  ],
  [
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[5,5],[5,0],[0,5],[0,0]]]}}}',
    2,
    "Loop is not valid: [ [ 0, 0 ], [ 5, 5 ], [ 5, 0 ], [ 0, 5 ], [ 0, 0 ] ] Edges 0 and 2 cross. Edge locations in degrees: [0.0000000, 0.0000000]-[5.0000000, 5.0000000] and [0.0000000, 5.0000000]-[5.0000000, 0.0000000]",
  ],
  [
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[5,0],[5,5],[0,0],[0,5],[0,0]]]}}}',
    2,
    "Loop is not valid: [ [ 0, 0 ], [ 5, 0 ], [ 5, 5 ], [ 0, 0 ], [ 0, 5 ], [ 0, 0 ] ] Duplicate vertices: 0 and 3",
  ],
  [
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[10,10],[11,10],[11,11],[10,10]]]}}}',
    2,
    "Secondary loops not contained by first exterior loop - secondary loops must be holes: [ [ 10, 10 ], [ 11, 10 ], [ 11, 11 ], [ 10, 10 ] ] first loop: [ [ 0, 0 ], [ 4, 0 ], [ 4, 4 ], [ 0, 4 ], [ 0, 0 ] ]",
  ],
  [
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[3,1],[3,3],[1,1]],[[2,1.2],[2.5,1.2],[2.5,1.5],[2,1.2]]]}}}',
    2,
    "Polygon interior loops cannot be nested: [ [ [ 0, 0 ], [ 4, 0 ], [ 4, 4 ], [ 0, 4 ], [ 0, 0 ] ], [ [ 1, 1 ], [ 3, 1 ], [ 3, 3 ], [ 1, 1 ] ], [ [ 2, 1.2 ], [ 2.5, 1.2 ], [ 2.5, 1.5 ], [ 2, 1.2 ] ] ]",
  ],
  [
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[0,0],[4,0],[2,2],[0,0]]]}}}',
    2,
    "Polygon isn't valid: Duplicate edge: loop 1, edge 0 and loop 0, edge 0 [ [ [ 0, 0 ], [ 4, 0 ], [ 4, 4 ], [ 0, 4 ], [ 0, 0 ] ], [ [ 0, 0 ], [ 4, 0 ], [ 2, 2 ], [ 0, 0 ] ] ]",
  ],
  [
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[0,0],[2,1],[4,4],[0,0]]]}}}',
    2,
    "Loop 1 shares more than one vertex with its parent loop 0: [ [ [ 0, 0 ], [ 4, 0 ], [ 4, 4 ], [ 0, 4 ], [ 0, 0 ] ], [ [ 0, 0 ], [ 2, 1 ], [ 4, 4 ], [ 0, 0 ] ] ]",
  ],
  [
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[3,1],[3,3],[1,1]],[[2,2.5],[3.5,2.5],[2,0.5],[2,2.5]]]}}}',
    2,
    "Polygon isn't valid: Loop 1 crosses loop 2 [ [ [ 0, 0 ], [ 4, 0 ], [ 4, 4 ], [ 0, 4 ], [ 0, 0 ] ], [ [ 1, 1 ], [ 3, 1 ], [ 3, 3 ], [ 1, 1 ] ], [ [ 2, 2.5 ], [ 3.5, 2.5 ], [ 2, 0.5 ], [ 2, 2.5 ] ] ]",
  ],
  [
    '{"$geoWithin":{"$geometry":{"type":"MultiPolygon","coordinates":[]}}}',
    2,
    "MultiPolygon coordinates must have at least 1 element",
  ],
  [
    '{"$geoIntersects":{"$geometry":{"type":"LineString","coordinates":[[1,1],[1,1]]}}}',
    2,
    "GeoJSON LineString must have at least 2 vertices: [ [ 1, 1 ], [ 1, 1 ] ]",
  ],
  [
    '{"$geoIntersects":{"$geometry":{"type":"MultiPoint","coordinates":[]}}}',
    2,
    "MultiPoint coordinates must have at least 1 element",
  ],
  [
    '{"$geoIntersects":{"$geometry":{"type":"GeometryCollection","geometries":[]}}}',
    2,
    "GeometryCollection geometries must have at least 1 element",
  ],
  [
    '{"$geoIntersects":{"$geometry":{"type":"GeometryCollection","geometries":[{"type":"GeometryCollection","geometries":[]}]}}}',
    2,
    'GeometryCollections cannot be nested: { type: "GeometryCollection", geometries: [] }',
  ],
  [
    '{"$geoIntersects":{"$geometry":{"type":"Point","coordinates":[1,1],"crs":{"type":"name","properties":{"name":"x"}}}}}',
    2,
    "Unknown CRS name: x",
  ],
  [
    '{"$geoIntersects":{"$geometry":{"type":"Point","coordinates":[1,1],"crs":{"type":"name","properties":{"name":"urn:x-mongodb:crs:strictwinding:EPSG:4326"}}}}}',
    2,
    "Strict winding order is only supported by polygon",
  ],
  [
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[0,0],[4,0],[4,4],[0,4],[0,0]]],"crs":{"type":"name","properties":{"name":"urn:x-mongodb:crs:strictwinding:EPSG:4326"}}}}}',
    2,
    "Only one simple loop is allowed in a big polygon: [ [ [ 0, 0 ], [ 4, 0 ], [ 4, 4 ], [ 0, 4 ], [ 0, 0 ] ], [ [ 0, 0 ], [ 4, 0 ], [ 4, 4 ], [ 0, 4 ], [ 0, 0 ] ] ]",
  ],
  [
    '{"$geoIntersects":{"$geometry":{"type":"Point","coordinates":[1,100]}}}',
    2,
    "longitude/latitude is out of bounds, lng: 1 lat: 100",
  ],
  [
    '{"$geoIntersects":{"$geometry":{"type":"Point","coordinates":[1,"a"]}}}',
    2,
    "Point must only contain numeric elements",
  ],
  [
    '{"$geoWithin":{"$box":[[0,0],[1,1]]},"$exists":true}',
    2,
    "can't parse extra field: $exists: true",
  ],
  ['{"$near":1}', 2, "near must be first in: { $near: 1 }"],
  [
    '{"$exists":true,"$near":[1,1]}',
    2,
    "near must be first in: { $exists: true, $near: [ 1, 1 ] }",
  ],
  ['{"$near":[1,1]}', 5626500, "$geoNear, $near, and $nearSphere are not allowed in this context"],
])("geo: %s is refused", ([condition, code, message]) => {
  expect(() => compileMatch(read(condition), environment)).toThrow(
    expect.objectContaining({ code, message }),
  );
});

/** Each row was answered so by a mongod 6.0, in a `find`. */
test.for<[condition: string, code: number, message: string]>([
  ['{"$near":{}}', 2, "$geometry is required for geo near query"],
  ['{"$near":[1,"a"]}', 2, "invalid argument in geo near query: 0"],
  ['{"$near":{"$geometry":[1,1]}}', 2, "$near requires geojson point, given { 0: 1, 1: 1 }"],
  [
    '{"$near":{"$geometry":{"type":"Point","coordinates":[200,1]}}}',
    2,
    'invalid point in geo near query $geometry argument: { type: "Point", coordinates: [ 200, 1 ] }  longitude/latitude is out of bounds, lng: 200 lat: 1',
  ],
  [
    '{"$near":{"$geometry":{"type":"Point","coordinates":[1,1]},"$maxDistance":"a"}}',
    2,
    "$maxDistance must be a number",
  ],
  [
    '{"$near":{"$geometry":{"type":"Point","coordinates":[1,1]},"$maxDistance":-1}}',
    2,
    "$maxDistance must be non-negative",
  ],
  [
    '{"$near":{"$geometry":{"type":"Point","coordinates":[1,1]},"$foo":1}}',
    2,
    "invalid argument in geo near query: $foo",
  ],
  [
    '{"$near":{"$geometry":{"type":"Point","coordinates":[1,1]}},"$maxDistance":1}',
    2,
    "geo near accepts just one argument when querying for a GeoJSON point. Extra field found: $maxDistance: 1",
  ],
  ['{"$near":[1,1],"$maxDistance":"a"}', 16895, "$maxDistance must be a number"],
  ['{"$near":[1,1],"$minDistance":-1}', 16894, "$minDistance must be non-negative"],
  ['{"$near":[1,1],"$foo":1}', 34413, "invalid argument in geo near query: $foo"],
  ['{"$near":[1,1,-1]}', 18522, "max distance must be non-negative"],
  ['{"$nearSphere":[200,1]}', 2, "Legacy point is out of bounds for spherical query"],
  ['{"$maxDistance":1,"$near":[1,1]}', 2, "unknown operator: $maxDistance"],
])("near: %s is refused", ([condition, code, message]) => {
  expect(() => parseFilter(read(condition), environment, { allowsNear: true })).toThrow(
    expect.objectContaining({ code, message }),
  );
});
