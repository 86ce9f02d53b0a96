import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { packPackage, writeTar } from "../../test/support/tar.ts";
import { type EmbeddedSource, openEmbedded } from "../sources/embedded.ts";
import type { App } from "./app.ts";
import { type Dependencies, type DependencySource, openDependencies } from "./dependencies.ts";
import type { StateStore } from "./state-store.ts";

const appId = "1".repeat(24);

let data = "";
let source: EmbeddedSource;
let made: Dependencies;
beforeEach(async () => {
  data = await mkdtemp(path.join(tmpdir(), "petiole-test-"));
  source = await openEmbedded(path.join(data, "store"));
  made = open();
});
afterEach(async () => {
  await source.close();
  await rm(data, { recursive: true, force: true });
});

function open(): Dependencies {
  return openDependencies({
    state: { collection: (name: string) => source.collection("state", name) } as StateStore,
    // Nobody listens there: these tests have no network.
    variables: { PETIOLE_NPM_REGISTRY: "http://127.0.0.1:9" },
    folder: path.join(data, "dependencies"),
    now: Date.now,
  });
}

type Fields = Readonly<Record<string, unknown>>;

function ofPackage(packageJson: Fields, others: Readonly<Record<string, Buffer>> = {}) {
  const files = new Map(Object.entries(others));
  files.set("package.json", Buffer.from(JSON.stringify(packageJson)));
  return { kind: "package", files } satisfies DependencySource;
}

const archive: DependencySource = {
  kind: "archive",
  name: "node_modules.tar",
  bytes: writeTar([
    { path: "node_modules/twice/package.json", content: '{"version":"2.1.0"}' },
    { path: "node_modules/twice/index.js", content: "module.exports = (n) => 2 * n;" },
    { path: "node_modules/@s/x/package.json", content: "{}" },
  ]),
};

test("dependencies: an archive is kept, listed, and unpacked where functions find it", async () => {
  expect(await made.describe(archive)).toEqual([
    { name: "@s/x", version: "" },
    { name: "twice", version: "2.1.0" },
  ]);
  const record = await made.build(appId, archive);
  expect(record).toMatchObject({
    kind: "archive",
    packages: [{ name: "@s/x" }, { name: "twice" }],
  });
  const app = { id: appId, dependencies: record?.id } as App;
  const [folder = "", again] = await Promise.all([made.folderOf(app), open().folderOf(app)]);
  expect(again).toBe(folder);
  expect(readFileSync(path.join(folder, "node_modules/twice/index.js"), "utf8")).toContain("2 * n");
  // Nothing half unpacked is left beside it.
  expect(await readdir(path.dirname(folder))).toEqual([path.basename(folder)]);
  expect(await made.folderOf({ id: appId })).toBeUndefined();
});

test("dependencies: what nobody wants any more goes", async () => {
  const record = await made.build(appId, archive);
  await made.sweep(appId, new Set([record?.id ?? ""]));
  expect(await made.find(appId, record?.id ?? "")).toBeDefined();
  await made.sweep(appId, new Set());
  expect(await made.find(appId, record?.id ?? "")).toBeUndefined();
});

test("dependencies: npm installs what package.json names, and runs nothing of it", async () => {
  const ran = path.join(data, "ran");
  const tiny = writeTar([
    {
      path: "package/package.json",
      content: JSON.stringify({
        name: "tiny",
        version: "1.0.0",
        scripts: { preinstall: `touch ${ran}`, postinstall: `touch ${ran}` },
        bin: { tiny: "index.js" },
      }),
    },
    { path: "package/index.js", content: "module.exports = 1;" },
  ]);
  const wanted = ofPackage(
    {
      dependencies: { tiny: "file:tiny-1.0.0.tar" },
      devDependencies: { nowhere: "1.0.0" },
      scripts: { preinstall: `touch ${ran}` },
      workspaces: ["../*"],
    },
    { "tiny-1.0.0.tar": tiny },
  );
  const record = await made.build(appId, wanted);
  expect(record).toMatchObject({
    kind: "package",
    packages: [{ name: "tiny", version: "file:tiny-1.0.0.tar" }],
  });
  expect([...(await made.tree(appId, record?.id ?? "")).keys()].toSorted()).toEqual([
    "node_modules/tiny/index.js",
    "node_modules/tiny/package.json",
  ]);
  expect(existsSync(ran)).toBe(false);
  expect((await made.build(appId, wanted))?.createdAt).toBe(record?.createdAt);
  const changed = { "tiny-1.0.0.tar": packPackage("tiny", "1.0.0", "module.exports = 2;") };
  const other = await made.build(
    appId,
    ofPackage({ dependencies: { tiny: "file:tiny-1.0.0.tar" } }, changed),
  );
  expect(other?.id).not.toBe(record?.id);
}, 60_000);

test("dependencies: without packages there is nothing to make", async () => {
  expect(await made.build(appId, ofPackage({ name: "x", dependencies: {} }))).toBeUndefined();
});

test("dependencies: what npm says of a failure is told", async () => {
  const wanted = ofPackage({ dependencies: { tiny: "file:tiny.tar" } });
  await expect(made.build(appId, wanted)).rejects.toMatchObject({
    code: "BadRequest",
    message: expect.stringMatching(/npm install failed: [^]*ENOENT/) as string,
  });
}, 60_000);

test.for<[title: string, packageJson: Fields | string, lock: Fields | undefined]>([
  ["no JSON", "{", undefined],
  ["a list", "[]", undefined],
  ["a folder", { dependencies: { a: "file:../a" } }, undefined],
  ["a file elsewhere", { dependencies: { a: "file:/etc/a.tgz" } }, undefined],
  ["a path that leads out", { dependencies: { a: "file:./../a.tgz" } }, undefined],
  ["a link", { dependencies: { a: "link:../a" } }, undefined],
  ["a repository", { dependencies: { a: "git+ssh://git@example.com/a.git" } }, undefined],
  ["a short repository", { dependencies: { a: "user/repository" } }, undefined],
  ["a folder without a word", { dependencies: { a: "../a" } }, undefined],
  ["a folder from the root", { dependencies: { a: "/etc" } }, undefined],
  [
    "an optional folder",
    { dependencies: { b: "1" }, optionalDependencies: { a: "file:x" } },
    undefined,
  ],
  ["an override", { dependencies: { b: "1" }, overrides: { a: { c: "file:../x" } } }, undefined],
  ["a name that is a path", { dependencies: { "../../a": "1.0.0" } }, undefined],
  ["a version that is none", { dependencies: { a: 1 } }, undefined],
  [
    "a lock that leads elsewhere",
    { dependencies: { a: "1" } },
    { packages: { "node_modules/a": { resolved: "file:../a.tgz" } } },
  ],
  [
    "a lock that links",
    { dependencies: { a: "1" } },
    { packages: { "node_modules/a": { resolved: "a", link: true } } },
  ],
])("dependencies: %s is refused before npm begins", async ([, packageJson, lock]) => {
  const files = new Map([
    [
      "package.json",
      Buffer.from(typeof packageJson === "string" ? packageJson : JSON.stringify(packageJson)),
    ],
  ]);
  if (lock !== undefined) files.set("package-lock.json", Buffer.from(JSON.stringify(lock)));
  await expect(made.build(appId, { kind: "package", files })).rejects.toMatchObject({
    code: "BadRequest",
    message: expect.not.stringContaining("npm install failed") as string,
  });
});
