/** Packages of functions: by name and as an archive, over the admin API as the original's tool sends them. */
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { toFiles } from "../support/app-samples.ts";
import { type AdminApp, adminApp } from "../support/deploy.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { packPackage, writeTar } from "../support/tar.ts";

let server: TestServer;
let app: AdminApp;
async function open(): Promise<void> {
  server = await startServer();
  app = await adminApp(server);
}
async function close(): Promise<void> {
  await server.close();
}

const sample = {
  "realm_config.json": { config_version: 20210101, name: "app", app_id: "data-tests" },
  "functions/config.json": [{ name: "twice", run_as_system: true }],
  "functions/twice.js": "exports = (n) => { const twice = require('twice'); return twice(n); };",
};

function archive(source: string, version = "1.0.0"): Buffer {
  return writeTar([
    { path: "node_modules/twice/package.json", content: `{"version":"${version}"}` },
    { path: "node_modules/twice/index.js", content: source },
  ]);
}

/** A directory with such an archive. */
function packed(source: string): ReadonlyMap<string, Buffer> {
  return new Map([["functions/node_modules.tar", archive(source)]]);
}

async function twice(): Promise<unknown> {
  const answer = await app.call("POST", "/debug/execute_function?run_as_system=true", {
    name: "twice",
    arguments: [21],
  });
  return (
    (answer.body as { readonly result?: unknown; readonly error?: string }).result ?? answer.body
  );
}

const number = (n: number): object => ({ $numberInt: String(n) });

/** One file, as the tool sends it. */
async function send(method: string, path: string, name: string, bytes: Buffer): Promise<unknown> {
  const form = new FormData();
  form.append("file", new Blob([new Uint8Array(bytes)]), name);
  return app.call(method, path, form);
}

