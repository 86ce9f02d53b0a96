import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeAppChange } from "./write-app-directory.ts";

type Texts = Readonly<Record<string, string>>;

let around = "";
beforeAll(async () => {
  around = await mkdtemp(path.join(tmpdir(), "petiole-write-"));
});
afterAll(async () => rm(around, { recursive: true, force: true }));

function filesOf(texts: Texts): Map<string, Uint8Array> {
  return new Map(Object.entries(texts).map(([file, text]) => [file, Buffer.from(text)]));
}

async function lay(disk: Texts): Promise<string> {
  const directory = await mkdtemp(path.join(around, "app-"));
  for (const [file, text] of Object.entries(disk)) {
    await mkdir(path.dirname(path.join(directory, file)), { recursive: true });
    await writeFile(path.join(directory, file), text);
  }
  return directory;
}

/** What is read there; undefined where nothing is. */
async function readBack(directory: string, file: string): Promise<string | undefined> {
  return readFile(path.join(directory, file), "utf8").catch(() => undefined);
}

interface Made {
  readonly written?: readonly string[];
  readonly removed?: readonly string[];
  readonly left?: readonly string[];
}

test.for<
  [
    title: string,
    disk: Texts,
    before: Texts,
    after: Texts,
    made: Made,
    then: Record<string, string | undefined>,
  ]
>([
  [
    "a new file, with its folder",
    {},
    {},
    { "functions/a.js": "1" },
    { written: ["functions/a.js"] },
    { "functions/a.js": "1" },
  ],
  [
    "a changed file; one that is not changed is not touched, whatever it says",
    { "functions/a.js": "1", "functions/b.js": "mine" },
    { "functions/a.js": "1", "functions/b.js": "2" },
    { "functions/a.js": "3", "functions/b.js": "2" },
    { written: ["functions/a.js"] },
    { "functions/a.js": "3", "functions/b.js": "mine" },
  ],
  [
    "a file that is gone",
    { "functions/a.js": "1" },
    { "functions/a.js": "1" },
    {},
    { removed: ["functions/a.js"] },
    { "functions/a.js": undefined },
  ],
  [
    "the layout of a JSON file stays",
    { "values/a.json": '{\n\t"name": "a",\n\t"value": 1\n}\n' },
    { "values/a.json": '{ "name": "a", "value": 1 }' },
    { "values/a.json": '{ "name": "a", "value": 2 }' },
    { written: ["values/a.json"] },
    { "values/a.json": '{\n\t"name": "a",\n\t"value": 2\n}\n' },
  ],
  [
    "another part of the same JSON file was changed on disk",
    { "values/a.json": '{ "name": "a", "private": true, "value": 1 }' },
    { "values/a.json": '{ "name": "a", "private": false, "value": 1 }' },
    { "values/a.json": '{ "name": "a", "private": false, "value": 2 }' },
    { written: ["values/a.json"] },
    { "values/a.json": '{\n    "name": "a",\n    "private": true,\n    "value": 2\n}' },
  ],
  [
    "a source that was changed on disk too is left",
    { "functions/a.js": "on disk" },
    { "functions/a.js": "1" },
    { "functions/a.js": "deployed" },
    { left: ["functions/a.js"] },
    { "functions/a.js": "on disk" },
  ],
  [
    "a source that was deleted on disk stays deleted",
    {},
    { "functions/a.js": "1" },
    { "functions/a.js": "deployed" },
    { left: ["functions/a.js"] },
    { "functions/a.js": undefined },
  ],
  [
    "what is there already",
    { "functions/a.js": "2" },
    { "functions/a.js": "1" },
    { "functions/a.js": "2" },
    {},
    { "functions/a.js": "2" },
  ],
  [
    "nothing but files of an app",
    { ".git/config": "mine", "secrets.json": "{}" },
    {},
    {
      "../out.js": "x",
      ".git/hooks/post-commit": "x",
      "README.md": "x",
      "functions/../../out.js": "x",
      "functions/.hidden/a.js": "x",
      "functions/node_modules/a/index.js": "x",
      "secrets.json": "x",
    },
    {},
    { ".git/config": "mine", "secrets.json": "{}", "README.md": undefined, "../out.js": undefined },
  ],
])("a deployment in the directory: %s", async ([, disk, before, after, made, then]) => {
  const directory = await lay(disk);
  expect(
    await writeAppChange(directory, { before: filesOf(before), after: filesOf(after) }),
  ).toEqual({ written: [], removed: [], left: [], ...made });
  for (const [file, text] of Object.entries(then))
    expect([file, await readBack(directory, file)]).toEqual([file, text]);
});

test("a deployment in the directory: not through a link that leads out of it", async () => {
  const directory = await lay({ "values/a.json": "{}" });
  await symlink(around, path.join(directory, "functions"));
  const made = await writeAppChange(directory, {
    before: new Map(),
    after: filesOf({ "functions/a.js": "1" }),
  });
  expect([made.left, await readBack(around, "a.js")]).toEqual([["functions/a.js"], undefined]);
});

test("a deployment in the directory: a file keeps its mode", async () => {
  const directory = await lay({});
  await mkdir(path.join(directory, "functions"));
  await writeFile(path.join(directory, "functions/a.js"), "1", { mode: 0o640 });
  await writeAppChange(directory, {
    before: filesOf({ "functions/a.js": "1" }),
    after: filesOf({ "functions/a.js": "2" }),
  });
  const { mode } = await stat(path.join(directory, "functions/a.js"));
  expect([(mode & 0o777).toString(8), await readBack(directory, "functions/a.js")]).toEqual([
    "640",
    "2",
  ]);
});
