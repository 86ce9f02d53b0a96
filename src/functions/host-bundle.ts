/**
 * The programs of hosts where Petiole runs from its sources: one file each, made when it is first needed. With a loader of
 * sources instead, each host would take ten times as long to start, and would need threads and files that it must not have.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import type * as Esbuild from "esbuild";

const require = createRequire(import.meta.url);
const made = new Map<string, string>();
let folder: string | undefined;

/** @param main the file that the program begins with */
export function bundleOf(main: string): string {
  const known = made.get(main);
  if (known !== undefined) return known;
  folder ??= openFolder();
  const file = path.join(folder, `${made.size}.mjs`);
  (require("esbuild") as typeof Esbuild).buildSync({
    entryPoints: [main],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // As the built program is made.
    keepNames: path.basename(path.dirname(main)) !== "host",
    logLevel: "silent",
    // Packages that are no ES modules ask for Node's own in their way.
    banner: {
      js: "import { createRequire as __create } from 'node:module'; const require = __create(import.meta.url);",
    },
  });
  made.set(main, file);
  return file;
}

function openFolder(): string {
  const opened = mkdtempSync(path.join(tmpdir(), "petiole-programs-"));
  process.once("exit", () => {
    rmSync(opened, { recursive: true, force: true });
  });
  return opened;
}