describe("packages that are taken", () => {
  beforeEach(open);
  afterEach(close);

  test("an archive that is sent is there for functions at once, and comes back", async () => {
    await app.push(sample);
    expect(await twice()).toMatchObject({ error_code: "FunctionExecutionError" });
    const bytes = archive("module.exports = (n) => 2 * n;");
    expect(await send("POST", "/dependencies/diff", "node_modules.tar", bytes)).toEqual({
      status: 200,
      body: { added: [{ name: "twice", version: "1.0.0" }], deleted: [], modified: [] },
    });
    expect(await send("PUT", "/dependencies", "node_modules.tar", bytes)).toMatchObject({
      status: 204,
    });
    expect(await app.call("GET", "/dependencies/status")).toMatchObject({
      body: { status: "successful", status_message: "" },
    });
    expect(await twice()).toEqual(number(42));
    expect(await app.call("GET", "/dependencies")).toMatchObject({
      body: { dependencies_list: [{ name: "twice", version: "1.0.0" }] },
    });
    for (const path of ["/dependencies/archive", "/dependencies/export"])
      expect(await app.call("GET", path)).toMatchObject({
        status: 200,
        body: expect.stringContaining("node_modules/twice/index.js") as string,
      });
    expect(await send("POST", "/dependencies/diff", "node_modules.tar", bytes)).toMatchObject({
      body: { added: [], deleted: [], modified: [] },
    });
    const newer = archive("module.exports = (n) => 3 * n;", "2.0.0");
    expect(await send("POST", "/dependencies/diff", "node_modules.tar", newer)).toMatchObject({
      body: { modified: [{ name: "twice", version: "2.0.0", previous_version: "1.0.0" }] },
    });
    // A push of the directory leaves them; one that is older takes back those that it had.
    await app.push({ ...sample, "functions/other.js": "exports = () => 1;" });
    expect(await twice()).toEqual(number(42));
    await send("PUT", "/dependencies", "node_modules.tar", newer);
    expect(await twice()).toEqual(number(63));
    const deployments = (await app.call("GET", "/deployments")).body as readonly {
      readonly _id: string;
    }[];
    await app.call("POST", `/deployments/${deployments[1]?._id}/redeploy`);
    expect(await twice()).toEqual(number(42));
    expect(await app.call("DELETE", "/dependencies")).toMatchObject({ status: 204 });
    expect(await twice()).toMatchObject({ error_code: "FunctionExecutionError" });
    expect(await app.call("GET", "/dependencies")).toMatchObject({
      body: { dependencies_list: [] },
    });
    await app.call("POST", `/deployments/${deployments[1]?._id}/redeploy`);
    expect(await twice()).toEqual(number(42));
    await app.call("POST", `/deployments/${deployments.at(-1)?._id}/redeploy`);
    expect(await twice()).toMatchObject({ error_code: "FunctionExecutionError" });
  });

  test("packages are unpacked when they are deployed, and nothing goes live without them", async () => {
    const unpacked = join(server.data, "dependencies");
    await app.push(sample, packed("module.exports = () => 1;"));
    const found = await readdir(unpacked, { recursive: true });
    expect(found.filter((each) => each.endsWith("node_modules/twice/index.js")).length).toBe(1);
    expect(await twice()).toEqual(number(1));
    const before = (await app.call("GET", "/deployments")).body as readonly object[];
    // Nothing can be unpacked into what is no folder.
    await rm(unpacked, { recursive: true });
    await writeFile(unpacked, "");
    await expect(app.push(sample, packed("module.exports = () => 2;"))).rejects.toThrow(
      "can not be unpacked",
    );
    const deployments = (await app.call("GET", "/deployments")).body as readonly object[];
    expect(deployments[0]).toMatchObject({ status: "successful" });
    expect(deployments.length).toBe(before.length);
  });

  test("package.json in a directory is installed when it is pushed, and replaces an archive", async () => {
    await app.push(sample, packed("module.exports = () => 1;"));
    expect(await twice()).toEqual(number(1));
    const files = toFiles({
      "functions/package.json": { dependencies: { twice: "file:twice-1.0.0.tar" } },
    });
    files.set(
      "functions/twice-1.0.0.tar",
      packPackage("twice", "1.0.0", "module.exports = (n) => 2 * n;"),
    );
    await app.push(sample, files);
    expect(await twice()).toEqual(number(42));
    const exported = await app.call("GET", "/dependencies/export");
    expect(exported).toMatchObject({
      status: 200,
      body: { dependencies: { twice: "file:twice-1.0.0.tar" } },
    });
    // What can not be installed leaves everything as it is.
    const broken = { "functions/package.json": { dependencies: { twice: "file:gone.tar" } } };
    await expect(app.push({ ...sample, ...broken })).rejects.toThrow("npm install failed");
    expect(await twice()).toEqual(number(42));
    await app.push(sample);
    expect(await twice()).toMatchObject({ error_code: "FunctionExecutionError" });
  }, 90_000);
});

describe("packages that are refused", () => {
  beforeAll(async () => {
    await open();
    await app.push(sample);
  });
  afterAll(close);

  test.for<[title: string, name: string, bytes: Buffer, words: string]>([
    ["a file of another name", "x.zip", Buffer.from(""), "node_modules.zip"],
    ["a path", "../node_modules.zip", Buffer.from("x"), "damaged"],
    [
      "an archive that leads out",
      "node_modules.tar",
      writeTar([{ path: "../x", content: "1" }]),
      "must lie in node_modules/",
    ],
    ["no JSON", "package.json", Buffer.from("{"), "no JSON object"],
    [
      "a folder as a package",
      "package.json",
      Buffer.from('{"dependencies":{"a":"file:../.."}}'),
      "must be a version",
    ],
    [
      "an archive that is too large",
      "node_modules.zip",
      Buffer.alloc(15 * 2 ** 20 + 1),
      "at most 15728640 bytes",
    ],
  ])("%s is refused", async ([, name, bytes, words]) => {
    for (const [method, path] of [
      ["PUT", "/dependencies"],
      ["POST", "/dependencies/diff"],
    ] as const) {
      const answer = (await send(method, path, name, bytes)) as {
        readonly status?: number;
        readonly body?: unknown;
      };
      const isUnseen = method === "POST" && words === "must be a version";
      expect(answer.status).toBe(isUnseen ? 200 : 400);
      expect(JSON.stringify(answer.body)).toContain(isUnseen ? "" : words);
    }
  });

  test("a body without a file is refused", async () => {
    const form = new FormData();
    form.append("file", "no file");
    for (const body of [form, {}])
      expect(await app.call("PUT", "/dependencies", body)).toMatchObject({ status: 400 });
  });
});
