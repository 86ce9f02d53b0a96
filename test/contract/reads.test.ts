import { describeOnSources, type Rows } from "../support/on-sources.ts";

const ejson = { Accept: "application/ejson" };
const three = [
  [
    "insertMany",
    {
      documents: [
        { _id: 1, n: 1 },
        { _id: 2, n: 2 },
        { _id: 3, n: 3 },
      ],
    },
  ],
] as const;

const rows: Rows = [
  [
    "findOne answers the document with its fields in order",
    {
      given: [
        ["insertOne", { document: { _id: 1, z: 1, a: { $numberLong: "5" }, m: [1.5, null] } }],
      ],
      to: "findOne",
      body: { filter: { _id: 1 } },
      status: 200,
      answer: '{"document":{"_id":1,"z":1,"a":5,"m":[1.5,null]}}',
      answerHeaders: { "content-type": "application/json", "content-length": "49" },
    },
  ],
  [
    "findOne answers canonical EJSON",
    {
      given: [["insertOne", { document: { _id: 1, d: 1.5, l: { $numberLong: "5" } } }]],
      to: "findOne",
      headers: ejson,
      body: {},
      status: 200,
      answer:
        '{"document":{"_id":{"$numberInt":"1"},"d":{"$numberDouble":"1.5"},"l":{"$numberLong":"5"}}}',
    },
  ],
  [
    "findOne answers null when nothing matches",
    { to: "findOne", body: { filter: { _id: 1 } }, status: 200, answer: '{"document":null}' },
  ],
  [
    "findOne sorts, and ignores skip and limit",
    {
      given: three,
      to: "findOne",
      body: { sort: { n: -1 }, skip: 10, limit: -1, projection: { n: 0 } },
      status: 200,
      answer: '{"document":{"_id":3}}',
    },
  ],
  [
    "find answers an empty list when nothing matches",
    { to: "find", body: {}, status: 200, answer: '{"documents":[]}' },
  ],
  [
    "find takes filter, projection, sort, limit and skip",
    {
      given: three,
      to: "find",
      body: {
        filter: { n: { $gt: 0 } },
        projection: { n: 1 },
        sort: { _id: -1 },
        limit: 1,
        skip: 1,
      },
      status: 200,
      answer: '{"documents":[{"_id":2,"n":2}]}',
    },
  ],
  [
    "find takes EJSON numbers in limit and skip",
    {
      given: three,
      to: "find",
      body: { limit: { $numberLong: "1" }, skip: { $numberDouble: "2.0" } },
      status: 200,
      answer: '{"documents":[{"_id":3,"n":3}]}',
    },
  ],
  [
    "find takes null for whatever may be left out",
    {
      given: three,
      to: "find",
      body: { filter: null, projection: null, sort: null, limit: null, skip: null },
      status: 200,
      answer: '{"documents":[{"_id":1,"n":1},{"_id":2,"n":2},{"_id":3,"n":3}]}',
    },
  ],
  [
    "find takes an empty list for an empty object",
    {
      given: three,
      to: "find",
      body: { filter: [], projection: [], sort: [], limit: 1 },
      status: 200,
      answer: '{"documents":[{"_id":1,"n":1}]}',
    },
  ],
  [
    "find ignores fields that it does not know",
    {
      given: three,
      to: "find",
      body: { document: { _id: 1 }, upsert: true, limit: 1, whatever: {} },
      status: 200,
      answer: '{"documents":[{"_id":1,"n":1}]}',
    },
  ],
  [
    "find takes limit 0 for the default",
    {
      given: three,
      to: "find",
      body: { limit: 0, projection: { n: 0 } },
      status: 200,
      answer: '{"documents":[{"_id":1},{"_id":2},{"_id":3}]}',
    },
  ],
  [
    "aggregate runs a pipeline",
    {
      given: three,
      to: "aggregate",
      body: {
        pipeline: [{ $match: { n: { $gt: 1 } } }, { $group: { _id: null, sum: { $sum: "$n" } } }],
      },
      status: 200,
      answer: '{"documents":[{"_id":null,"sum":5}]}',
    },
  ],
  [
    "a line feed before the body is nothing",
    {
      to: "find",
      body: '\n{"dataSource":"mongodb-atlas","database":"tests","collection":"none"}',
      status: 200,
      answer: '{"documents":[]}',
    },
  ],
];

describeOnSources("reads", rows);
