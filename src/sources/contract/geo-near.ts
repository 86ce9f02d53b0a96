import { all, doc, type ContractCase } from "./case.ts";
import { geoNear, here, ids, pairs, places } from "./geo.ts";

const square = {
  type: "Polygon",
  coordinates: [
    [
      [0, 0],
      [2.5, 0],
      [2.5, 2.5],
      [0, 2.5],
      [0, 0],
    ],
  ],
};

export const geoNearCases: readonly ContractCase[] = [
  ...(
    [
      ["2dsphere", "[]"],
      ["2d", "[{ _id: 2 }]"],
    ] as const
  ).map(([kind, gives]): ContractCase => ({
    title: `$nearSphere: farther away than anything is, by a ${kind} index`,
    documents: [
      { _id: 1, g: [0, 0] },
      { _id: 2, g: [180, 0] },
    ],
    indexes: [{ g: kind }],
    run: (c) =>
      all(
        c.find(doc({ g: { $nearSphere: [0, 0], $minDistance: 3.2 } }), {
          projection: doc({ _id: 1 }),
        }),
      ),
    gives,
  })),
  {
    ...geoNear("a negative distance is refused", {
      near: here,
      distanceField: "d",
      maxDistance: -1,
    }),
    fails: [2, "maxDistance must be nonnegative"],
  },
  {
    ...geoNear("without an index of shapes", { near: here, distanceField: "d" }),
    indexes: [],
    fails: [27, "$geoNear requires a 2d or 2dsphere index, but none were found"],
  },
  {
    ...geoNear("with several indexes it must be told the key", { near: here, distanceField: "d" }),
    indexes: [{ g: "2dsphere" }, { h: "2dsphere" }],
    fails: [27, "unsure which to use for $geoNear"],
  },
  {
    title: "$geoNear must come first",
    documents: places,
    indexes: [{ g: "2dsphere" }],
    run: (c) =>
      all(c.aggregate([doc({ $limit: 1 }), doc({ $geoNear: { near: here, distanceField: "d" } })])),
    fails: [40_603, "$geoNear is only valid as the first stage in an optimized pipeline"],
  },
  {
    title: "an index of shapes has the documents that $geoWithin wants",
    documents: places,
    indexes: [{ g: "2dsphere" }],
    run: async (c) =>
      ids(
        await all(
          c.find(doc({ g: { $geoWithin: { $geometry: square } } }), { sort: doc({ _id: 1 }) }),
        ),
      ),
    gives: "[1, 2]",
  },
  {
    title: "a 2d index has the documents that $geoWithin wants",
    documents: pairs,
    indexes: [{ g: "2d" }],
    run: async (c) =>
      ids(
        await all(
          c.find(
            doc({
              g: {
                $geoWithin: {
                  $box: [
                    [0, 0],
                    [2, 2],
                  ],
                },
              },
            }),
          ),
        ),
      ),
    gives: "[2]",
  },
  {
    title: "shapes larger than what is asked about are found through their index",
    documents: [
      {
        _id: 1,
        g: {
          type: "Polygon",
          coordinates: [
            [
              [-60, -60],
              [60, -60],
              [60, 60],
              [-60, 60],
              [-60, -60],
            ],
          ],
        },
      },
      { _id: 2, g: [1, 1] },
    ],
    indexes: [{ g: "2dsphere" }],
    run: async (c) =>
      ids(
        await all(
          c.find(doc({ g: { $geoIntersects: { $geometry: here } } }), { sort: doc({ _id: 1 }) }),
        ),
      ),
    gives: "[1, 2]",
  },
  {
    title: "an index of shapes lacks documents without one, and a hint does not bring them",
    documents: places,
    indexes: [{ g: "2dsphere" }],
    run: async (c) => (await all(c.find(doc({}), { hint: "g_2dsphere" }))).length,
    gives: "3",
  },
  {
    title: "what is no shape is refused by a 2dsphere index",
    indexes: [{ g: "2dsphere" }],
    run: (c) => c.insertOne(doc({ _id: 1, g: 1 })),
    fails: [
      16_755,
      "Can't extract geo keys: { _id: 1, g: 1 }  geo element must be an array or object: g: 1",
    ],
  },
  {
    title: "a pair that is not on earth is refused by a 2dsphere index",
    indexes: [{ g: "2dsphere" }],
    run: (c) => c.insertOne(doc({ _id: 1, g: [200, 1] })),
    fails: [16_755, "can't project geometry into spherical CRS: [ 200, 1 ]"],
  },
  {
    title: "an update to what is no shape is refused",
    documents: [{ _id: 1, g: [1, 1] }],
    indexes: [{ g: "2dsphere" }],
    run: (c) => c.updateOne(doc({ _id: 1 }), doc({ $set: { g: "x" } })),
    fails: [16_755, 'geo element must be an array or object: g: "x"'],
    leaves: "[{ _id: 1, g: [ 1, 1 ] }]",
  },
  {
    title: "nothing, and what is empty, is no shape that is refused",
    indexes: [{ g: "2dsphere" }],
    run: async (c) =>
      (await c.insertMany([doc({ _id: 1 }), doc({ g: null }), doc({ g: [] }), doc({ g: {} })]))
        .length,
    gives: "4",
  },
  {
    title: "a 2d index takes several pairs",
    documents: [
      {
        _id: 1,
        g: [
          [1, 1],
          [9, 9],
        ],
      },
      { _id: 2, g: [5, 5] },
    ],
    indexes: [{ g: "2d" }],
    run: async (c) => ids(await all(c.find(doc({ g: { $near: [8, 8] } })))),
    gives: "[1, 2]",
  },
  {
    title: "a 2d index refuses a pair off its grid",
    indexes: [{ g: "2d" }],
    run: (c) => c.insertOne(doc({ _id: 1, g: [200, 1] })),
    fails: [
      13_027,
      "point not in interval of [ -180, 180 ] :: caused by :: { _id: 1, g: [ 200, 1 ] }",
    ],
  },
  {
    title: "a 2d index refuses GeoJSON",
    indexes: [{ g: "2d" }],
    run: (c) => c.insertOne(doc({ _id: 1, g: here })),
    fails: [16_804, "location object expected, location array not in correct format"],
  },
  {
    title: "createIndex: 2dsphere has a version, 2d its grid",
    documents: [{ _id: 1 }],
    run: async (c) => [
      await c.createIndex(doc({ a: 1, g: "2dsphere" })),
      await c.createIndex(doc({ h: "2d" }), doc({ bits: 20, min: -10, max: 10 })),
      (await c.listIndexes()).slice(1),
    ],
    gives:
      '["a_1_g_2dsphere", "h_2d", [{ v: 2, key: { a: 1, g: "2dsphere" }, name: "a_1_g_2dsphere", 2dsphereIndexVersion: 3 }, { v: 2, key: { h: "2d" }, name: "h_2d", bits: 20, min: -10.0, max: 10.0 }]]',
  },
  {
    title: "createIndex: 2d must come first",
    run: (c) => c.createIndex(doc({ a: 1, g: "2d" })),
    fails: [16_801, "2d has to be first in index"],
  },
  {
    title: "createIndex: bits of a grid have bounds",
    run: (c) => c.createIndex(doc({ g: "2d" }), doc({ bits: 33 })),
    fails: [72, "bits for hash must be > 0 and <= 32, but 33 bits were specified"],
  },
  {
    title: "createIndex: a grid must have an area",
    run: (c) => c.createIndex(doc({ g: "2d" }), doc({ min: 10, max: 10 })),
    fails: [72, "region for hash must be valid and have positive area, but [10, 10] was specified"],
  },
  {
    title: "createIndex: documents that are no shapes fail the build",
    documents: [{ _id: 1, g: "x" }],
    run: (c) => c.createIndex(doc({ g: "2dsphere" })),
    fails: [16_755, 'Can\'t extract geo keys: { _id: 1, g: "x" }'],
  },
];
