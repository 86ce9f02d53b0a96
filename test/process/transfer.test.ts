/** `petiole export` and `petiole import`, as a user runs them. */
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Outcome, petiole as run } from "../support/command.ts";
import { type Petiole, startPetiole } from "../support/petiole.ts";
import { describeOnMongod } from "../support/shared-mongod.ts";

const documents = Array.from({ length: 3000 }, (_, n) => ({
  _id: n % 2 === 0 ? n : `s${n}`,
  n,
  big: { $numberLong: String(2n ** 60n + BigInt(n)) },
  text: "x".repeat(50),
}));

let folder = "";
let key = "";
let exported: Outcome | undefined;
let refused: Outcome | undefined;

function at(name: string): string {
  return path.join(folder, name);
}

async function call(petiole: Petiole, action: string, fields: object): Promise<unknown> {
  const url = `${petiole.url}/app/data-moved/endpoint/data/v1/action/${action}`;
  const names = { dataSource: "mongodb-atlas", database: "garden", collection: "plants" };
  const response = await fetch(url, {
    method: "POST",
    headers: { apiKey: key, "Content-Type": "application/json", Accept: "application/ejson" },
    body: JSON.stringify({ ...names, ...fields }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}

async function checksumsIn(directory: string): Promise<readonly string[]> {
  const { data } = JSON.parse(await readFile(path.join(directory, "manifest.json"), "utf8")) as {
    readonly data: readonly { readonly collection: string; readonly checksum: string }[];
  };
  return data.map(({ collection, checksum }) => `${collection} ${checksum}`).toSorted();
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petiole-transfer-"));
  const petiole = await startPetiole({ args: ["--data", at("data"), "--app-id", "data-moved"] });
  const created = petiole.events.find(({ event }) => event === "created");
  key = String(created?.["api_key"]);
  await call(petiole, "insertMany", { documents });
  await call(petiole, "insertOne", { collection: "herbs/öä", document: { _id: 1 } });
  exported = await run(["export", at("serving"), "--data", at("data")]);
  refused = await run(["import", at("serving"), "--data", at("data")]);
  await petiole.stop();
}, 60_000);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test("a server that runs can be exported, and refuses an import", () => {
  expect(exported).toMatchObject({ code: 0, stdout: `exported to ${at("serving")}\n` });
  expect(exported?.stderr).toMatch(/garden\.plants: 3000 documents, \d+ bytes, checksum \w{16}/);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/is in use by process/) });
});

test.for(["ndjson", "bson"])("what is imported from %s is what was exported", async (format) => {
  const args = ["--format", format, "--data", at("data")];
  expect(await run(["export", at(format), ...args])).toMatchObject({ code: 0 });
  const target = ["--data", at(`from-${format}`)];
  for (const time of ["first", "again"]) {
    const imported = await run(["import", at(format), ...target]);
    expect({ time, ...imported }).toMatchObject({ code: 0, stdout: "imported\n" });
  }
  expect(await run(["export", at(`${format}-2`), "--format", format, ...target])).toMatchObject({
    code: 0,
  });
  expect(await checksumsIn(at(`${format}-2`))).toEqual(await checksumsIn(at("serving")));
  const petiole = await startPetiole({ args: target });
  expect(await call(petiole, "findOne", { filter: { n: 2999 } })).toMatchObject({
    document: { _id: "s2999", big: { $numberLong: String(2n ** 60n + 2999n) } },
  });
  await petiole.stop();
});

