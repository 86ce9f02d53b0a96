/** `serve APP_DIR`: what is deployed otherwise comes into the directory, and what is saved there is not lost. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Admin, adminOf } from "../support/admin.ts";
import { type AppDirectory, writeAppDirectory } from "../support/app-directory.ts";
import { startServer, type TestServer } from "../support/server.ts";

/** Laid out as no tool does, so that it shows when a file is written anew. */
const sample = {
  "realm_config.json": '{"config_version": 20210101, "app_id": "data-tests", "name": "shop"}',
  "values/limit.json": '{\n   "value": 1,\n   "name": "limit",\n   "private": false\n}\n',
  "functions/config.json": '[ { "name": "greet" } ]\n',
  "functions/greet.js": "exports = () => 'hello'; // as it was\n",
};

interface Part {
  readonly _id: string;
  readonly name: string;
}
interface Deployment {
  readonly author: string;
  readonly message: string;
}

/** A save is seen within some 200 ms; a busy machine may take longer. */
const soon = { timeout: 20_000 };

interface Stage {
  admin(): Admin;
  server(): TestServer;
  save(file: string, text: string): Promise<void>;
  idOf(kind: string, name: string): Promise<string>;
  /** Authors and messages of deployments, the last one first. */
  history(): Promise<readonly string[]>;
}

/** What holds with `--watch` and without. */
function describeServed(watch: boolean): Stage {
  let directory: AppDirectory;
  let server: TestServer;
  let admin: Admin;
  beforeAll(async () => {
    directory = await writeAppDirectory(sample);
    server = await startServer({ appDir: directory.path, watch });
    admin = await adminOf(server);
  });
  afterAll(async () => {
    await server.close();
    await directory.delete();
  });

  const read = async (file: string): Promise<string> =>
    readFile(path.join(directory.path, file), "utf8");
  const save = async (file: string, text: string): Promise<void> =>
    writeFile(path.join(directory.path, file), text);
  const idOf = async (kind: string, name: string): Promise<string> => {
    const all = await admin.must<readonly Part[]>("GET", `{A}/${kind}`);
    return all.find((each) => each.name === name)?._id ?? "";
  };
  const history = async (): Promise<readonly string[]> =>
    (await admin.must<readonly Deployment[]>("GET", "{A}/deployments")).map(
      ({ author, message }) => `${author}: ${message}`,
    );

  test("a change is written where it belongs, and nowhere else", async () => {
    const id = await idOf("values", "limit");
    await admin.must("PUT", `{A}/values/${id}`, { name: "limit", value: 2 });
    expect(await read("values/limit.json")).toBe(sample["values/limit.json"].replace("1", "2"));
    for (const file of [
      "realm_config.json",
      "functions/config.json",
      "functions/greet.js",
    ] as const)
      expect(await read(file)).toBe(sample[file]);
    expect(await admin.must("GET", "{A}/app_directory")).toEqual({
      served: true,
      directory: directory.path,
      written: true,
      watched: watch,
      left: [],
    });
  });

  test("a draft is written when it is deployed, and rolling back is written too", async () => {
    const draft = await admin.must<Part>("POST", "{A}/drafts");
    await admin.must("POST", "{A}/functions", { name: "second", source: "exports = () => 2;" });
    await expect(read("functions/second.js")).rejects.toThrow("ENOENT");
    await admin.must("POST", `{A}/drafts/${draft._id}/deployment`, { message: "one more" });
    expect(await read("functions/second.js")).toBe("exports = () => 2;");
    const [, former] = await admin.must<readonly Part[]>("GET", "{A}/deployments");
    await admin.must("POST", `{A}/deployments/${former?._id}/redeploy`);
    await expect(read("functions/second.js")).rejects.toThrow("ENOENT");
    expect(await read("functions/config.json")).toBe(sample["functions/config.json"]);
  });

  test("a file that is saved meanwhile is left, and told; nothing is lost", async () => {
    const source = "exports = () => 'saved on disk';\n";
    const id = await idOf("functions", "greet");
    await save("functions/greet.js", source);
    await admin.must("PUT", `{A}/functions/${id}`, {
      name: "greet",
      source: "exports = () => 'of the console';\n",
    });
    expect(await read("functions/greet.js")).toBe(source);
    expect(await history()).toContain("local: function greet changed");
  });

  return { admin: () => admin, server: () => server, save, idOf, history };
}

describe("served", () => {
  const stage = describeServed(false);

  test("what was saved meanwhile is named", async () => {
    expect(await stage.admin().must("GET", "{A}/app_directory")).toMatchObject({
      left: ["functions/greet.js"],
    });
    expect(stage.server().events.map(({ event }) => event)).toContain("app directory differs");
  });
});

describe("served and watched", () => {
  const stage = describeServed(true);

  test("what was saved meanwhile goes live after it", async () => {
    const id = await stage.idOf("functions", "greet");
    const sourceOf = async (): Promise<string> =>
      (await stage.admin().must<{ readonly source: string }>("GET", `{A}/functions/${id}`)).source;
    await expect.poll(sourceOf, soon).toContain("saved on disk");
    await expect
      .poll(async () => stage.admin().must("GET", "{A}/app_directory"), soon)
      .toMatchObject({ left: [] });
  });

  test("what is written is not deployed once more", async () => {
    const history = async (): Promise<readonly string[]> => stage.history();
    const before = await history();
    const id = await stage.idOf("values", "limit");
    await stage.admin().must("PUT", `{A}/values/${id}`, { name: "limit", value: 3 });
    // Saved after it, so that the watcher has seen both when this is live.
    await stage.save("functions/greet.js", "exports = () => 'last';\n");
    await expect.poll(async () => (await history())[0], soon).toBe("serve: app");
    expect(await history()).toEqual(["serve: app", "local: value limit changed", ...before]);
    expect(await stage.admin().must("GET", `{A}/values/${id}`)).toMatchObject({ value: 3 });
  });
});

test("with leaveAppDir nothing is written", async () => {
  const directory = await writeAppDirectory(sample);
  const server = await startServer({ appDir: directory.path, leaveAppDir: true });
  const admin = await adminOf(server);
  await admin.must("POST", "{A}/values", { name: "more", value: 2 });
  await expect(readFile(path.join(directory.path, "values/more.json"))).rejects.toThrow("ENOENT");
  expect(await admin.must("GET", "{A}/app_directory")).toEqual({ served: false });
  await server.close();
  await directory.delete();
});
