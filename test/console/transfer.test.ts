/** Files of documents out of a collection and into another: what the console reads of them, and what the server takes. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createReader, type FileFormat, formatOfFile } from "../../console/src/transfer/records.ts";
import { type Admin, adminOf, tokenOfReader } from "../support/admin.ts";
import { startServer, type TestServer } from "../support/server.ts";

/** @param size of the pieces in which the file comes */
function read(format: FileFormat, text: string, size = 3): readonly unknown[] {
  const reader = createReader(format);
  const found: unknown[] = [];
  for (let at = 0; at < text.length; at += size)
    found.push(...reader.push(text.slice(at, at + size)));
  return [...found, ...reader.end()].map((each) => Object.values(each as object));
}

const between = "this is between the documents and is none";

test.for<[title: string, format: FileFormat, text: string, records: readonly unknown[]]>([
  [
    "lines",
    "ndjson",
    '{"a":1}\n\n{"b":"x\\ny"}',
    [
      [1, '{"a":1}'],
      [3, '{"b":"x\\ny"}'],
    ],
  ],
  ["an empty file", "ndjson", "", []],
  [
    "an array",
    "ejson",
    '[\n{"a":"}]\\""},\n{"b":[{}]}]',
    [
      [2, '{"a":"}]\\""}'],
      [3, '{"b":[{}]}'],
    ],
  ],
  ["an array of none", "ejson", "[]", []],
  [
    "what is none",
    "ejson",
    '[{"a":1}, 5,\n{}]',
    [
      [1, '{"a":1}'],
      [1, "", between],
      [2, "{}"],
    ],
  ],
  ["no end of a document", "ejson", '[{"a":1', [[1, '{"a":1', "the file ends within a document"]]],
  [
    "no end of an array",
    "ejson",
    '[{"a":1}',
    [
      [1, '{"a":1}'],
      [1, "", "the file ends before its ']'"],
    ],
  ],
  [
    "cells",
    "csv",
    'a,b\r\n1,x\r\n,"y, ""z"""\r\n',
    [
      [2, '{"a":1,"b":"x"}'],
      [3, '{"b":"y, \\"z\\""}'],
    ],
  ],
  [
    "cells of all kinds",
    "csv",
    'a\n1.50\ntrue\n"""1"""\n"{""$oid"":""x""}"\n{x\n007\n12345678901234567890\n',
    [
      [2, '{"a":1.50}'],
      [3, '{"a":true}'],
      [4, '{"a":"1"}'],
      [5, '{"a":{"$oid":"x"}}'],
      [6, '{"a":"{x"}'],
      [7, '{"a":"007"}'],
      [8, '{"a":"12345678901234567890"}'],
    ],
  ],
  ["semicolons and lines within cells", "csv", '\uFEFFa;b\n"x\ny";2', [[2, '{"a":"x\\ny","b":2}']]],
  ["too many cells", "csv", "a\n1,2\n", [[2, '{"a":1}', "2 cells, but 1 columns"]]],
  ["a column twice", "csv", "a,a\n", [[1, "", "the column 'a' comes twice"]]],
  ["no end of quotes", "csv", 'a\n"x', [[2, "", "the file ends within quotes"]]],
])("%s (%s)", ([, format, text, records]) => {
  for (const size of [1, 3, 1000]) expect(read(format, text, size)).toEqual(records);
});

test.for<[name: string, beginning: string, format: FileFormat]>([
  ["a.csv", "[", "csv"],
  ["a.json", " \n[{", "ejson"],
  ["a.json", '{"a":1}', "ndjson"],
])("%s that begins with %j is %s", ([name, beginning, format]) => {
  expect(formatOfFile(name, beginning)).toBe(format);
});

