import { describeRows, type Rows } from "../support/on-sources.ts";

const link = '"link":"HOST/console/logs?co_id=*"';
const noType = `{"error":"Header missing: please add content-type: application/json or application/ejson to specify payload data types","error_code":"MissingParameter",${link}}`;
const found = { status: 200, answer: '{"document":null}' };
const json = { ...found, answerHeaders: { "content-type": "application/json" } };
const asEjson = { ...found, answerHeaders: { "content-type": "application/ejson" } };

const rows: Rows = [
  ["no Accept means the default", { to: "findOne", body: {}, ...json }],
  [
    "any Accept means the default",
    {
      to: "findOne",
      headers: { Accept: "*/*", "Content-Type": "application/ejson" },
      body: {},
      ...json,
    },
  ],
  [
    "Accept of axios means JSON",
    { to: "findOne", headers: { Accept: "application/json, text/plain, */*" }, body: {}, ...json },
  ],
  [
    "Accept of EJSON",
    { to: "findOne", headers: { Accept: "application/ejson" }, body: {}, ...asEjson },
  ],
  [
    "Accept by weight",
    {
      to: "findOne",
      headers: { Accept: "application/json;q=0.5, application/ejson" },
      body: {},
      ...asEjson,
    },
  ],
  [
    "Accept of something else means the default",
    { to: "findOne", headers: { Accept: "text/html" }, body: {}, ...json },
  ],
  [
    "a read needs no content type",
    {
      to: "findOne",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: {},
      ...json,
    },
  ],
  [
    "a write needs a content type",
    {
      to: "deleteMany",
      headers: { "Content-Type": undefined },
      body: { filter: {} },
      status: 400,
      answer: noType,
    },
  ],
  [
    "a write needs a JSON type",
    {
      to: "insertOne",
      headers: { "Content-Type": "text/plain;charset=UTF-8" },
      body: { document: {} },
      status: 400,
      answer: noType,
    },
  ],
  [
    "a write takes a charset",
    {
      to: "deleteOne",
      headers: { "Content-Type": "Application/JSON; charset=UTF-8" },
      body: { filter: {} },
      status: 200,
    },
  ],
  [
    "a compressed body is refused",
    {
      to: "findOne",
      headers: { "Content-Encoding": "gzip" },
      body: {},
      status: 400,
      contains: ["compressed"],
    },
  ],
];

describeRows("formats", rows, () => ({}));
