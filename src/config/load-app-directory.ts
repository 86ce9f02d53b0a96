/** An app directory on disk → paths and bytes, with bounds, and nothing from outside of it. */
import type { Stats } from "node:fs";
import { type FileHandle, lstat, open, readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { showPath } from "./app-directory/file-name.ts";
import type { Problem } from "./app-problem.ts";

export interface LoadedDirectory {
  /** Path below the directory, with `/`, → content. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly problems: readonly Problem[];
  /** The modules of functions, which are not read: `functions/node_modules`. An archive of them is. */
  readonly modules: readonly string[];
  /** Files and folders directly in the directory that are no part of an app and were not looked into. */
  readonly ignored: readonly string[];
}

export interface LoadLimits {
  /** Of one file, in bytes. */
  readonly fileBytesMax: number;
  /** Of all files, in bytes. */
  readonly bytesMax: number;
  readonly filesMax: number;
  /** Folders within folders. */
  readonly depthMax: number;
}

const defaultLimits: LoadLimits = {
  fileBytesMax: 16 * 2 ** 20,
  bytesMax: 256 * 2 ** 20,
  filesMax: 20_000,
  depthMax: 20,
};

/** A directory that is also somebody's repository holds much else: only these are looked at. */
const folders: ReadonlySet<string> = new Set([
  "auth",
  "auth_providers",
  "data_sources",
  "environments",
  "functions",
  "graphql",
  "hosting",
  "http_endpoints",
  "https_endpoints",
  "log_forwarders",
  "services",
  "sync",
  "triggers",
  "values",
]);

const rootFiles: ReadonlySet<string> = new Set([
  "root_config.json",
  "realm_config.json",
  "config.json",
  "stitch.json",
  "data_api_config.json",
  "secrets.json",
]);

const modulesName = "functions/node_modules";
const clutter: ReadonlySet<string> = new Set([".DS_Store", "Thumbs.db", ".git", ".gitkeep"]);

/** Whether a path, below the directory and with `/`, is one that is read; secrets are read and never written. */
export function isAppPath(file: string): boolean {
  const steps = file.split("/");
  const [first = ""] = steps;
  if (file === "secrets.json" || file.includes("\\") || file.includes("\0")) return false;
  if (steps.some((step) => step === "" || step === "node_modules" || step.startsWith(".")))
    return false;
  return steps.length === 1 ? rootFiles.has(first) : folders.has(first);
}

interface Load {
  readonly root: string;
  readonly limits: LoadLimits;
  readonly files: Map<string, Uint8Array>;
  readonly problems: Problem[];
  readonly modules: string[];
  readonly ignored: string[];
  bytes: number;
}

/**
 * Reads the files of an app directory.
 *
 * A link is followed where it leads to something within the directory. Links out of it, files that are too big, and what
 * is neither file nor folder, are problems.
 *
 * @throws {Error} of the file system when the directory itself can not be read
 */
export async function loadAppDirectory(
  directory: string,
  limits: Partial<LoadLimits> = {},
): Promise<LoadedDirectory> {
  const load: Load = {
    root: await realpath(directory),
    limits: { ...defaultLimits, ...limits },
    files: new Map(),
    problems: [],
    modules: [],
    ignored: [],
    bytes: 0,
  };
  for (const name of await readNames(load.root)) {
    if (folders.has(name) || rootFiles.has(name)) await visit(load, name, 1);
    else if (!clutter.has(name)) load.ignored.push(name);
  }
  const { files, problems, modules, ignored } = load;
  return { files, problems, modules, ignored };
}

async function readNames(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).toSorted();
}

async function visit(load: Load, file: string, depth: number): Promise<void> {
  if (file === modulesName) {
    load.modules.push(file);
    return;
  }
  const name = path.posix.basename(file);
  if (name === "node_modules" || clutter.has(name)) return;
  const place = await follow(load, file);
  if (place === undefined) return;
  if (place.stats.isDirectory()) await visitFolder(load, file, place.real, depth);
  else if (place.stats.isFile()) await readFile(load, file, place.real);
  else problem(load, file, "a file or folder", "something else");
}

interface Landing {
  /** Without links. */
  readonly real: string;
  readonly stats: Stats;
}

/** Where a name leads; undefined, and reported, where it leads out of the directory or nowhere. */
async function follow(load: Load, file: string): Promise<Landing | undefined> {
  const full = path.join(load.root, file);
  const stats = await lstat(full);
  if (!stats.isSymbolicLink()) return { real: full, stats };
  try {
    const real = await realpath(full);
    if (real.startsWith(`${load.root}${path.sep}`)) return { real, stats: await stat(real) };
    problem(load, file, "a file within the directory", "a link that leads out of it");
  } catch (error) {
    problem(
      load,
      file,
      "a file within the directory",
      `a link that leads nowhere (${codeOf(error)})`,
    );
  }
  return undefined;
}

async function visitFolder(load: Load, file: string, real: string, depth: number): Promise<void> {
  const { depthMax } = load.limits;
  // Links that lead in a circle end here too.
  if (depth > depthMax) problem(load, file, `at most ${depthMax} folders within folders`, "more");
  else
    for (const name of await readNames(real)) {
      await visit(load, `${file}/${name}`, depth + 1);
      if (isFull(load)) return;
    }
}

function isFull({ files, limits, problems }: Load): boolean {
  return files.size >= limits.filesMax || problems.length > limits.filesMax;
}

async function readFile(load: Load, file: string, real: string): Promise<void> {
  const { limits } = load;
  if (load.files.size + 1 >= limits.filesMax) {
    problem(load, file, `at most ${limits.filesMax} files`, "more");
    load.files.set(file, new Uint8Array());
    return;
  }
  let handle: FileHandle | undefined;
  try {
    handle = await open(real, "r");
    const bytes = await readBounded(handle, limits.fileBytesMax);
    if (bytes === undefined) problem(load, file, `at most ${limits.fileBytesMax} bytes`, "more");
    else if (load.bytes + bytes.length > limits.bytesMax)
      problem(load, file, `at most ${limits.bytesMax} bytes in all files`, "more");
    else {
      load.bytes += bytes.length;
      load.files.set(file, bytes);
    }
  } catch (error) {
    problem(load, file, "a file that can be read", codeOf(error));
  } finally {
    await handle?.close();
  }
}

/** A file may grow while it is read: its size alone is no bound. */
async function readBounded(handle: FileHandle, bytesMax: number): Promise<Uint8Array | undefined> {
  const { size } = await handle.stat();
  if (size > bytesMax) return undefined;
  const buffer = Buffer.allocUnsafe(size + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, Math.min(length, size));
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error) return String(error.code);
  throw error;
}

function problem(load: Load, file: string, expected: string, found: string): void {
  const message = `expected ${expected}, found ${found}`;
  load.problems.push({ file: showPath(file), path: "", message, expected, found });
}
