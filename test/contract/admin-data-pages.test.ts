/** Pages of documents and edits of what was seen, as the console's Data screen asks for them. */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Admin, adminOf } from "../support/admin.ts";
import { startServer, type TestServer } from "../support/server.ts";

const root = "{A}/data/mongodb-atlas";

describePages("pages on the embedded store", () => ({}));
const uri = inject("mongodUri");
describe.skipIf(uri === null)("with MongoDB", () => {
  describePages("pages on MongoDB", () => ({ source: `mongodb-atlas=${uri}` }));
});

interface Row {
  readonly id: unknown;
  readonly document: Readonly<Record<string, unknown>>;
  readonly bytes: unknown;
  readonly isCut: boolean;
}
interface Page {
  readonly documents: readonly Row[];
  readonly next: object | null;
}

/** Values that sort in every way there is; several of each, and documents without any. */
const values: readonly unknown[] = [
  1,
  { $numberLong: "1" },
  { $numberDouble: "1.5" },
  { $numberDouble: "NaN" },
  { $numberDouble: "-Infinity" },
  { $numberDecimal: "NaN" },
  { $numberDecimal: "2" },
  null,
  "a",
  "b",
  "",
  { $oid: "64b7f0c2a1d3e4f5a6b7c8d9" },
  { $date: "2026-01-31T12:00:00Z" },
  true,
  false,
  { $minKey: 1 },
  { $maxKey: 1 },
  { a: 1 },
  { $binary: { base64: "AQI=", subType: "00" } },
  { $timestamp: { t: 1, i: 2 } },
  { $regularExpression: { pattern: "a", options: "" } },
  { $code: "x" },
  { $undefined: true },
];
const arrays: readonly unknown[] = [[], [1, "a"], [3, null], [[1]], [0, 9], [{ b: 1 }, { b: 5 }]];

const documents = [
  ...[...values, ...values].map((v, at) => ({ _id: at, v, w: at % 3, inner: { v } })),
  ...Array.from({ length: 9 }, (_, at) => ({ _id: `without ${at}`, w: at % 2 })),
];
const withArrays = [...documents, ...arrays.map((v, at) => ({ _id: `array ${at}`, v, w: 1 }))];

