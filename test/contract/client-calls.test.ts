/** The client API over the wire. `functions/call`: functions, and operations on data sources. */
import { clientApp } from "../support/client-app.ts";
import {
  asUser,
  clientAppPath,
  type ClientRow,
  describeClientRows,
  failure,
  jsonHeaders,
  noHeaders,
} from "../support/client-rows.ts";

const noToken = failure("must authenticate first", "InvalidSession");
const call = `${clientAppPath}/functions/call`;
const service = (name: string, args: string, given = "mongodb-atlas"): string =>
  `{"name":"${name}","service":"${given}","arguments":[${args}]}`;
const inItems = '"database":"e_contract","collection":"items"';

const calls: readonly ClientRow[] = [
  [
    "a call without a token",
    { to: call, headers: noHeaders, body: "{}", status: 401, answer: noToken },
  ],
  [
    "a call without a name",
    {
      to: call,
      headers: asUser,
      body: "{}",
      status: 400,
      answer: failure("must provide a 'name' field", "MissingParameter"),
    },
  ],
  [
    "a function that there is not",
    {
      to: call,
      headers: asUser,
      body: '{"name":"nix","arguments":[]}',
      status: 404,
      answer: failure("function not found: 'nix'", "FunctionNotFound"),
    },
  ],
  [
    "arguments that are no list",
    { to: call, headers: asUser, body: '{"name":"nix","arguments":{}}', status: 400 },
  ],
  [
    "a document is inserted, and its answer is canonical",
    {
      to: call,
      headers: asUser,
      body: service("insertOne", `{${inItems},"document":{"_id":{"$numberInt":"1"},"n":1.5}}`),
      status: 200,
      answer: '{"insertedId":{"$numberInt":"1"}}',
      answerHeaders: jsonHeaders,
    },
  ],
  [
    "documents are answered as a list",
    {
      to: call,
      headers: asUser,
      body: service("find", `{${inItems}}`),
      status: 200,
      answer: '[{"_id":{"$numberInt":"1"},"n":{"$numberDouble":"1.5"}}]',
    },
  ],
  [
    "a document that is not there is null",
    {
      to: call,
      headers: asUser,
      body: service("findOne", `{${inItems},"query":{"_id":2}}`),
      status: 200,
      answer: "null",
    },
  ],
  [
    "a count is a long number",
    {
      to: call,
      headers: asUser,
      body: service("count", `{${inItems},"query":{}}`),
      status: 200,
      answer: '{"$numberLong":"1"}',
    },
  ],
  [
    "values are told apart",
    {
      to: call,
      headers: asUser,
      body: service("distinct", `{${inItems},"field":"n"}`),
      status: 200,
      answer: '[{"$numberDouble":"1.5"}]',
    },
  ],
  [
    "a replacement",
    {
      to: call,
      headers: asUser,
      body: service("replaceOne", `{${inItems},"query":{"_id":1},"update":{"m":1}}`),
      status: 200,
      answer: '{"matchedCount":{"$numberInt":"1"},"modifiedCount":{"$numberInt":"1"}}',
    },
  ],
  [
    "a delete without a filter is not one of everything",
    {
      to: call,
      headers: asUser,
      body: service("deleteMany", `{${inItems}}`),
      status: 400,
      answer: failure("must provide a 'query' field", "MissingParameter"),
    },
  ],
  [
    "a delete with a list for a filter is not one of everything",
    {
      to: call,
      headers: asUser,
      body: service("deleteMany", `{${inItems},"query":[]}`),
      status: 400,
    },
  ],
  [
    "a replacement by null is no delete",
    {
      to: call,
      headers: asUser,
      body: service("findOneAndReplace", `{${inItems},"filter":{},"update":null}`),
      status: 400,
    },
  ],
  [
    "one document is found and deleted",
    {
      to: call,
      headers: asUser,
      body: service("findOneAndDelete", `{${inItems},"filter":{"_id":1}}`),
      status: 200,
      contains: ['"m":'],
    },
  ],
  [
    "what MongoDB refuses is told in its words",
    {
      to: call,
      headers: asUser,
      body: service("find", `{${inItems},"query":{"$nix":1}}`),
      status: 400,
      contains: [
        '"error":"(BadValue) unknown top level operator: $nix',
        '"error_code":"MongoDBError"',
      ],
    },
  ],
  [
    "a data source that there is not",
    {
      to: call,
      headers: asUser,
      body: service("find", `{${inItems}}`, "constructor"),
      status: 400,
      answer: failure("service not found: 'constructor'", "ServiceNotFound"),
    },
  ],
  ...["drop", "constructor", "bulkWrite"].map((name): ClientRow => [
    `the operation ${name}, which there is not`,
    {
      to: call,
      headers: asUser,
      body: service(name, `{${inItems}}`),
      status: 400,
      answer: failure(`command not found: '${name}'`, "ServiceCommandNotFound"),
    },
  ]),
  [
    "a watch that is no stream",
    {
      to: call,
      headers: asUser,
      body: service("watch", `{${inItems}}`),
      status: 400,
      contains: ["ServiceCommandNotFound"],
    },
  ],
  [
    "an argument that is no object",
    {
      to: call,
      headers: asUser,
      body: service("find", "1"),
      status: 400,
      contains: ["must be an object"],
    },
  ],
  [
    "a database of the server's own",
    {
      to: call,
      headers: asUser,
      body: service("find", '{"database":"admin","collection":"system.users"}'),
      status: 403,
      contains: ["NoMatchingRuleFound"],
    },
  ],
  [
    "a stream without a request",
    {
      method: "GET",
      to: call,
      headers: asUser,
      status: 400,
      answer: failure("must provide a 'baas_request' parameter", "BadRequest"),
    },
  ],
  [
    "a stream of two requests",
    {
      method: "GET",
      to: `${call}?baas_request=e30%3D&baas_request=e30%3D`,
      headers: asUser,
      status: 400,
    },
  ],
  [
    "a stream of what is no request",
    { method: "GET", to: `${call}?baas_request=bml4`, headers: asUser, status: 400 },
  ],
];

describeClientRows("functions/call", clientApp, calls);
