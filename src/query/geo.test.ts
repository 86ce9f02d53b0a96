import { expect, test } from "vitest";
import { parseEjson } from "../bson/parse-ejson.ts";
import type { Doc } from "../bson/doc.ts";
import { DateTime } from "../bson/value.ts";
import type { QueryEnvironment } from "./environment.ts";
import { compileMatch } from "./match.ts";

const environment: QueryEnvironment = {
  now: new DateTime(0),
  random: () => 0.5,
  variables: new Map(),
};

function read(value: string): Doc {
  return parseEjson(Buffer.from(`{"g":${value}}`));
}

/** Each row was answered so by a mongod 6.0: which of the values match, by their positions. */
test.for<[title: string, condition: string, values: readonly string[], matching: number[]]>([
  [
    "a polygon has the points in it and on its border",
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]]]}}}',
    [
      "[1,1]",
      "[0,0]",
      "[4,2]",
      "[2,0]",
      "[5,1]",
      '{"type":"Point","coordinates":[2,2]}',
      '{"x":3,"y":3}',
      '{"type":"Point","coordinates":[2,-0.001]}',
      "[2,4.001]",
      "[2,4.0025]",
    ],
    [0, 1, 2, 3, 5, 6, 8],
  ],
  [
    "edges are arcs of great circles: farther north than the line of latitude",
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[-40,50],[40,50],[40,40],[-40,40],[-40,50]]]}}}',
    ["[0,51]", "[0,57]", "[0,58]", "[0,41]", "[0,47]", "[0,48]"],
    [0, 1, 5],
  ],
  [
    "a hole is not in a polygon, but its border is",
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,3],[3,3],[3,1],[1,1]]]}}}',
    ["[2,2]", "[1,2]", "[0.5,2]", "[3,3]", "[1.5,1.5]"],
    [1, 2, 3],
  ],
  [
    "a polygon holds lines that are wholly in it",
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,3],[3,3],[3,1],[1,1]]]}}}',
    [
      '{"type":"LineString","coordinates":[[0.5,0.5],[3.5,0.5]]}',
      '{"type":"LineString","coordinates":[[0.5,0.5],[3.5,3.5]]}',
      '{"type":"LineString","coordinates":[[0.5,2],[5,2]]}',
      '{"type":"LineString","coordinates":[[0,0],[4,0]]}',
    ],
    [0, 3],
  ],
  [
    "a polygon holds polygons that are wholly in it",
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,3],[3,3],[3,1],[1,1]]]}}}',
    [
      '{"type":"Polygon","coordinates":[[[0.2,0.2],[0.8,0.2],[0.8,0.8],[0.2,0.2]]]}',
      '{"type":"Polygon","coordinates":[[[0.5,0.5],[3.5,0.5],[3.5,3.5],[0.5,3.5],[0.5,0.5]]]}',
      '{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]]]}',
      '{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,3],[3,3],[3,1],[1,1]]]}',
      '{"type":"Polygon","coordinates":[[[1,1],[1,3],[3,3],[3,1],[1,1]]]}',
    ],
    [0, 3],
  ],
  [
    "a collection is within when each of its parts is",
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]]]}}}',
    [
      '{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,1]},{"type":"LineString","coordinates":[[1,1],[2,2]]}]}',
      '{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,1]},{"type":"Point","coordinates":[9,9]}]}',
      '{"type":"MultiPoint","coordinates":[[1,1],[3,3]]}',
      '{"type":"MultiPoint","coordinates":[[1,1],[5,5]]}',
      '{"type":"MultiLineString","coordinates":[[[1,1],[2,2]],[[3,1],[3,2]]]}',
      '{"type":"MultiPolygon","coordinates":[[[[1,1],[2,1],[2,2],[1,1]]],[[[5,5],[6,5],[6,6],[5,5]]]]}',
    ],
    [0, 2, 4],
  ],
  [
    "of several polygons one is enough for each part",
    '{"$geoWithin":{"$geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[4,0],[4,4],[0,4],[0,0]]],[[[10,10],[14,10],[14,14],[10,14],[10,10]]]]}}}',
    [
      "[1,1]",
      "[11,11]",
      "[7,7]",
      '{"type":"MultiPoint","coordinates":[[1,1],[11,11]]}',
      '{"type":"LineString","coordinates":[[1,1],[11,11]]}',
    ],
    [0, 1, 3],
  ],
  [
    "across the antimeridian",
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[170,-5],[-170,-5],[-170,5],[170,5],[170,-5]]]}}}',
    ["[179,0]", "[-179,0]", "[180,0]", "[-180,0]", "[165,0]", "[0,0]"],
    [0, 1, 2, 3],
  ],
  [
    "around a pole",
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[0,80],[90,80],[180,80],[-90,80],[0,80]]]}}}',
    ["[45,85]", "[0,90]", "[123,90]", "[45,79]", "[45,83]", "[45,82]"],
    [0, 1, 2, 4],
  ],
  [
    "a ring takes up no more than half of the sphere, whichever way it turns",
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[0,4],[4,4],[4,0],[0,0]]]}}}',
    ["[1,1]", "[50,50]"],
    [0],
  ],
  [
    "a ring with strict winding has its inside to the left",
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[0,4],[4,4],[4,0],[0,0]]],"crs":{"type":"name","properties":{"name":"urn:x-mongodb:crs:strictwinding:EPSG:4326"}}}}}',
    [
      "[1,1]",
      "[50,50]",
      '{"type":"LineString","coordinates":[[50,50],[60,60]]}',
      '{"type":"LineString","coordinates":[[-1,2],[5,2]]}',
      '{"type":"Polygon","coordinates":[[[50,50],[60,50],[60,60],[50,50]]]}',
    ],
    [1, 2, 4],
  ],
  [
    "a stored polygon with strict winding matches nothing",
    '{"$geoIntersects":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]]]}}}',
    [
      '{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]]],"crs":{"type":"name","properties":{"name":"urn:x-mongodb:crs:strictwinding:EPSG:4326"}}}',
      '{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]]]}',
    ],
    [1],
  ],
  [
    "lines meet where they cross or share a corner",
    '{"$geoIntersects":{"$geometry":{"type":"LineString","coordinates":[[0,0],[4,4]]}}}',
    [
      '{"type":"LineString","coordinates":[[0,4],[4,0]]}',
      '{"type":"LineString","coordinates":[[4,4],[8,4]]}',
      '{"type":"LineString","coordinates":[[5,0],[8,4]]}',
      '{"type":"LineString","coordinates":[[0,1],[4,5]]}',
      "[2,2.0012]",
      '{"type":"Point","coordinates":[0,0]}',
      '{"type":"Point","coordinates":[2,3]}',
    ],
    [0, 1, 5],
  ],
  [
    "a line meets the polygons that it goes through, and not their holes",
    '{"$geoIntersects":{"$geometry":{"type":"LineString","coordinates":[[1.5,2],[2.5,2]]}}}',
    [
      '{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]]]}',
      '{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,3],[3,3],[3,1],[1,1]]]}',
      '{"type":"Polygon","coordinates":[[[1,1],[1,3],[3,3],[3,1],[1,1]]]}',
    ],
    [0, 2],
  ],
  [
    "polygons meet when they overlap, or one is in the other",
    '{"$geoIntersects":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]]]}}}',
    [
      '{"type":"Polygon","coordinates":[[[3,3],[6,3],[6,6],[3,6],[3,3]]]}',
      '{"type":"Polygon","coordinates":[[[1,1],[2,1],[2,2],[1,1]]]}',
      '{"type":"Polygon","coordinates":[[[-5,-5],[9,-5],[9,9],[-5,9],[-5,-5]]]}',
      '{"type":"Polygon","coordinates":[[[5,0],[6,0],[6,1],[5,0]]]}',
      '{"type":"Polygon","coordinates":[[[4,0],[6,0],[6,4],[4,4],[4,0]]]}',
    ],
    [0, 1, 2],
  ],
  [
    "points meet points of the same square centimetre",
    '{"$geoIntersects":{"$geometry":{"type":"Point","coordinates":[1,1]}}}',
    [
      "[1,1]",
      '{"type":"Point","coordinates":[1,1]}',
      "[1.00001,1]",
      '{"type":"MultiPoint","coordinates":[[5,5],[1,1]]}',
      '{"a":1,"b":1}',
    ],
    [0, 1, 3, 4],
  ],
  [
    "a legacy pair can ask too",
    '{"$geoIntersects":{"$geometry":[1,1]}}',
    ["[1,1]", "[2,2]", '{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]]]}'],
    [0, 2],
  ],
  [
    "$box includes its border, and takes points only",
    '{"$geoWithin":{"$box":[[4,4],[0,0]]}}',
    [
      "[0,0]",
      "[4,2]",
      "[2,4.0000001]",
      '{"type":"Point","coordinates":[1,1]}',
      '{"x":1,"y":1}',
      '{"type":"LineString","coordinates":[[1,1],[2,2]]}',
      "[1,1,99]",
      "[[1,1],[9,9]]",
      "[200,2]",
    ],
    [0, 1, 3, 4, 6, 7],
  ],
  [
    "$center measures on the plane",
    '{"$geoWithin":{"$center":[[0,0],5]}}',
    [
      "[3,4]",
      "[3,4.0000001]",
      "[5,0]",
      "[0,-5]",
      "[-3,-4]",
      '{"type":"Point","coordinates":[1,1]}',
    ],
    [0, 2, 3, 4, 5],
  ],
  [
    "$center of radius 0 is its center",
    '{"$geoWithin":{"$center":[[1,1],0]}}',
    ["[1,1]", "[1,1.0000001]"],
    [0],
  ],
  [
    "$center along an axis forgives rounding",
    '{"$geoWithin":{"$center":[[51.9999,0],0.0001]}}',
    ["[52,0]", "[52.00000001,0]"],
    [0],
  ],
  [
    "$polygon on the plane: borders belong to it",
    '{"$geoWithin":{"$polygon":[[0,0],[4,0],[4,4],[0,4]]}}',
    ["[0,0]", "[4,2]", "[2,4]", "[2,2]", "[4.1,2]", "[0,2]", "[2,0]"],
    [0, 1, 2, 3, 5, 6],
  ],
  [
    "$polygon that crosses itself",
    '{"$geoWithin":{"$polygon":[[0,0],[4,4],[4,0],[0,4]]}}',
    ["[1,2]", "[3,2]", "[2,1]", "[2,3]", "[2,2]"],
    [0, 1, 4],
  ],
  [
    "$centerSphere takes radians, and every shape",
    '{"$geoWithin":{"$centerSphere":[[0,0],0.1]}}',
    [
      "[5,0]",
      "[6,0]",
      "[0,5.7]",
      '{"type":"LineString","coordinates":[[0,0],[5,0]]}',
      '{"type":"LineString","coordinates":[[0,0],[6,0]]}',
      '{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,0]]]}',
    ],
    [0, 2, 3, 5],
  ],
  [
    "$centerSphere of more than half of the sphere",
    '{"$geoWithin":{"$centerSphere":[[0,0],2]}}',
    [
      "[100,0]",
      "[120,0]",
      '{"type":"LineString","coordinates":[[100,0],[0,80]]}',
      '{"type":"LineString","coordinates":[[100,60],[-100,60]]}',
      '{"type":"LineString","coordinates":[[110,10],[-110,10]]}',
    ],
    [0, 2, 3],
  ],
  [
    "what can not be on the sphere meets nothing there",
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]]]}}}',
    ["[200,2]", "[2,95]", '{"type":"Point","coordinates":[200,2]}', '"x"', "null", "{}"],
    [],
  ],
  [
    "elements of an array count each",
    '{"$geoWithin":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]]]}}}',
    [
      '[{"type":"Point","coordinates":[9,9]},{"type":"Point","coordinates":[1,1]}]',
      "[[1,1],[9,9]]",
      "[[[1,1]]]",
      '[{"x":1,"y":1}]',
    ],
    [0, 1, 3],
  ],
  [
    "malformed shapes match nothing",
    '{"$geoIntersects":{"$geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]]]}}}',
    [
      '{"type":"Polygon","coordinates":[[[0,0],[4,4],[4,0],[0,4],[0,0]]]}',
      '{"type":"Polygon","coordinates":[[[0,0],[4,4],[4,0]]]}',
      '{"type":"LineString","coordinates":[[1,1]]}',
      '{"type":"Foo","coordinates":[1,1]}',
      '{"type":"Point"}',
      '{"type":"Point","coordinates":[1,1],"crs":1}',
    ],
    [],
  ],
])("geo: %s", ([, condition, values, matching]) => {
  const match = compileMatch(read(condition), environment);
  const found = values.flatMap((each, index) => (match.matches(read(each)) ? [index] : []));
  expect(found).toEqual(matching);
});
