import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { bugText, withSources } from "./bug-text.ts";

test("bug text: places in a bundled file are told as those of its source, others as they are", () => {
  const folder = mkdtempSync(join(tmpdir(), "petiole-bug-"));
  // Line 2, column 3 of the bundle is line 5, column 1 of `a.ts`.
  const map = { version: 3, sources: ["../src/a.ts"], names: [], mappings: ";EAIA" };
  writeFileSync(join(folder, "chunk.js.map"), JSON.stringify(map));
  const url = pathToFileURL(folder).href;
  const stack = [
    "Error: no",
    `    at run (${url}/chunk.js:2:3)`,
    `    at ${url}/chunk.js:1:1`,
    `    at ${url}/other.js:2:3`,
    "    at file:///elsewhere/chunk.js:2:3",
    "    at node:internal/x:1:2",
  ].join("\n");
  const parent = pathToFileURL(tmpdir()).href;
  expect(withSources(stack, `${url}/`)).toBe(
    stack.replace(`${url}/chunk.js:2:3`, `${parent}/src/a.ts:5:1`),
  );
  rmSync(folder, { recursive: true });
});

test("bug text: what is no error is its text", () => {
  expect(bugText("no")).toBe("no");
  expect(bugText(new Error("no"))).toContain("bug-text.test.ts");
});
