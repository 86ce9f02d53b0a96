/** A push on one node is live on all others within two seconds. */
import { randomBytes } from "node:crypto";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packFiles, unpackFiles } from "../../src/config/app-package.ts";
import { sampleWith, toFiles, v20230101 } from "../support/app-samples.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { describeOnMongod } from "../support/shared-mongod.ts";

const sample = sampleWith(v20230101, {
  "root_config.json": { name: "shop" },
  "auth/providers.json": {},
  "https_endpoints/config.json": [],
  "values/payKey.json": undefined,
});

async function call(
  on: TestServer,
  method: string,
  target: string,
  body?: Buffer,
): Promise<Buffer> {
  const answer = await fetch(`${on.url}/api/admin/v3.0${target}`, {
    method,
    headers: {
      Authorization: `Bearer ${on.adminToken}`,
      ...(body === undefined ? {} : { "Content-Type": "application/gzip" }),
    },
    ...(body === undefined ? {} : { body: Buffer.from(body) }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (!answer.ok) throw new Error(bytes.toString());
  return bytes;
}

describeOnMongod("deployments on several nodes", ({ uri, database }) => {
  const stateDatabase = `state_${database}`;
  let a: TestServer;
  let b: TestServer;

  beforeAll(async () => {
    const flags = { state: uri, stateDatabase, source: `mongodb-atlas=${uri}` };
    const apiKey = randomBytes(32).toString("hex");
    [a, b] = await Promise.all([startServer(flags, apiKey), startServer(flags, apiKey)]);
  });
  afterAll(async () => {
    await Promise.all([a.close(), b.close()]);
    const client = await MongoClient.connect(uri);
    await client.db(stateDatabase).dropDatabase();
    await client.close();
  });

  test("what one node makes live, the other serves and gives back", async () => {
    const profile = JSON.parse((await call(a, "GET", "/auth/profile")).toString()) as {
      roles: [{ group_id: string }];
    };
    const apps = `/groups/${profile.roles[0].group_id}/apps`;
    const [app] = JSON.parse((await call(a, "GET", apps)).toString()) as [{ _id: string }];
    const base = `${apps}/${app._id}/deployments`;
    const files = toFiles(sample);
    const made = JSON.parse((await call(a, "POST", base, await packFiles(files))).toString()) as {
      _id: string;
    };
    const end = performance.now() + 2000;
    let live: string | undefined;
    while (live !== made._id && performance.now() < end) {
      const list = JSON.parse((await call(b, "GET", base)).toString()) as {
        _id: string;
        live: boolean;
      }[];
      live = list.find((each) => each.live)?._id;
    }
    expect(live).toBe(made._id);
    const back = await unpackFiles(await call(b, "GET", `${base}/live/files`));
    expect((await packFiles(back)).equals(await packFiles(files))).toBe(true);
  });
});
