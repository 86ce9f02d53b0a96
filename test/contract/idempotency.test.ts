/** `Idempotency-Key`: a write that is sent again happens once, whatever became of the answer. */
import { type ClientRequest, request as sendRequest } from "node:http";
import { text } from "node:stream/consumers";
import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Answer, send } from "../support/scenario.ts";
import { startServer, type TestServer } from "../support/server.ts";

const uri = inject("mongodUri");

describeIdempotency("the embedded store", {});
describe.skipIf(uri === null)("with MongoDB", () => {
  describeIdempotency("MongoDB", { source: `mongodb-atlas=${uri}` });
});

function describeIdempotency(title: string, flags: Readonly<Record<string, unknown>>): void {
  describe(`Idempotency-Key on ${title}`, () => {
    let server: TestServer;
    let count = 0;
    beforeAll(async () => {
      server = await startServer(flags);
    });
    afterAll(async () => {
      await server.close();
    });

    async function call(
      action: string,
      body: object,
      options: { readonly key?: string; readonly collection: string },
    ): Promise<Answer> {
      const { key, collection } = options;
      const headers = key === undefined ? {} : { "Idempotency-Key": key };
      return send(server, { to: action, headers, body: { ...body } }, collection);
    }

    async function documentsIn(collection: string): Promise<string> {
      const projection = { _id: 0 };
      return (await call("find", { projection, sort: { n: 1 } }, { collection })).body;
    }

    const three = [{ n: 1 }, { n: 2 }, { n: 3 }];

    test.for<[action: string, body: object, after: readonly object[], answer: RegExp]>([
      ["insertOne", { document: { n: 9 } }, [...three, { n: 9 }], /^\{"insertedId":"\w{24}"\}$/],
      [
        "insertMany",
        { documents: [{ n: 8 }, { n: 9 }] },
        [...three, { n: 8 }, { n: 9 }],
        /^\{"insertedIds":\["\w{24}","\w{24}"\]\}$/,
      ],
      [
        "updateOne",
        { filter: { n: 3 }, update: { $inc: { n: 1 } } },
        [{ n: 1 }, { n: 2 }, { n: 4 }],
        /^\{"matchedCount":1,"modifiedCount":1\}$/,
      ],
      [
        "updateOne",
        { filter: { n: 7 }, update: { $inc: { n: 1 } }, upsert: true },
        [...three, { n: 8 }],
        /^\{"matchedCount":0,"modifiedCount":0,"upsertedId":"\w{24}"\}$/,
      ],
      [
        "updateMany",
        { filter: {}, update: { $inc: { n: 1 } } },
        [{ n: 2 }, { n: 3 }, { n: 4 }],
        /^\{"matchedCount":3,"modifiedCount":3\}$/,
      ],
      [
        "updateMany",
        { filter: { n: 7 }, update: { $inc: { n: 1 } } },
        three,
        /^\{"matchedCount":0,"modifiedCount":0\}$/,
      ],
      [
        "replaceOne",
        { filter: { n: { $gt: 1 } }, replacement: { n: 5 } },
        [{ n: 1 }, { n: 3 }, { n: 5 }],
        /^\{"matchedCount":1,"modifiedCount":1\}$/,
      ],
      ["deleteOne", { filter: {} }, three.slice(1), /^\{"deletedCount":1\}$/],
      ["deleteMany", { filter: { n: { $lt: 3 } } }, three.slice(2), /^\{"deletedCount":2\}$/],
    ])("%s happens once, and answers the same", async ([action, body, after, answer]) => {
      count += 1;
      const options = { key: `call-${count}`, collection: `once${count}` };
      await call("insertMany", { documents: three }, { collection: options.collection });
      const first = await call(action, body, options);
      const again = await call(action, body, options);
      expect(first.body).toMatch(answer);
      expect(first.headers).not.toHaveProperty("idempotency-replayed");
      expect(again).toMatchObject({ status: first.status, body: first.body });
      expect(again.headers).toMatchObject({ "idempotency-replayed": "true" });
      expect(await documentsIn(options.collection)).toBe(JSON.stringify({ documents: after }));
    });

    test("a search that takes long is sealed as well", async () => {
      const options = { key: "long", collection: "long" };
      const documents = Array.from({ length: 5000 }, (_, n) => ({ n, text: "x".repeat(200) }));
      for (let from = 0; from < documents.length; from += 1000) {
        const body = { documents: documents.slice(from, from + 1000) };
        expect((await call("insertMany", body, { collection: "long" })).status).toBe(201);
      }
      const body = { filter: { n: 4999 }, update: { $inc: { m: 1 } } };
      for (const isReplay of [undefined, "true"]) {
        const { headers } = await call("updateOne", body, options);
        expect(headers["idempotency-replayed"]).toBe(isReplay);
      }
      const many = { filter: {}, update: { $inc: { m: 1 } } };
      for (const isReplay of [undefined, "true"]) {
        const { headers } = await call("updateMany", many, { ...options, key: "many" });
        expect(headers["idempotency-replayed"]).toBe(isReplay);
      }
      const sum = [{ $group: { _id: null, m: { $sum: "$m" } } }];
      const { body: found } = await call("aggregate", { pipeline: sum }, { collection: "long" });
      expect(found).toBe('{"documents":[{"_id":null,"m":5001}]}');
    });

    test("a write that fails leaves nothing, and may be sent again", async () => {
      const options = { key: "fails", collection: "fails" };
      const documents = [{ _id: 1 }, { _id: 2 }, { _id: 1 }];
      const failed = await call("insertMany", { documents }, options);
      expect(failed).toMatchObject({ status: 400, body: expect.stringContaining("E11000") });
      expect((await call("find", {}, options)).body).toBe('{"documents":[]}');
      expect((await call("insertMany", { documents: [{ _id: 1 }] }, options)).status).toBe(201);
    });

    test("a key that was used for another request is refused", async () => {
      const options = { key: "reused", collection: "reused" };
      await call("insertOne", { document: { n: 1 } }, options);
      const other = await call("insertOne", { document: { n: 2 } }, options);
      expect(other).toMatchObject({
        status: 409,
        body: expect.stringContaining('"error_code":"IdempotencyKeyReused"'),
      });
      const otherAction = await call("deleteOne", { document: { n: 1 } }, options);
      expect(otherAction.status).toBe(400);
      expect(await documentsIn("reused")).toBe('{"documents":[{"n":1}]}');
    });

    test.for(["", "two words", "é", "x".repeat(256)])("'%s' is no key", async (key) => {
      const answer = await call("insertOne", { document: {} }, { key, collection: "none" });
      expect(answer).toMatchObject({ status: 400, body: expect.stringContaining("visible ASCII") });
    });

    test("a read takes no notice of it", async () => {
      for (const body of [{ filter: { a: 1 } }, { filter: { a: 2 } }]) {
        const answer = await call("findOne", body, { key: "read", collection: "c" });
        expect(answer).toMatchObject({ status: 200, body: '{"document":null}' });
      }
    });

    test("many at once with one key write once, and all hear the same", async () => {
      const options = { key: "at once", collection: "race" };
      const answers = await Promise.all(
        Array.from({ length: 20 }, async () =>
          call("insertOne", { document: { n: 1 } }, { ...options, key: "at-once" }),
        ),
      );
      expect(new Set(answers.map(({ status, body }) => `${status} ${body}`)).size).toBe(1);
      expect(await documentsIn("race")).toBe('{"documents":[{"n":1}]}');
    });

    test("1,000 writes over connections that break at any moment each happen once", async () => {
      const collection = "cut";
      const sums = Array.from({ length: 10 }, (_, _id) => ({ _id, n: 0 }));
      await call("insertMany", { documents: sums }, { collection });
      let cuts = 0;
      const statuses = new Set<number>();
      const writeOne = async (index: number): Promise<void> => {
        const [action, body]: readonly [string, object] =
          index % 2 === 0
            ? ["insertOne", { document: { index } }]
            : ["updateOne", { filter: { _id: index % 10 }, update: { $inc: { n: 1 } } }];
        for (let attempt = 0; ; attempt += 1) {
          // The last attempt is left alone, so that the test ends.
          const isCut = attempt < 5 && randomInt(3) > 0;
          const status = await sendAndCut(action, body, {
            key: `cut-${index}`,
            collection,
            cutAfterMs: isCut ? randomInt(12) : undefined,
          });
          if (status === undefined) cuts += 1;
          else {
            statuses.add(status);
            return;
          }
        }
      };
      let next = 0;
      await Promise.all(
        Array.from({ length: 16 }, async () => {
          for (let index = (next += 1); index <= 1000; index = next += 1) await writeOne(index);
        }),
      );
      expect([...statuses].toSorted((a, b) => a - b)).toEqual([200, 201]);
      expect(cuts).toBeGreaterThan(100);
      const pipeline = [
        { $group: { _id: "$index", documents: { $sum: 1 }, n: { $sum: "$n" } } },
        { $group: { _id: "$documents", indexes: { $sum: 1 }, n: { $sum: "$n" } } },
        { $sort: { _id: 1 } },
      ];
      const { body } = await call("aggregate", { pipeline }, { collection });
      // 500 indexes of one document each; and the ten counters, which have none.
      expect(JSON.parse(body)).toEqual({
        documents: [
          { _id: 1, indexes: 500, n: 0 },
          { _id: 10, indexes: 1, n: 500 },
        ],
      });
    }, 120_000);

    /** @returns undefined when the connection was cut before the answer was there */
    async function sendAndCut(
      action: string,
      fields: object,
      options: {
        readonly key: string;
        readonly collection: string;
        readonly cutAfterMs: number | undefined;
      },
    ): Promise<number | undefined> {
      const { key, collection, cutAfterMs } = options;
      const { apiKey, database } = server;
      const content = JSON.stringify({
        dataSource: "mongodb-atlas",
        database,
        collection,
        ...fields,
      });
      const headers = { apiKey, "Content-Type": "application/json", "Idempotency-Key": key };
      const url = `${server.actions}/${action}`;
      return new Promise((resolve) => {
        const request: ClientRequest = sendRequest(
          url,
          { method: "POST", headers, agent: false },
          (response) => {
            text(response).then(
              () => {
                clearTimeout(timer);
                resolve(response.statusCode);
              },
              () => {
                resolve(undefined);
              },
            );
          },
        );
        const timer =
          cutAfterMs === undefined ? undefined : setTimeout(() => request.destroy(), cutAfterMs);
        request.on("error", () => {
          resolve(undefined);
        });
        request.end(content);
      });
    }
  });
}
