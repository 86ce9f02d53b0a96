/** Entries of the Data API and of custom endpoints. */
import { expect } from "vitest";
import { called, endpoint, id, metrics, tally, text } from "../../support/log-expected.ts";
import type { LogRow } from "../../support/log-stage.ts";
import { send } from "../../support/scenario.ts";

export const callsToApps: readonly LogRow[] = [
  [
    "an action",
    async (s) => s.act("findOne", { filter: {} }),
    "ENDPOINT",
    200,
    (s) => ({
      user_id: s.member.user_id,
      ...called("data/v1/findOne", null),
      ...endpoint("/data/v1/action/findOne"),
    }),
  ],
  [
    "an action of a user who sees some documents, and of these some fields",
    async (s) => s.act("find", { filter: {} }, s.guest),
    "ENDPOINT",
    200,
    (s) => ({
      user_id: s.guest.user_id,
      ...called("data/v1/find", null),
      ...endpoint("/data/v1/action/find"),
      ...metrics({ guest: tally(2, 7, 1) }),
    }),
  ],
  [
    "an action that asks for a field which is hidden",
    async (s) => s.act("find", { filter: { age: 3 }, sort: { age: 1 } }, s.guest),
    "ENDPOINT",
    200,
    (s) => ({
      user_id: s.guest.user_id,
      ...called("data/v1/find", null),
      ...endpoint("/data/v1/action/find"),
      ...metrics({ guest: tally(2, 7, 1) }),
      notes: [
        "shop.pets: the filter names 'age', which is hidden from the user and acts as missing",
        "shop.pets: the sort names 'age', which is hidden from the user and acts as missing",
      ],
    }),
  ],
  [
    "an aggregation over a field which is hidden",
    async (s) =>
      s.act(
        "aggregate",
        { pipeline: [{ $sort: { name: 1 } }, { $group: { _id: "$age" } }] },
        s.guest,
      ),
    "ENDPOINT",
    200,
    (s) => ({
      user_id: s.guest.user_id,
      ...called("data/v1/aggregate", null),
      ...endpoint("/data/v1/action/aggregate"),
      ...metrics({ guest: tally(2, 7, 1) }),
      notes: [
        "shop.pets: the pipeline names 'age', which is hidden from the user and acts as missing",
      ],
    }),
  ],
  [
    "a write that a role denies",
    async (s) => s.act("insertOne", { document: { name: "Joe", shown: true } }, s.guest),
    "ENDPOINT",
    403,
    (s) => ({
      user_id: s.guest.user_id,
      ...called("data/v1/insertOne", null),
      ...endpoint("/data/v1/action/insertOne"),
      ...metrics({ guest: tally(1) }),
      error: "insert not permitted",
      error_code: "NoMatchingRuleFound",
      notes: ["shop.pets: insert not permitted: insert of guest"],
    }),
  ],
  [
    "a write that no role is for",
    async (s) => s.act("insertOne", { document: { name: "Joe" } }, s.guest),
    "ENDPOINT",
    403,
    (s) => ({
      user_id: s.guest.user_id,
      ...called("data/v1/insertOne", null),
      ...endpoint("/data/v1/action/insertOne"),
      ...metrics({}, 1),
      error: "insert not permitted",
      error_code: "NoMatchingRuleFound",
      notes: ["shop.pets: insert not permitted: no role applies"],
    }),
  ],
  [
    "a write that the schema does not let through",
    async (s) => s.act("insertOne", { document: { _id: 9, age: "three" } }),
    "ENDPOINT",
    400,
    (s) => ({
      user_id: s.member.user_id,
      ...called("data/v1/insertOne", null),
      ...endpoint("/data/v1/action/insertOne"),
      ...metrics({ staff: tally(1) }),
      error: expect.stringContaining("could not validate document") as unknown,
      error_code: "SchemaValidationFailedWrite",
      schema_violations: [
        { kind: "required", field: "(root).name", message: text },
        { kind: "invalid_type", field: "(root).age", message: text },
      ],
    }),
  ],
  [
    "a custom endpoint",
    async (s) => {
      const to = `/app/${s.app.server.appId}/endpoint/answer?a=1`;
      const headers = { apiKey: undefined, Authorization: `Bearer ${s.member.access_token}` };
      const body = '{"b":2}';
      const answer = await send(s.app.server, { method: "POST", to, headers, body }, "");
      return String(answer.headers["x-request-id"]);
    },
    "ENDPOINT",
    200,
    (s) => ({
      user_id: s.member.user_id,
      ...called("answer", null),
      function_id: id,
      endpoint_id: id,
      ...endpoint("/answer", {
        query: { a: ["1"] },
        body: { $binary: { base64: "eyJiIjoyfQ==", subType: "00" } },
      }),
      messages: ["asked"],
    }),
  ],
];
