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
const serverStamp = path.join(root, "dist", ".stamp");
const consoleStamp = path.join(root, "dist", ".console-stamp");

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

/** Builds the server, and the console, where their sources differ from what the last build saw. */
export function ensureBuilt() {
  const server = stampOfServer();
  if (readStamp(serverStamp) !== server) {
    say("Building the server …");
    buildServer(server);
  }
  const console = stampOfConsole();
  if (readStamp(consoleStamp) !== console) {
    say("Building the console (vite) …");
    buildConsole(console);
  }
}

/** Builds everything, whatever the last build saw. */
export function build() {
  buildServer(stampOfServer());
  buildConsole(stampOfConsole());
}

/** Bundles `src` into `dist`; types are looked at by `npm run check`. */
function buildServer(/** @type {string} */ stamp) {
  rmSync(serverStamp, { force: true });
  run(process.execPath, [path.join(root, "tools", "bundle.mjs")], "the build of the server");
  mkdirSync(path.dirname(serverStamp), { recursive: true });
  writeFileSync(serverStamp, stamp);
}

/** Bundles `console` into `dist/console`. */
function buildConsole(/** @type {string} */ stamp) {
  rmSync(consoleStamp, { force: true });
  const bundler = path.join(root, "node_modules", "vite", "bin", "vite.js");
  const args = [bundler, "build", "--config", "console/vite.config.ts", "--logLevel", "warn"];
  run(process.execPath, args, "the build of the console");
  writeFileSync(consoleStamp, stamp);
}

function readStamp(/** @type {string} */ file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** Ends the process with a message on stderr. */
export function fail(/** @type {string} */ message) {
  console.error(message);
  process.exit(1);
}

function say(/** @type {string} */ message) {
  console.error(message);
}

function stampOfServer() {
  const sources = filesBelow("src").filter((file) => !file.endsWith(".test.ts"));
  return stampOf(["package-lock.json", "tsconfig.json", "tools/bundle.mjs", ...sources]);
}

function stampOfConsole() {
  return stampOf(["package-lock.json", ...filesBelow("console")]);
}

// By content and not by time: a checkout of an older revision has newer files.
function stampOf(/** @type {readonly string[]} */ files) {
  const hash = createHash("sha256").update(process.versions.node);
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(path.join(root, file)));
  return hash.digest("hex");
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
