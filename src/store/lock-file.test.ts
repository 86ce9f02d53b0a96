import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockDirectory } from "./lock-file.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "petiole-lock-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function file(): string {
  return join(directory, "petiole.lock");
}

test("lock: held once, and free again after its release", () => {
  const unlock = lockDirectory(directory);
  expect(() => lockDirectory(directory)).toThrow(
    `data directory ${directory} is in use by process ${process.pid}`,
  );
  unlock();
  expect(existsSync(file())).toBe(false);
  lockDirectory(directory)();
});

test("lock: a process that runs is named", async () => {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: "pipe" });
  await new Promise((resolve) => child.once("spawn", resolve));
  writeFileSync(file(), `${child.pid} ?\n`);
  expect(() => lockDirectory(directory)).toThrow(`is in use by process ${child.pid}`);
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  lockDirectory(directory)();
});

test.for([
  ["a process that has ended", "999999999 123\n"],
  ["this process's pid from an earlier life", `${process.pid} 1\n`],
  ["a pid that another process has now", "1 999999999999\n"],
  ["nothing that can be read", "what\n"],
  ["an empty file", ""],
])("lock: %s does not hold it", ([, content]) => {
  writeFileSync(file(), content as string);
  const unlock = lockDirectory(directory);
  expect(readFileSync(file(), "utf8")).toMatch(new RegExp(`^${process.pid} `));
  unlock();
});
