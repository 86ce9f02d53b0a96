/**
 * The import rule: a folder of `src` imports itself and the folders before it, never a neighbour or a
 * later one, and a folder inside a folder is private to its parent. To add a folder, give it its place
 * in `order` (and in ARCHITECTURE.md). Run: `node --import tsx tools/layers.ts`.
 *
 * @module
 */
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** Each line may import the lines above it. Names on one line are neighbours and do not import each other. */
const order: readonly (readonly string[])[] = [
  ["kit"],
  ["bson"],
  ["query"],
  ["store"],
  ["sources"],
  ["config"],
  ["auth", "rules"],
  ["actions", "functions"],
  ["endpoints", "triggers"],
  ["logs"],
  ["client-api", "admin-api"],
  ["http"],
  ["state.ts"],
  ["served-directory.ts"],
  ["directory-link.ts"],
  [
    "server-files.ts",
    "server-functions.ts",
    "server-logs.ts",
    "server-metrics.ts",
    "server-stores.ts",
    "server-triggers.ts",
    "when-free.ts",
  ],
  ["server.ts"],
  ["cli"],
];

const rankOf: ReadonlyMap<string, number> = new Map(
  order.flatMap((neighbours, rank) => neighbours.map((name) => [name, rank] as const)),
);
const foldersDeepMax = 3;
const shapelessNames = new Set(["index.ts", "utils.ts", "helpers.ts", "common.ts", "misc.ts"]);

/** One broken rule: where it is, and what is wrong in words that say what to do. */
export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/**
 * Checks source texts against the import rule.
 *
 * @param files path below the repository root, with `/`, → text; only those under `src/` are judged
 */
export function findViolations(files: ReadonlyMap<string, string>): readonly Violation[] {
  return [...files]
    .filter(([file]) => file.startsWith("src/"))
    .flatMap(([file, text]) => [...judgePlace(file), ...judgeImports(file, text)]);
}

function judgePlace(file: string): readonly Violation[] {
  const found: Violation[] = [];
  const report = (message: string): number => found.push({ file, line: 1, message });
  if (!rankOf.has(layerOf(file))) {
    report(`src/${layerOf(file)} has no place in the order; add it to tools/layers.ts`);
  }
  if (file.split("/").length - 2 > foldersDeepMax) {
    report(`lies deeper than ${foldersDeepMax} folders under src`);
  }
  if (shapelessNames.has(path.posix.basename(file))) {
    report("has a name that says nothing; name it after what it defines");
  }
  return found;
}

function judgeImports(file: string, text: string): readonly Violation[] {
  return importsOf(text).flatMap(({ specifier, line }) => {
    if (!specifier.startsWith(".")) return [];
    const target = path.posix.join(path.posix.dirname(file), specifier);
    const message = judgeImport(file, target);
    return message === null ? [] : [{ file, line, message: `imports ${target}: ${message}` }];
  });
}

function judgeImport(file: string, target: string): string | null {
  if (!target.startsWith("src/")) {
    const mayBorrow = file.endsWith(".test.ts") && target.startsWith("test/support/");
    return mayBorrow ? null : "only tests may leave src, and only for test/support";
  }
  if (target.endsWith(".test.ts")) return "nobody imports a test";
  const from = layerOf(file);
  const to = layerOf(target);
  const fromRank = rankOf.get(from);
  const toRank = rankOf.get(to);
  if (fromRank === undefined || toRank === undefined) return null; // judgePlace reports it
  if (toRank > fromRank) return `upward; ${to} comes after ${from}. Take a function as parameter`;
  if (toRank === fromRank && from !== to) return `${from} and ${to} are neighbours`;
  return judgePrivacy(file, target);
}

function judgePrivacy(file: string, target: string): string | null {
  const folder = path.posix.dirname(target);
  if (folder.split("/").length <= 2) return null; // src/x/file.ts is the surface of x
  const parent = path.posix.dirname(folder);
  return file.startsWith(`${parent}/`) ? null : `${folder} is private to ${parent}`;
}

/** The folder of `src` that a file belongs to, or its own name when it lies directly in `src`. */
function layerOf(file: string): string {
  return file.split("/")[1] ?? "";
}

interface Import {
  readonly specifier: string;
  readonly line: number;
}

// The formatter puts every import at the start of a line, so that a plain pattern finds them all.
const statement = /^(?:import|export)\b(?:[^;"'`]*?\bfrom)?\s*["']([^"'\n]+)["']/gm;
const dynamic = /\bimport\s*\(\s*["'`]([^"'`\n]+)["'`]/g;
const comments = /^\s*\/\*[\s\S]*?\*\/|^\s*\/\/.*$|[ \t]\/\/[^"'`\n]*$/gm;

function importsOf(text: string): readonly Import[] {
  const bare = text.replace(comments, (comment) => comment.replace(/[^\n]/g, ""));
  return [...bare.matchAll(statement), ...bare.matchAll(dynamic)].map((match) => ({
    specifier: match[1] ?? "",
    line: bare.slice(0, match.index).split("\n").length,
  }));
}

function readSources(root: string): ReadonlyMap<string, string> {
  const names = readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" });
  return new Map(
    names
      .map((name) => path.posix.join("src", name.split(path.sep).join("/")))
      .filter((file) => file.endsWith(".ts"))
      .map((file) => [file, readFileSync(path.join(root, file), "utf8")]),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const files = readSources(path.resolve(import.meta.dirname, ".."));
  const violations = findViolations(files);
  for (const { file, line, message } of violations) console.error(`${file}:${line} ${message}`);
  console.log(`layers: ${files.size} files, ${violations.length} violations`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
