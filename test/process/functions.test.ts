import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
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
    "functions/config.json": [{ name: "loop", run_as_system: true }],
    "http_endpoints/config.json": [{ route: "/loop", http_method: "POST", function_name: "loop" }],
    "functions/echo.js": "exports = (...args) => args;",
    "functions/talk.js": "exports = () => { console.log('one'); return 1; };",
    "functions/fail.js": "exports = () => { console.log('before'); throw new Error('no'); };",
    "functions/nested/twice.js": "exports = (n) => require('twice')(n);",
    "functions/loop.js": "exports = () => { for (;;) {} };",
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
  expect((await command("functions", "list")).stdout).toBe(
    "loop\necho\nfail\nnested/twice\ntalk\n",
  );
});

/** The numbers of the processes that `pid` has started. */
function childrenOf(pid: number): readonly number[] {
  const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return listed.trim().split(" ").map(Number);
}

/** How long a process has computed, in hundredths of a second; -1 where it is no more. */
function computed(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? -1 : Number(fields[11]);
  } catch {
    return -1;
  }
}

test.runIf(process.platform === "linux")(
  "a function that computes for ever ends with a server that is killed",
  async () => {
    const killed = await startPetiole({ args: [at("app"), "--data", at("killed")] });
    const { pid, url } = killed;
    // Its answer never comes.
    fetch(`${url}/app/app-abcde/endpoint/loop`, { method: "POST" }).catch(() => {});
    const busy = { timeout: 20_000, interval: 50 };
    const host = await vi.waitFor(() => {
      // Far more than it takes to start.
      const found = childrenOf(pid).find((each) => computed(each) > 150);
      if (found === undefined) throw new Error("no host computes");
      return found;
    }, busy);
    await killed.kill();
    await vi.waitFor(() => {
      expect(computed(host)).toBe(-1);
    }, busy);
  },
);