test("an export that broke off is gone on with", async () => {
  const target = at("broken");
  const args = ["export", target, "--data", at("data")];
  expect((await run(args)).code).toBe(0);
  const whole = await checksumsIn(target);
  const file = path.join(target, "data/embedded/garden/plants.ndjson");
  const bytes = await readFile(file);
  await truncate(file, Math.floor(bytes.length / 2));
  const manifest = path.join(target, "manifest.json");
  const content = JSON.parse(await readFile(manifest, "utf8"));
  await writeFile(manifest, JSON.stringify({ ...content, complete: false, data: [] }));
  const early = await run(["import", target, "--data", at("early")]);
  expect(early).toMatchObject({ code: 1, stderr: expect.stringContaining("is not complete") });
  expect(await run([...args, "--format", "bson"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("holds the beginning of another export"),
  });
  expect((await run(args)).code).toBe(0);
  expect(await checksumsIn(target)).toEqual(whole);
  expect((await readFile(file)).equals(bytes)).toBe(true);
});

test.for<[title: string, args: () => readonly string[], code: number, message: string]>([
  [
    "a directory that is there",
    () => ["export", at("serving"), "--data", at("data")],
    1,
    "is there already",
  ],
  [
    "a data directory that is none",
    () => ["export", at("x"), "--data", at("nix")],
    1,
    "is no data",
  ],
  [
    "an app that is not there",
    () => ["export", at("x"), "--data", at("data"), "--app", "nix"],
    1,
    "there is no app with App ID 'nix'",
  ],
  ["an export that is none", () => ["import", folder], 1, "is no export"],
  ["a path that is not there", () => ["import", at("nix")], 1, "is not there"],
  [
    "a store that is not there",
    () => ["import", at("serving"), "--data", at("x"), "--map", "embedded=nix"],
    2,
    "--map must be FROM=TO; here there is 'embedded'",
  ],
  [
    "a file without a name",
    () => ["import", at("serving/manifest.json"), "--data", at("x")],
    2,
    "a single file needs --database and --collection",
  ],
])("transfer: %s is refused in one line", async ([, args, code, message]) => {
  const outcome = await run(args());
  expect(outcome).toMatchObject({ code, stdout: "" });
  expect(outcome.stderr).toMatch(/^petiole: [^\n]+\n$/);
  expect(outcome.stderr).toContain(message);
});

test("another document of the same _id is refused, unless it is to be replaced", async () => {
  const file = at("one.ndjson");
  const args = ["import", file, "--data", at("one"), "--database", "d", "--collection", "c"];
  await writeFile(file, '{"_id":1,"a":1}\n{"_id":2}\n');
  expect((await run(args)).code).toBe(0);
  await writeFile(file, '{"_id":1,"a":2}\n');
  expect(await run(args)).toMatchObject({ code: 1, stderr: expect.stringContaining("E11000") });
  expect((await run([...args, "--replace"])).code).toBe(0);
});

test("a file that was changed since the export is told", async () => {
  const target = at("changed");
  await run(["export", target, "--data", at("data")]);
  const file = path.join(target, "data/embedded/garden/herbs%2f%c3%b6%c3%a4.ndjson");
  await writeFile(file, '{"_id":{"$numberInt":"2"}}\n');
  const outcome = await run(["import", target, "--data", at("changed-data")]);
  expect(outcome).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("not as it was exported"),
  });
});

describeOnMongod("transfer to MongoDB and back", ({ uri, database }) => {
  const stateDatabase = `state_${database}`;
  const place = ["--state", uri, "--state-database", stateDatabase];
  const source = ["--source", `mongodb-atlas=${uri}`];
  const environment = { PETIOLE_MASTER_KEY: "m".repeat(64) };
  afterAll(async () => {
    const client = await MongoClient.connect(uri);
    await client.db(stateDatabase).dropDatabase();
    await client.db("garden").dropDatabase();
    await client.close();
  });

  test("the app answers the same there, with the key that its clients have", async () => {
    const imported = await run(["import", at("serving"), ...place, ...source]);
    expect(imported).toMatchObject({ code: 0, stdout: "imported\n" });
    const petiole = await startPetiole({ args: [...place, ...source], environment });
    expect(await call(petiole, "findOne", { filter: { n: 2999 } })).toMatchObject({
      document: { _id: "s2999" },
    });
    await petiole.stop();
    const args = ["--database", "garden", "--app", "data-moved"];
    expect(await run(["export", at("back"), ...args, ...place, ...source])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("garden.plants: 3000 documents"),
    });
    expect(await checksumsIn(at("back"))).toEqual(await checksumsIn(at("serving")));
    expect(await run(["import", at("back"), "--data", at("back-data")])).toMatchObject({ code: 0 });
    const again = await startPetiole({ args: ["--data", at("back-data")] });
    expect(await call(again, "findOne", { filter: { n: 1 } })).toMatchObject({
      document: { _id: "s1" },
    });
    await again.stop();
  });

  test("serve refuses a state on MongoDB without a place for the data", async () => {
    const outcome = await run(["serve", "--port", "0", ...place], "", environment);
    expect(outcome).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--source mongodb-atlas=mongodb://…"),
    });
  });

  test("keys are made and disabled on the state, whether nodes run or not", async () => {
    const made = await run(["keys", "create", "direct", ...place]);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\w{64}\n$/) });
    expect(await run(["keys", "disable", "direct", ...place])).toMatchObject({ code: 0 });
    expect((await run(["keys", "list", ...place])).stdout).toMatch(
      /disabled {2}readWrite {2}direct/,
    );
  });
});
