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
    "insertOne answers 201 and the id that was made",
    { to: "insertOne", body: { document: { a: 1 } }, status: 201, answer: '{"insertedId":"*"}' },
  ],
  [
    "insertOne answers the id in EJSON",
    {
      to: "insertOne",
      headers: ejson,
      body: { document: { a: 1 } },
      status: 201,
      answer: '{"insertedId":{"$oid":"*"}}',
      answerHeaders: { "content-type": "application/ejson" },
    },
  ],
  [
    "insertOne gives a string _id back as that string",
    {
      to: "insertOne",
      body: { document: { _id: "x" } },
      status: 201,
      answer: '{"insertedId":"x"}',
    },
  ],
  [
    "insertMany answers 201 and all ids in order",
    {
      to: "insertMany",
      body: { documents: [{ _id: "a" }, { _id: 2 }] },
      status: 201,
      answer: '{"insertedIds":["a",2]}',
    },
  ],
  [
    "updateOne answers counts",
    {
      given: three,
      to: "updateOne",
      body: { filter: { _id: 2 }, update: { $set: { n: 9 } } },
      status: 200,
      answer: '{"matchedCount":1,"modifiedCount":1}',
    },
  ],
  [
    "updateOne answers counts as Int32 in EJSON",
    {
      given: three,
      to: "updateOne",
      headers: ejson,
      body: { filter: { _id: 2 }, update: { $set: { n: 2 } } },
      status: 200,
      answer: '{"matchedCount":{"$numberInt":"1"},"modifiedCount":{"$numberInt":"0"}}',
    },
  ],
  [
    "updateOne answers the id of what it had to insert",
    {
      to: "updateOne",
      body: { filter: { _id: "new" }, update: { $set: { n: 9 } }, upsert: true },
      status: 200,
      answer: '{"matchedCount":0,"modifiedCount":0,"upsertedId":"new"}',
    },
  ],
  [
    "updateOne takes a pipeline",
    {
      given: three,
      to: "updateOne",
      body: { filter: { _id: 2 }, update: [{ $set: { n: { $add: ["$n", 1] } } }] },
      status: 200,
      answer: '{"matchedCount":1,"modifiedCount":1}',
    },
  ],
  [
    "updateOne takes array filters",
    {
      given: [["insertOne", { document: { _id: 1, a: [1, 5] } }]],
      to: "updateOne",
      body: {
        filter: {},
        update: { $set: { "a.$[big]": 0 } },
        arrayFilters: [{ big: { $gt: 2 } }],
      },
      status: 200,
      answer: '{"matchedCount":1,"modifiedCount":1}',
    },
  ],
  [
    "updateMany updates all that match",
    {
      given: three,
      to: "updateMany",
      body: { filter: { n: { $gte: 2 } }, update: { $inc: { n: 1 } } },
      status: 200,
      answer: '{"matchedCount":2,"modifiedCount":2}',
    },
  ],
  [
    "replaceOne with an empty filter replaces one document",
    {
      given: three,
      to: "replaceOne",
      body: { filter: {}, replacement: { z: 1 } },
      status: 200,
      answer: '{"matchedCount":1,"modifiedCount":1}',
    },
  ],
  [
    "deleteOne answers its count",
    {
      given: three,
      to: "deleteOne",
      body: { filter: {} },
      status: 200,
      answer: '{"deletedCount":1}',
    },
  ],
  [
    "deleteMany answers its count",
    {
      given: three,
      to: "deleteMany",
      headers: ejson,
      body: { filter: { n: { $lt: 3 } } },
      status: 200,
      answer: '{"deletedCount":{"$numberInt":"2"}}',
    },
  ],
];

describeOnSources("writes", rows);
