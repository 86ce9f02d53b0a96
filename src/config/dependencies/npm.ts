/** Has npm install what `functions/package.json` names, in a process of its own that runs nothing of it. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkLock, cleanPackageJson } from "./package-json.ts";
import { buildTree, refused, type Tree, type TreeBuilder } from "./tree.ts";

export interface Npm {
  /**
   * @param files of the app's directory, those below `functions/` without that
   * @throws {Fault} `BadRequest` with what npm said when it failed
   */
  install(files: Tree): Promise<Tree>;
}

export interface NpmOptions {
  /** Settings of npm that its environment has: a registry, a proxy. Nothing else of ours is in it. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly msMax?: number;
}

const msMaxDefault = 300_000;
const outputBytesMax = 16 * 1024;

/** The registry is a setting of ours; how to reach it, one of the system. */
const passedOn: readonly (readonly [ours: string, npms: string])[] = [
  ["PETIOLE_NPM_REGISTRY", "npm_config_registry"],
  ["HTTPS_PROXY", "https_proxy"],
  ["https_proxy", "https_proxy"],
  ["NO_PROXY", "no_proxy"],
  ["no_proxy", "no_proxy"],
  ["NODE_EXTRA_CA_CERTS", "NODE_EXTRA_CA_CERTS"],
];

const flags = [
  "--ignore-scripts",
  "--omit=dev",
  "--no-audit",
  "--no-fund",
  "--no-update-notifier",
  "--loglevel=error",
];

export function createNpm({ variables, msMax = msMaxDefault }: NpmOptions): Npm {
  return {
    async install(files) {
      const folder = await mkdtemp(path.join(tmpdir(), "petiole-npm-"));
      try {
        const hasLock = await writeProject(folder, files);
        await run(folder, hasLock ? "ci" : "install", { variables, msMax });
        const tree = buildTree();
        await readFolder(folder, "node_modules", tree);
        return tree.take();
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** @returns whether there is a lock */
async function writeProject(folder: string, files: Tree): Promise<boolean> {
  const packageJson = files.get("package.json") ?? new Uint8Array();
  const lock = files.get("package-lock.json");
  await mkdir(path.join(folder, "home"));
  await writeFile(
    path.join(folder, "package.json"),
    cleanPackageJson(packageJson, { hasLock: lock !== undefined }),
  );
  for (const [name, content] of files)
    if (/^[\w-][\w.-]*\.(?:tgz|tar\.gz|tar)$/.test(name))
      await writeFile(path.join(folder, name), content);
  if (lock === undefined) return false;
  checkLock(lock);
  await writeFile(path.join(folder, "package-lock.json"), lock);
  return true;
}

async function run(
  folder: string,
  command: "ci" | "install",
  { variables, msMax }: Required<NpmOptions>,
): Promise<void> {
  const home = path.join(folder, "home");
  const environment: Record<string, string> = {
    PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env["PATH"] ?? ""}`,
    HOME: home,
    npm_config_cache: path.join(home, "cache"),
    npm_config_userconfig: path.join(home, "npmrc"),
  };
  for (const [ours, npms] of passedOn) {
    const value = variables[ours];
    if (value !== undefined && value !== "") environment[npms] = value;
  }
  const [program, ...before] = findNpm();
  const child = spawn(program, [...before, command, ...flags], {
    cwd: folder,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that whatever it starts ends with it.
    detached: true,
  });
  let output = "";
  const listen = (chunk: Buffer): void => {
    if (output.length < outputBytesMax) output += chunk.toString("utf8");
  };
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }, msMax);
  const code = await new Promise<number | string | null>((resolve) => {
    child.on("error", (error) => {
      resolve(error.message);
    });
    child.on("close", resolve);
  });
  clearTimeout(timer);
  if (isLate) throw refused(`npm ${command} took longer than ${msMax / 1000} s`);
  if (code !== 0) throw refused(`npm ${command} failed: ${wordsOf(output, code)}`);
}

/** The npm that came with this Node; else the one on the path. */
function findNpm(): readonly [string, ...string[]] {
  const bin = path.dirname(process.execPath);
  const script = path.join(bin, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js");
  return existsSync(script) ? [process.execPath, script] : ["npm"];
}

function wordsOf(output: string, code: number | string | null): string {
  const lines = output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.includes("complete log of this run"));
  return lines.length === 0 ? `it ended with ${code}` : lines.join("\n");
}

async function readFolder(root: string, folder: string, tree: TreeBuilder): Promise<void> {
  let entries;
  try {
    entries = await readdir(path.join(root, folder), { withFileTypes: true });
  } catch {
    return; // What asks for no package makes no folder.
  }
  for (const entry of entries) {
    const place = `${folder}/${entry.name}`;
    if (tree.skips(place)) continue;
    if (entry.isDirectory()) await readFolder(root, place, tree);
    else if (entry.isFile()) tree.add(place, await readFile(path.join(root, place)));
    else throw refused(`no links, like ${JSON.stringify(place.slice(0, 120))}`);
  }
}
