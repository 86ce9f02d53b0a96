/**
 * What `npm start`, `npm test` and `npm run build` need before they begin: a Node that is new enough, the
 * installed dependencies and a current build. Plain JavaScript without dependencies, because it runs on a
 * fresh clone, before anything is installed.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "..");

const nodeLeast = [20, 19];
const stampFile = path.join(root, "dist", ".stamp");

/** Ends the process when this Node is too old to run Petiole. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [majorLeast = 0, minorLeast = 0] = nodeLeast;
  if (major > majorLeast || (major === majorLeast && minor >= minorLeast)) return;
  fail(`Petiole needs Node ${nodeLeast.join(".")} or newer; this is ${process.versions.node}.`);
}

/** Runs `npm ci` when `node_modules` is missing or older than the lock file. */
export function ensureInstalled() {
  const lock = path.join(root, "package-lock.json");
  // npm writes this file at the end of every complete install.
  const installed = path.join(root, "node_modules", ".package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  say("Installing dependencies (npm ci) …");
  // The build needs the development dependencies even where NODE_ENV says production.
  run("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], "npm ci");
}

/** Compiles `src` into `dist` when the sources differ from what the last build saw. */
export function ensureBuilt() {
  const stamp = stampOfSources();
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  say("Building (tsc) …");
  build(stamp);
}

/** Compiles `src` into `dist`, whatever the last build saw. */
export function build(stamp = stampOfSources()) {
  rmSync(stampFile, { force: true });
  const compiler = path.join(root, "node_modules", "typescript", "bin", "tsc");
  run(process.execPath, [compiler, "-p", "tsconfig.build.json"], "the build");
  removeOrphans();
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
}

/** Ends the process with a message on stderr. */
export function fail(/** @type {string} */ message) {
  console.error(message);
  process.exit(1);
}

function say(/** @type {string} */ message) {
  console.error(message);
}

// By content and not by time: a checkout of an older revision has newer files.
function stampOfSources() {
  const hash = createHash("sha256").update(process.versions.node);
  const settings = ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"];
  const sources = filesBelow("src").filter((file) => !file.endsWith(".test.ts"));
  for (const file of [...settings, ...sources]) {
    hash.update(`\0${file}\0`).update(readFileSync(path.join(root, file)));
  }
  return hash.digest("hex");
}

// Files whose source is gone are removed one by one: a server that runs from dist still loads the others.
function removeOrphans() {
  for (const file of filesBelow("dist")) {
    const source = file.replace(/^dist/, "src").replace(/\.(js|d\.ts)(\.map)?$/, ".ts");
    const isCompiled =
      /\.(js|d\.ts)(\.map)?$/.test(file) && !file.startsWith(path.join("dist", "console"));
    if (isCompiled && !existsSync(path.join(root, source))) rmSync(path.join(root, file));
  }
}

function filesBelow(/** @type {string} */ folder) {
  const top = path.join(root, folder);
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

function run(
  /** @type {string} */ command,
  /** @type {readonly string[]} */ args,
  /** @type {string} */ what,
) {
  // What a helper prints goes to stderr, so that stdout stays for the program that is started.
  const { status, error } = spawnSync(command, [...args], { cwd: root, stdio: ["ignore", 2, 2] });
  if (error) fail(`${what} could not be started: ${error.message}`);
  if (status !== 0) fail(`${what} failed.`);
}