describe("into and out of a collection", () => {
  let server: TestServer;
  let admin: Admin;
  let base: string;
  beforeAll(async () => {
    server = await startServer();
    admin = await adminOf(server);
    base = `{A}/data/mongodb-atlas/databases/${server.database}/collections`;
    await admin.must("POST", `${base}/source/import`, { lines: documents });
  });
  afterAll(async () => server.close());

  const documents: readonly string[] = [
    '{"_id":1,"i":7,"l":{"$numberLong":"7"},"d":7.0,"e":{"$numberDecimal":"7.00"},"t":"7"}',
    '{"_id":2,"t":"","u":{"$uuid":"00112233-4455-6677-8899-aabbccddeeff"},"n":null,"y":true,"z":"true"}',
    '{"_id":3,"t":"=1+1","d":1e300,"o":{"x":[1,{"$numberLong":"2"}],"2":1},"w":{"$date":"2026-01-31T12:00:00Z"}}',
    '{"_id":4,"t":"a,\\"b\\"\\r\\nc ","q":"{}","r":"[1","k":{"$minKey":1},"x":{"$regularExpression":{"pattern":"a","options":""}}}',
    '{"_id":{"$oid":"64b7f0c2a1d3e4f5a6b7c8d9"},"<script>":"<b>","__proto__":"p","rtl":"\\u202e","nan":{"$numberDouble":"NaN"}}',
  ];
  const find = async (collection: string): Promise<unknown> =>
    admin.must("POST", "{A}/data/mongodb-atlas/actions/find", {
      database: server.database,
      collection,
    });

  test.for<FileFormat>(["ndjson", "ejson", "csv"])("%s keeps every type", async (format) => {
    const { body, headers } = await admin.call("POST", `${base}/source/export`, { format });
    const text = typeof body === "string" ? body : JSON.stringify(body);
    expect(headers.get("content-disposition")).toContain(`source.${format}`);
    const lines = read(format, text, 1000).map((each) => (each as readonly string[])[1]);
    const answer = await admin.must("POST", `${base}/${format}/import`, { lines });
    expect(answer).toMatchObject({ inserted: { $numberInt: "5" }, failures: [] });
    expect(await find(format)).toEqual(await find("source"));
  });

  test("an export that fails half way says why in its last line where that is asked for, else it breaks off", async () => {
    const lines = Array.from({ length: 2000 }, (_, n) => `{"_id":${n},"n":${1999 - n}}`);
    await admin.must("POST", `${base}/halfway/import`, { lines });
    const projection = { text: "x".repeat(200), n: { $divide: [1, "$n"] } };
    const ask = async (more: object): ReturnType<typeof admin.call> =>
      admin.call("POST", `${base}/halfway/export`, { format: "ndjson", projection, ...more });
    const { body } = await ask({ tellsFailure: true });
    expect(body).toContain('\n\u001E{"error":"(');
    expect(body).toMatch(/zero.*","error_code":"MongoDBError"\}\n$/);
    await expect(ask({})).rejects.toThrow("terminated");
  });

  test("each line that fails is told, and keeps no other out", async () => {
    const lines = ['{"_id":1,"n":1}', "{", '{"_id":1,"n":2}', '{"_id":2}', '{"a":{"$oid":"x"}}'];
    const failures = [
      { line: { $numberInt: "1" } },
      { line: { $numberInt: "2" }, message: expect.stringContaining("E11000") },
      { line: { $numberInt: "4" }, message: expect.stringContaining("a") },
    ];
    expect(await admin.must("POST", `${base}/lines/import`, { lines })).toMatchObject({
      inserted: { $numberInt: "2" },
      failures,
    });
    const again = { lines: ['{"_id":1,"n":3}', '{"_id":3}'] };
    for (const [onPresent, counted, n] of [
      ["skip", "skipped", "1"],
      ["replace", "replaced", "3"],
    ] as const) {
      const answer = await admin.must("POST", `${base}/lines/import`, { ...again, onPresent });
      expect(answer).toMatchObject({ [counted]: { $numberInt: onPresent === "skip" ? "1" : "2" } });
      expect(await find("lines")).toMatchObject({
        documents: expect.arrayContaining([{ _id: { $numberInt: "1" }, n: { $numberInt: n } }]),
      });
    }
    await admin.must("POST", `${base}/lines/indexes`, {
      keys: { u: 1 },
      options: { unique: true, sparse: true },
    });
    await admin.must("POST", `${base}/lines/import`, { lines: ['{"_id":8,"u":1}'] });
    expect(
      await admin.must("POST", `${base}/lines/import`, {
        lines: ['{"_id":9,"u":1}'],
        onPresent: "skip",
      }),
    ).toMatchObject({ failures: [{ message: expect.stringContaining("unique index") }] });
  });

  test.for<[path: string, body: object]>([
    ["import", {}],
    ["import", { lines: "x" }],
    ["import", { lines: [5] }],
    ["import", { lines: [], onPresent: "merge" }],
    ["export", {}],
    ["export", { format: "constructor" }],
    ["export", { format: "csv", filter: { $nope: 1 } }],
    ["export", { format: "ndjson", sort: { a: 7 } }],
  ])("%s with %j is refused", async ([path, body]) => {
    expect((await admin.call("POST", `${base}/source/${path}`, body)).status).toBe(400);
  });

  test("who may only look exports and imports nothing", async () => {
    const reader = await adminOf(server, await tokenOfReader(admin));
    const status = async (path: string, body: object): Promise<number> =>
      (await reader.call("POST", `${base}/source/${path}`, body)).status;
    expect(await status("export", { format: "csv" })).toBe(200);
    expect(await status("import", { lines: ["{}"] })).toBe(403);
  });
});
