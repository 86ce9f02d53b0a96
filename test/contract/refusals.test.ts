import { describeOnSources, type Rows } from "../support/on-sources.ts";

const link = '"link":"HOST/console/logs?co_id=*"';
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
    "find refuses a negative limit",
    {
      to: "find",
      body: { limit: -1 },
      status: 400,
      answer: `{"error":"Failed to find documents: FunctionError: mongodb find: \\"limit\\" argument must not be negative","error_code":"InvalidParameter",${link}}`,
    },
  ],
  [
    "find refuses a fractional limit",
    { to: "find", body: { limit: 1.5 }, status: 400, contains: ["must be a whole number"] },
  ],
  [
    "find refuses a filter that is text",
    {
      to: "find",
      body: { filter: "{}" },
      status: 400,
      answer: `{"error":"Failed to find documents: FunctionError: mongodb find: \\"filter\\" argument must be an object","error_code":"InvalidParameter",${link}}`,
    },
  ],
  [
    "find hands on what MongoDB says to a bad filter",
    {
      to: "find",
      body: { filter: { $nix: 1 } },
      status: 400,
      contains: [
        '{"error":"Failed to find documents: FunctionError: (BadValue) unknown top level operator: $nix',
        '"error_code":"MongoDBError","link":"',
      ],
    },
  ],
  [
    "updateOne refuses a document without operators",
    {
      to: "updateOne",
      body: { filter: {}, update: { a: 1 } },
      status: 400,
      contains: [
        "Failed to update document: FunctionError: (FailedToParse) update document must contain key beginning with '$'",
      ],
    },
  ],
  [
    "updateOne needs an update, and `replace` is none",
    {
      to: "updateOne",
      body: { filter: {}, replace: { a: 1 } },
      status: 400,
      answer: `{"error":"Failed to update document: must provide a 'update' field","error_code":"MissingParameter",${link}}`,
    },
  ],
  [
    "replaceOne refuses operators",
    {
      to: "replaceOne",
      body: { filter: {}, replacement: { $set: { a: 1 } } },
      status: 400,
      contains: ["replacement document cannot contain keys beginning with '$'"],
    },
  ],
  [
    "deleteMany needs a filter, and null is none",
    {
      to: "deleteMany",
      body: { filter: null },
      status: 400,
      answer: `{"error":"Failed to delete documents: must provide a 'filter' field","error_code":"MissingParameter",${link}}`,
    },
  ],
  [
    "deleteMany does not take an empty list for an empty filter",
    { to: "deleteMany", body: { filter: [] }, status: 400, contains: ["must be an object"] },
  ],
  [
    "aggregate needs a pipeline",
    {
      to: "aggregate",
      body: {},
      status: 400,
      contains: [
        "Failed to aggregate documents: must provide a 'pipeline' field",
        "MissingParameter",
      ],
    },
  ],
  [
    "insertOne needs a document",
    {
      to: "insertOne",
      body: {},
      status: 400,
      answer: `{"error":"Failed to insert document: must provide a 'document' field","error_code":"MissingParameter",${link}}`,
    },
  ],
  [
    "insertOne refuses a document that is none",
    {
      to: "insertOne",
      body: { document: 5 },
      status: 400,
      answer: `{"error":"Failed to insert document: FunctionError: mongodb insert: argument must be an object","error_code":"InvalidParameter",${link}}`,
    },
  ],
  [
    "insertOne hands on a duplicate key",
    {
      given: three,
      to: "insertOne",
      body: { document: { _id: 1 } },
      status: 400,
      contains: [
        "Failed to insert document: FunctionError: (DuplicateKey) E11000 duplicate key error",
      ],
    },
  ],
  [
    "a body that is no JSON is refused",
    { to: "find", body: '{"a":', status: 400, contains: ['"error_code":"InvalidParameter"'] },
  ],
  [
    "a data source that is not there is refused",
    {
      to: "find",
      body: { dataSource: "Cluster0" },
      status: 400,
      answer: `{"error":"service not found: 'Cluster0'","error_code":"ServiceNotFound",${link}}`,
    },
  ],
  ...["dataSource", "database", "collection"].map(
    (field) =>
      [
        `${field} must be there`,
        {
          to: "find",
          body: { [field]: null },
          status: 400,
          contains: [`must provide a '${field}' field`, "MissingParameter"],
        },
      ] as const,
  ),
  ...["admin", "config", "local", "__petiole", "__PETIOLE", "Admin"].map(
    (database) =>
      [
        `database ${database} is closed`,
        {
          to: "find",
          body: { database, collection: "apps" },
          status: 403,
          answer: `{"error":"no rule exists for namespace '${database}.apps'","error_code":"NoMatchingRuleFound",${link}}`,
        },
      ] as const,
  ),
  ...[
    [{ $unionWith: { coll: "apps", db: "__petiole" } }],
    [{ $lookup: { from: { db: "admin", coll: "x" }, as: "x", pipeline: [] } }],
    [{ $lookup: { from: "c", as: "x", pipeline: [{ $unionWith: { db: "local", coll: "x" } }] } }],
    [{ $facet: { a: [{ $graphLookup: { from: { db: "config", coll: "x" } } }] } }],
    [{ $out: { db: "admin", coll: "x" } }],
    [{ $merge: { into: { db: "__petiole", coll: "api_keys" } } }],
  ].map(
    (pipeline) =>
      [
        `aggregate can not reach a closed database by ${JSON.stringify(pipeline)}`,
        {
          to: "aggregate",
          body: { pipeline },
          status: 403,
          contains: ["no rule exists for namespace"],
        },
      ] as const,
  ),
  ...[
    [{ $changeStream: {} }],
    [{ $currentOp: {} }],
    [{ $listSessions: {} }],
    [{ $listLocalSessions: {} }],
    [{ $planCacheStats: {} }],
    [{ $facet: { a: [{ $currentOp: {} }] } }],
    [{ $unionWith: { coll: "c", pipeline: [{ $changeStream: {} }] } }],
  ].map(
    (pipeline) =>
      [
        `aggregate does not run ${JSON.stringify(pipeline)}`,
        {
          to: "aggregate",
          body: { pipeline },
          status: 400,
          contains: ["Failed to aggregate documents", "MongoDBError"],
        },
      ] as const,
  ),
];

describeOnSources("refusals", rows);
