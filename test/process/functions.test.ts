import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toFiles } from "../support/app-samples.ts";
import { type Outcome, petiole as run } from "../support/command.ts";
import { type Petiole, startPetiole } from "../support/petiole.ts";
import { packPackage } from "../support/tar.ts";

let folder = "";
let petiole: Petiole;
const at = (name: string): string => path.join(folder, name);
const command = async (...args: readonly string[]): Promise<Outcome> =>
  run([...args, "--data", at("data")]);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petiole-functions-"));
  const files = toFiles({
    "realm_config.json": { config_version: 20210101, name: "app", app_id: "app-abcde" },
    "functions/config.json": [],
    "functions/echo.js": "exports = (...args) => args;",
    "functions/talk.js": "exports = () => { console.log('one'); return 1; };",
    "functions/fail.js": "exports = () => { console.log('before'); throw new Error('no'); };",
    "functions/nested/twice.js": "exports = (n) => require('twice')(n);",
    "functions/package.json": { dependencies: { twice: "file:twice-1.0.0.tar" } },
  });
  files.set(
    "functions/twice-1.0.0.tar",
    packPackage("twice", "1.0.0", "module.exports = (n) => 2 * n;"),
  );
  for (const [file, bytes] of files) {
    await mkdir(path.dirname(path.join(at("app"), file)), { recursive: true });
    await writeFile(path.join(at("app"), file), bytes);
  }
  petiole = await startPetiole({ args: [at("app"), "--data", at("data")] });
}, 90_000);
afterAll(async () => {
  await petiole.stop();
  await rm(folder, { recursive: true, force: true });
});

const took = "took \\d+(\\.\\d+)?ms\n";

test.for<[title: string, args: readonly string[], stdout: string, stderr: string]>([
  [
    "JSON, and texts",
    ["echo", "1", "1.5", "word", "true", '{"a":[1]}', '"1"', "--system"],
    '[{"$numberInt":"1"},{"$numberDouble":"1.5"},"word",true,{"a":[{"$numberInt":"1"}]},"1"]\n',
    took,
  ],
  ["what it writes to the console", ["talk", "--system"], '{"$numberInt":"1"}\n', `one\n${took}`],
  ["a package", ["nested/twice", "21", "--system"], '{"$numberInt":"42"}\n', took],
])("functions run: %s", async ([, args, stdout, stderr]) => {
  expect(await command("functions", "run", ...args)).toEqual({
    code: 0,
    stdout,
    stderr: expect.stringMatching(new RegExp(`^${stderr}$`)) as string,
  });
});

test.for<[title: string, args: readonly string[], stderr: string]>([
  ["one that throws", ["fail", "--system"], `before\n${took}petiole: no\n`],
  ["one that is not there", ["nix", "--system"], "petiole: function not found: 'nix'\n"],
  ["nobody to run as", ["echo"], "petiole: say as whom: --user ID or --system\n"],
  ["both", ["echo", "--system", "--user", "x"], "petiole: say as whom: --user ID or --system\n"],
  ["a user who is not there", ["echo", "--user", "x"], "petiole: user not found: 'x'\n"],
  [
    "an app that is not there",
    ["echo", "--system", "--app", "x"],
    "petiole: there is no app with App ID 'x'\n",
  ],
])("functions run: %s", async ([, args, stderr]) => {
  const { code, stdout, stderr: said } = await command("functions", "run", ...args);
  expect([code > 0, stdout]).toEqual([true, ""]);
  expect(said).toMatch(new RegExp(`^${stderr}$`));
});

test("functions list names them", async () => {
  expect((await command("functions", "list")).stdout).toBe("echo\nfail\nnested/twice\ntalk\n");
});
