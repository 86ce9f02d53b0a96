/** realm-web follows the changes of a collection, on each data source. */
import { App, Credentials, getEnvironment, type User } from "realm-web";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ClientServer, sourcesHere, startClientServer } from "../support/client-app.ts";

interface Event {
  readonly operationType: string;
  readonly documentKey?: unknown;
  readonly fullDocument?: unknown;
}

describe.for(sourcesHere())("watch on %s", (source) => {
  let server: ClientServer;
  let user: User;
  let count = 0;
  beforeAll(async () => {
    server = await startClientServer(source);
    getEnvironment().defaultStorage.clear();
    user = await new App({ id: server.appId, baseUrl: server.url }).logIn(Credentials.anonymous());
  });
  afterAll(async () => {
    await server.close();
  });

  type Items = Realm.Services.MongoDB.MongoDBCollection<{ readonly _id: unknown }>;
  const open = async (): Promise<Items> => {
    count += 1;
    const name = `watched${count}`;
    const items = user.mongoClient("mongodb-atlas").db(server.database).collection(name);
    await items.insertOne({ _id: "first" });
    return items as Items;
  };

  /** Begins to watch, does the work, and gives so many events. */
  const follow = async (
    items: Items,
    options: object,
    work: () => Promise<void>,
    wanted: number,
  ): Promise<readonly Event[]> => {
    const stream = items.watch(options) as AsyncGenerator<Event>;
    const found: Event[] = [];
    const first = stream.next();
    // It listens when its answer has begun, which the client does not show: until then nothing is told.
    const seen = { isDone: false };
    const working = (async () => {
      while (!seen.isDone) {
        await work();
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      }
    })();
    for (let next = await first; next.done !== true; next = await stream.next()) {
      found.push(next.value);
      if (found.length === wanted) break;
    }
    seen.isDone = true;
    await working;
    await stream.return(undefined);
    return found;
  };

  test("each kind of change is told", async () => {
    const items = await open();
    const events = await follow(
      items,
      {},
      async () => {
        await items.deleteMany({});
        await items.insertOne({ _id: "a" });
        await items.updateOne({ _id: "a" }, { $set: { n: 1 } });
      },
      6,
    );
    const kinds = new Set(events.map(({ operationType }) => operationType));
    expect(kinds).toEqual(new Set(["delete", "insert", "update"]));
    const insert = events.find(({ operationType }) => operationType === "insert");
    expect(insert).toMatchObject({ documentKey: { _id: "a" }, fullDocument: { _id: "a" } });
  });

  test("documents of other ids are not told", async () => {
    const items = await open();
    const events = await follow(
      items,
      { ids: ["b"] },
      async () => {
        await items.updateOne({ _id: "a" }, { $inc: { n: 1 } }, { upsert: true });
        await items.updateOne({ _id: "b" }, { $inc: { n: 1 } }, { upsert: true });
      },
      3,
    );
    for (const event of events) expect(event.documentKey).toEqual({ _id: "b" });
  });

  test("events that do not match are not told", async () => {
    const items = await open();
    const events = await follow(
      items,
      { filter: { operationType: "delete" } },
      async () => {
        await items.insertOne({ _id: "c" });
        await items.deleteOne({ _id: "c" });
      },
      2,
    );
    expect(events.map(({ operationType }) => operationType)).toEqual(["delete", "delete"]);
  });

  test.for<[title: string, request: object, status: number]>([
    [
      "a data source that is none",
      { name: "watch", service: "nix", arguments: [{ database: "d", collection: "c" }] },
      400,
    ],
    [
      "no collection",
      { name: "watch", service: "mongodb-atlas", arguments: [{ database: "d" }] },
      400,
    ],
    ["no arguments", { name: "watch", service: "mongodb-atlas" }, 400],
    [
      "a database of the server's own",
      {
        name: "watch",
        service: "mongodb-atlas",
        arguments: [{ database: "admin", collection: "c" }],
      },
      403,
    ],
    [
      "a stage that is none",
      {
        name: "watch",
        service: "mongodb-atlas",
        arguments: [{ database: "d", collection: "c", filter: { $nix: 1 } }],
      },
      400,
    ],
  ])("%s is refused before anything is streamed", async ([, request, status]) => {
    const encoded = Buffer.from(JSON.stringify(request)).toString("base64");
    const answer = await fetch(
      `${server.url}/api/client/v2.0/app/${server.appId}/functions/call?baas_request=${encodeURIComponent(encoded)}`,
      { headers: { Authorization: `Bearer ${user.accessToken}`, Accept: "text/event-stream" } },
    );
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/json");
  });

  test("without a token nothing is streamed", async () => {
    const answer = await fetch(
      `${server.url}/api/client/v2.0/app/${server.appId}/functions/call?baas_request=e30%3D`,
    );
    expect(answer.status).toBe(401);
  });
});
