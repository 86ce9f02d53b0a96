import { all, doc, type ContractCase, type Plain } from "./case.ts";

export const places = [
  { _id: 1, g: { type: "Point", coordinates: [1, 1] } },
  { _id: 2, g: [2, 2] },
  { _id: 3, g: { x: 3, y: 3 } },
  { _id: 4, x: 1 },
];

export const pairs = places.slice(1);

export const here = { type: "Point", coordinates: [1, 1] };

export function ids(documents: readonly { get(key: string): unknown }[]): readonly unknown[] {
  return documents.map((each) => each.get("_id"));
}

export function geoNear(title: string, spec: { readonly [key: string]: Plain }): ContractCase {
  return {
    title: `$geoNear: ${title}`,
    documents: places,
    indexes: [{ g: "2dsphere" }],
    run: (c) => all(c.aggregate([doc({ $geoNear: spec })])),
  };
}

export const geoCases: readonly ContractCase[] = [
  {
    title: "$near on the sphere gives documents by their distance",
    documents: places,
    indexes: [{ g: "2dsphere" }],
    run: async (c) => ids(await all(c.find(doc({ g: { $near: { $geometry: here } } })))),
    gives: "[1, 2, 3]",
  },
  {
    title: "$near on the sphere: distances are metres, both ends included",
    documents: places,
    indexes: [{ g: "2dsphere" }],
    run: async (c) =>
      ids(
        await all(
          c.find(
            doc({ g: { $near: { $geometry: here, $minDistance: 1, $maxDistance: 200_000 } } }),
          ),
        ),
      ),
    gives: "[2]",
  },
  {
    title: "$nearSphere with a pair: distances are radians",
    documents: places,
    indexes: [{ g: "2dsphere" }],
    run: async (c) =>
      ids(await all(c.find(doc({ g: { $nearSphere: [1, 1], $maxDistance: 0.03 } })))),
    gives: "[1, 2]",
  },
  {
    title: "$near on the plane",
    documents: pairs,
    indexes: [{ g: "2d" }],
    run: async (c) => ids(await all(c.find(doc({ g: { $near: [3, 4] } }), { limit: 5 }))),
    gives: "[3, 2]",
  },
  {
    title: "$near among others, with skip and limit",
    documents: [
      { _id: 1, a: 1, g: [1, 1] },
      { _id: 2, a: 2, g: [2, 2] },
      { _id: 3, a: 1, g: [3, 3] },
      { _id: 4, a: 1, g: [4, 4] },
    ],
    indexes: [{ a: 1, g: "2dsphere" }],
    run: async (c) =>
      ids(
        await all(c.find(doc({ a: 1, g: { $near: { $geometry: here } } }), { skip: 1, limit: 1 })),
      ),
    gives: "[3]",
  },
  {
    title: "$near: a sort takes the place of the distance",
    documents: places,
    indexes: [{ g: "2dsphere" }],
    run: async (c) =>
      ids(
        await all(c.find(doc({ g: { $near: { $geometry: here } } }), { sort: doc({ _id: -1 }) })),
      ),
    gives: "[3, 2, 1]",
  },
  {
    title: "$near finds shapes by their nearest point",
    documents: [
      {
        _id: 1,
        g: {
          type: "LineString",
          coordinates: [
            [0, 5],
            [0, -5],
          ],
        },
      },
      {
        _id: 2,
        g: {
          type: "Polygon",
          coordinates: [
            [
              [0, 0],
              [9, 0],
              [9, 9],
              [0, 9],
              [0, 0],
            ],
          ],
        },
      },
      { _id: 3, g: { type: "Point", coordinates: [3, 1] } },
    ],
    indexes: [{ g: "2dsphere" }],
    run: async (c) => ids(await all(c.find(doc({ g: { $near: { $geometry: here } } })))),
    gives: "[2, 1, 3]",
  },
  {
    title: "$near without an index is refused",
    documents: places,
    run: (c) => all(c.find(doc({ g: { $near: { $geometry: here } } }))),
    fails: [291, "unable to find index for $geoNear query"],
  },
  {
    title: "$near with a pair needs a 2d index",
    documents: places,
    indexes: [{ g: "2dsphere" }],
    run: (c) => all(c.find(doc({ g: { $near: [1, 1] } }))),
    fails: [291, "GEONEAR  field=g maxdist=1.79769e+308 isNearSphere=0"],
  },
  {
    title: "$near off the grid of a 2d index is refused",
    documents: pairs,
    indexes: [{ g: "2d" }],
    run: (c) => all(c.find(doc({ g: { $near: [200, 1] } }))),
    fails: [16_433, "point not in interval of [ -180, 180 ] :: caused by :: { 0: 200.0, 1: 1.0 }"],
  },
  {
    title: "$near below $or is refused",
    documents: places,
    indexes: [{ g: "2dsphere" }],
    run: (c) => all(c.find(doc({ $or: [{ g: { $near: { $geometry: here } } }, { x: 1 }] }))),
    fails: [2, "geo $near must be top-level expr"],
  },
  {
    title: "$near as the only alternative of an $or",
    documents: pairs,
    indexes: [{ g: "2d" }],
    run: async (c) =>
      (await all(c.find(doc({ $and: [{ $or: [{ g: { $near: [0, 0] } }] }] })))).length ===
      (await all(c.find(doc({ g: { $near: [0, 0] } })))).length,
    gives: "true",
  },
  {
    title: "$near of an upsert says nothing of the document to be",
    indexes: [{ g: "2d" }],
    run: (c) =>
      c.updateOne(doc({ _id: 5, g: { $near: [0, 0] } }), doc({ $set: { x: 1 } }), { upsert: true }),
    leaves: "[{ _id: 5, x: 1 }]",
  },
  {
    title: "two $near are refused",
    documents: places,
    indexes: [{ g: "2dsphere" }],
    run: (c) => all(c.find(doc({ g: { $nearSphere: [1, 1] }, h: { $nearSphere: [1, 1] } }))),
    fails: [2, "Too many geoNear expressions"],
  },
  {
    title: "$near can not be counted",
    documents: places,
    indexes: [{ g: "2dsphere" }],
    run: (c) => c.countDocuments(doc({ g: { $nearSphere: [1, 1] } })),
    fails: [5_626_500, "$geoNear, $near, and $nearSphere are not allowed in this context"],
  },
  {
    title: "$near chooses what is updated",
    documents: places,
    indexes: [{ g: "2dsphere" }],
    run: (c) =>
      c.updateMany(
        doc({ g: { $nearSphere: [1, 1], $maxDistance: 0.03 } }),
        doc({ $set: { near: true } }),
      ),
    leaves:
      '[{ _id: 1, g: { type: "Point", coordinates: [ 1, 1 ] }, near: true }, { _id: 2, g: [ 2, 2 ], near: true }, { _id: 3, g: { x: 3, y: 3 } }, { _id: 4, x: 1 }]',
  },
  {
    title: "$meta: the distance of $near",
    documents: [{ _id: 1, g: [1, 1] }],
    indexes: [{ g: "2d" }],
    run: (c) =>
      all(
        c.find(doc({ g: { $near: [1, 3] } }), {
          projection: doc({ d: { $meta: "geoNearDistance" }, p: { $meta: "geoNearPoint" } }),
        }),
      ),
    gives: "[{ _id: 1, g: [ 1, 1 ], d: 2.0, p: [ 1, 1 ] }]",
  },
  {
    ...geoNear("the distance is put into a field, the place too if wanted", {
      near: here,
      distanceField: "d.m",
      includeLocs: "l",
      query: { _id: 1 },
    }),
    gives:
      '[{ _id: 1, g: { type: "Point", coordinates: [ 1, 1 ] }, d: { m: 0.0 }, l: { type: "Point", coordinates: [ 1, 1 ] } }]',
  },
  {
    ...geoNear("distances are multiplied", {
      near: here,
      distanceField: "d",
      distanceMultiplier: 0,
      maxDistance: 200_000,
    }),
    gives:
      '[{ _id: 1, g: { type: "Point", coordinates: [ 1, 1 ] }, d: 0.0 }, { _id: 2, g: [ 2, 2 ], d: 0.0 }]',
  },
  {
    ...geoNear("a distanceField is required", { near: here }),
    fails: [16_606, "$geoNear requires a 'distanceField' option as a String"],
  },
  {
    ...geoNear("near is required", { distanceField: "d" }),
    fails: [5_860_400, "$geoNear requires a 'near' argument"],
  },
  {
    ...geoNear("near can not depend on documents", { near: "$g", distanceField: "d" }),
    fails: [5_860_402, "$geoNear requires a constant near argument"],
  },
  {
    ...geoNear("limit is gone", { near: here, distanceField: "d", limit: 1 }),
    fails: [50_858, "$geoNear no longer supports the 'limit' parameter."],
  },
];
