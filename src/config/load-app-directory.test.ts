import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readAppDirectory } from "./app-directory.ts";
import { formatProblem } from "./app-problem.ts";
import { loadAppDirectory } from "./load-app-directory.ts";
import { listSecretReferences } from "./secret-references.ts";

describe("an app directory on disk", () => {
  let outer: string;
  let directory: string;

  beforeEach(async () => {
    outer = await mkdtemp(path.join(tmpdir(), "petiole-app-"));
    directory = path.join(outer, "app");
    await put("realm_config.json", '{"name": "shop"}');
  });
  afterEach(async () => {
    await rm(outer, { recursive: true, force: true });
  });

  async function put(file: string, content: string): Promise<void> {
    const full = path.join(directory, file);
    await mkdir(path.dirname(full), { recursive: true });
    await writeFile(full, content);
  }

  test("its parts are read, and what is none is named and not looked into", async () => {
    await put("functions/a/b.js", "exports = 1;");
    await put("functions/node_modules/x/index.js", "1");
    await put("functions/node_modules.tar.gz", "1");
    await put("functions/a/node_modules/y/index.js", "1");
    await put("frontend/node_modules/z/index.js", "1");
    await put("README.md", "# Shop");
    await put(".git/config", "");
    await put("values/.DS_Store", "");
    expect(summary(await loadAppDirectory(directory))).toEqual({
      files: ["functions/a/b.js", "functions/node_modules.tar.gz", "realm_config.json"],
      problems: [],
      modules: ["functions/node_modules"],
      ignored: ["README.md", "frontend"],
    });
  });

  test("a link within the directory is followed", async () => {
    await put("functions/a.js", "exports = 1;");
    await symlink("a.js", path.join(directory, "functions/b.js"));
    await symlink("functions", path.join(directory, "values"));
    const { files, problems } = await loadAppDirectory(directory);
    expect(problems).toEqual([]);
    expect(Buffer.from(files.get("functions/b.js") ?? []).toString()).toBe("exports = 1;");
    expect(files.has("values/a.js")).toBe(true);
  });

  test("links out of it, into nowhere and in a circle are problems", async () => {
    await writeFile(path.join(outer, "secret"), "top secret");
    await mkdir(path.join(outer, "app-two"));
    await mkdir(path.join(directory, "values"));
    await symlink("../../secret", path.join(directory, "values/a.json"));
    await symlink("/etc", path.join(directory, "values/b"));
    await symlink("nothing", path.join(directory, "values/c.json"));
    await symlink("../../app-two", path.join(directory, "values/d"));
    await symlink("..", path.join(directory, "values/e"));
    await symlink("self.json", path.join(directory, "values/self.json"));
    const { files, problems } = await loadAppDirectory(directory, { depthMax: 4 });
    expect([...files.keys()]).toEqual(["realm_config.json"]);
    expect(problems.map(formatProblem)).toEqual([
      "values/a.json: expected a file within the directory, found a link that leads out of it",
      "values/b: expected a file within the directory, found a link that leads out of it",
      "values/c.json: expected a file within the directory, found a link that leads nowhere (ENOENT)",
      "values/d: expected a file within the directory, found a link that leads out of it",
      "values/e: expected a file within the directory, found a link that leads out of it",
      "values/self.json: expected a file within the directory, found a link that leads nowhere (ELOOP)",
    ]);
  });

  test("a folder that holds itself ends at the bound", async () => {
    await mkdir(path.join(directory, "values"));
    await symlink(".", path.join(directory, "values/again"));
    const { problems } = await loadAppDirectory(directory, { depthMax: 3 });
    expect(problems.map(formatProblem)).toEqual([
      "values/again/again/again: expected at most 3 folders within folders, found more",
    ]);
  });

  test("what is neither file nor folder is not opened", async () => {
    await mkdir(path.join(directory, "values"));
    const server = createServer().listen(path.join(directory, "values/s.json"));
    await once(server, "listening");
    const { problems } = await loadAppDirectory(directory);
    server.close();
    expect(problems.map(formatProblem)).toEqual([
      "values/s.json: expected a file or folder, found something else",
    ]);
  });

  test.for<[title: string, limits: object, message: string]>([
    ["of a file", { fileBytesMax: 20 }, "values/a.json: expected at most 20 bytes, found more"],
    [
      "of all files",
      { bytesMax: 30 },
      "values/a.json: expected at most 30 bytes in all files, found more",
    ],
    ["of files", { filesMax: 2 }, "values/a.json: expected at most 2 files, found more"],
  ])("the bound %s holds", async ([, limits, message]) => {
    await put("values/a.json", '{"name": "a", "value": 1}');
    const { problems } = await loadAppDirectory(directory, limits);
    expect(problems.map(formatProblem)).toEqual([message]);
  });

  test("a directory that is not there is an error of the file system", async () => {
    await expect(loadAppDirectory(path.join(outer, "none"))).rejects.toThrow("ENOENT");
  });
});

function summary(loaded: Awaited<ReturnType<typeof loadAppDirectory>>): object {
  return { ...loaded, files: [...loaded.files.keys()] };
}

test.for([
  ["quickstart", []],
  ["tasks", ["statisticsSecret", "importSecret"]],
] as const)("examples/%s is sound", async ([name, secrets]) => {
  const folder = path.resolve(import.meta.dirname, "../../examples", name);
  const { files, problems, ignored } = await loadAppDirectory(folder);
  const reading = readAppDirectory(files);
  expect([...problems, ...reading.problems, ...reading.warnings].map(formatProblem)).toEqual([]);
  expect(ignored).toEqual(["README.md"]);
  expect(listSecretReferences(reading.app).map((each) => each.name)).toEqual(secrets);
});