function describePages(title: string, flags: () => Readonly<Record<string, unknown>>): void {
  describe(title, () => {
    let server: TestServer;
    let admin: Admin;
    let inDatabase: string;

    const act = async <T>(action: string, collection: string, body: object): Promise<T> =>
      admin.must<T>("POST", `${root}/actions/${action}`, {
        database: server.database,
        collection,
        ...body,
      });
    const pagesOf = async (collection: string, body: object): Promise<readonly Row[]> => {
      const rows: Row[] = [];
      let from: object | null | undefined;
      for (let pages = 0; pages < 100 && from !== null; pages += 1) {
        const page: Page = await act("browse", collection, { ...body, ...(from && { from }) });
        rows.push(...page.documents);
        from = page.next;
      }
      expect(from).toBe(null);
      return rows;
    };

    beforeAll(async () => {
      server = await startServer(flags());
      admin = await adminOf(server);
      inDatabase = `${root}/databases/${server.database}/collections`;
      await act("insertMany", "plain", { documents });
      await act("insertMany", "arrays", { documents: withArrays });
      for (const keys of [{ v: 1 }, { w: 1, v: -1 }])
        await admin.must("POST", `${inDatabase}/plain/indexes`, { keys });
    });
    afterAll(async () => {
      const names = await admin.must<readonly { readonly name: string }[]>("GET", inDatabase);
      for (const { name } of names) await admin.call("DELETE", `${inDatabase}/${name}`);
      await server.close();
    });

    test.for<[sort: string, filter: string]>([
      ["{}", "{}"],
      ['{"_id":-1}', "{}"],
      ['{"v":1}', "{}"],
      ['{"v":-1}', "{}"],
      ['{"w":1,"v":-1}', "{}"],
      ['{"w":-1,"v":1}', '{"w":{"$gte":1}}'],
      ['{"v":1,"_id":-1}', "{}"],
      ['{"inner.v":-1}', '{"v":{"$exists":true}}'],
      ['{"absent":1}', "{}"],
      ['{"v":1,"w":1}', '{"$or":[{"w":0},{"w":2}]}'],
    ])("all documents come once, in order: sort %s, filter %s", async ([sortText, filterText]) => {
      const [sort, filter] = [sortText, filterText].map((text) => JSON.parse(text) as object);
      for (const collection of ["plain", "arrays"]) {
        const whole = await act<{ readonly documents: readonly { readonly _id: unknown }[] }>(
          "find",
          collection,
          { filter, sort: { ...sort, ...(sortText.includes("_id") ? {} : { _id: 1 }) } },
        );
        const wanted = whole.documents.map(({ _id }) => _id);
        for (const limit of [collection === "plain" ? 2 : 5, 1000]) {
          const rows = await pagesOf(collection, { filter, sort, limit });
          expect([collection, limit, rows.map(({ id }) => id)]).toEqual([
            collection,
            limit,
            wanted,
          ]);
        }
      }
    });

    test("bounds of an indexed field are read in its order", async () => {
      const filter = { w: { $gte: 1 } };
      const found = await act<{ readonly documents: readonly { readonly _id: unknown }[] }>(
        "find",
        "plain",
        { filter, sort: { w: 1, _id: 1 } },
      );
      const rows = await pagesOf("plain", { filter, limit: 4 });
      expect(rows.map(({ id }) => id)).toEqual(found.documents.map(({ _id }) => _id));
    });

    test("what is inserted before a page is not shown on it, and moves nothing", async () => {
      const many = Array.from({ length: 20 }, (_, at) => ({ _id: at + 10, n: 1 }));
      await act("insertMany", "moving", { documents: many });
      const first: Page = await act("browse", "moving", { sort: { n: 1 }, limit: 10 });
      await act("insertMany", "moving", {
        documents: [
          { _id: 1, n: 1 },
          { _id: 2, n: 0 },
        ],
      });
      const second: Page = await act("browse", "moving", {
        sort: { n: 1 },
        limit: 10,
        from: first.next,
      });
      const ids = second.documents.map(({ id }) => id);
      expect(ids).toEqual(many.slice(10).map(({ _id }) => ({ $numberInt: String(_id) })));
    });

    test("projection, skip and collation are the data source's", async () => {
      const one = { filter: { _id: { $in: [0, 1] } }, limit: 5 };
      const page: Page = await act("browse", "plain", { ...one, projection: { w: 1, _id: 0 } });
      expect(page.documents.map(({ document, id }) => [id, document])).toEqual([
        [{ $numberInt: "0" }, { w: { $numberInt: "0" } }],
        [{ $numberInt: "1" }, { w: { $numberInt: "1" } }],
      ]);
      const skipped: Page = await act("browse", "plain", { skip: 3, limit: 1 });
      expect(skipped).toMatchObject({
        documents: [{ id: { $numberInt: "3" } }],
        next: { row: { $numberInt: "4" } },
      });
      await act("insertMany", "words", { documents: ["b", "A", "a", "B"].map((_id) => ({ _id })) });
      const collation = { locale: "en", strength: 3 };
      const rows = await pagesOf("words", { sort: { _id: 1 }, collation, limit: 1 });
      expect(rows.map(({ id }) => id)).toEqual(["a", "A", "b", "B"]);
    });

    test("big documents come abbreviated", async () => {
      const big = { _id: "big", text: "x".repeat(9 * 2 ** 20), n: { $numberLong: "1" } };
      await act("insertOne", "big", { document: big });
      const { documents: rows }: Page = await act("browse", "big", { limit: 1 });
      expect(rows).toMatchObject([{ isCut: true, document: { _id: "big", n: big.n } }]);
      expect(JSON.stringify(rows).length).toBeLessThan(5000);
    });

    test("a sample tells what the fields hold", async () => {
      const sampled = [
        { _id: "s1", n: 5, list: [1, "a"], inner: { t: "<b>" } },
        { _id: "s2", n: "five", list: [] },
      ];
      await act("insertMany", "sampled", { documents: sampled });
      const filter = { n: { $exists: true } };
      const body = await act<{ readonly fields: readonly { readonly path: string }[] }>(
        "analyze",
        "sampled",
        { filter },
      );
      const field = (path: string): object | undefined =>
        body.fields.find((each) => each.path === path);
      const [one, two] = [{ $numberInt: "1" }, { $numberInt: "2" }];
      expect(body).toMatchObject({ sampled: two, isCut: false });
      expect(body.fields.map(({ path }) => path).toSorted()).toEqual(
        ["_id", "inner", "inner.t", "list", "list[]", "n"].toSorted(),
      );
      expect(field("n")).toMatchObject({
        count: two,
        types: expect.arrayContaining([
          { type: "int", count: one },
          { type: "string", count: one },
        ]),
        least: { $numberInt: "5" },
      });
      expect(field("list")).toMatchObject({
        lengths: { least: { $numberInt: "0" }, greatest: two },
      });
      expect(field("inner.t")).toMatchObject({ values: [{ value: "<b>", count: one }] });
    });

    test.for<[body: object, code: string]>([
      [{ from: 5 }, "InvalidParameter"],
      [{ from: { row: -1 } }, "InvalidParameter"],
      [{ from: { row: 1, key: "x" } }, "InvalidParameter"],
      [{ sort: { a: 5 } }, "MongoDBError"],
      [{ filter: { $nope: 1 } }, "MongoDBError"],
      [{ skip: -1 }, "InvalidParameter"],
    ])("%j is refused", async ([body, code]) => {
      const place = { database: server.database, collection: "plain" };
      expect(
        await admin.call("POST", `${root}/actions/browse`, { ...place, ...body }),
      ).toMatchObject({ status: 400, body: { error_code: code } });
    });

    /** As text: JavaScript's objects would put `2` before `b`. */
    const send = async (action: string, body: string): Promise<string> => {
      const group = `${server.url}/api/admin/v3.0/groups/${admin.group}/apps/${admin.app}`;
      const place = `"database":"${server.database}","collection":"texts"`;
      const answer = await fetch(`${group}/data/mongodb-atlas/actions/${action}`, {
        method: "POST",
        headers: { Authorization: `Bearer ${server.adminToken}` },
        body: `{${place},${body}}`,
      });
      return answer.text();
    };

    test("a document's names keep their order and its numbers their types", async () => {
      await send("insertOne", '"document":{"_id":"t","b":1,"2":1.0,"1":9007199254740993}');
      const document =
        '{"_id":"t","b":{"$numberInt":"1"},"2":{"$numberDouble":"1.0"},"1":{"$numberLong":"9007199254740993"}}';
      expect(await send("findOne", '"filter":{"_id":"t"}')).toBe(`{"document":${document}}`);
      const read = JSON.parse(await send("readSeen", '"id":"t"')) as { readonly version: string };
      expect(read).toMatchObject({ isTrue: true });
      const replace = async (version: string): Promise<object> =>
        JSON.parse(
          await send("replaceSeen", `"id":"t","version":"${version}","replacement":{"c":1,"0":2}`),
        ) as object;
      expect(await replace(read.version)).toMatchObject({ replaced: true, document: { _id: "t" } });
      expect(await replace(read.version)).toMatchObject({
        replaced: false,
        document: { c: { $numberInt: "1" } },
      });
      expect(await send("findOne", '"filter":{"_id":"t"}')).toBe(
        '{"document":{"_id":"t","c":{"$numberInt":"1"},"0":{"$numberInt":"2"}}}',
      );
      await send("deleteOne", '"filter":{"_id":"t"}');
      expect(await replace(read.version)).toEqual({ replaced: false, document: null });
    });
  });
}
