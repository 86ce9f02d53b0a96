/** How a host is started: Node's own flags that keep it small and shut. */
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundleOf } from "./host-bundle.ts";

const { resolve } = createRequire(import.meta.url);

const isSource = import.meta.url.endsWith(".ts");
/** The programs of hosts, one file each, and the packages that they load when they need them. */
const programs = {
  host: [],
  "code-host": ["snowball-stemmers"],
} as const;

export type HostProgram = keyof typeof programs;

function mainOf(program: HostProgram): string {
  const file = (ending: string): string =>
    fileURLToPath(new URL(`./${program}/main.${ending}`, import.meta.url));
  return isSource ? bundleOf(file("ts")) : file("mjs");
}

const [nodeMajor = 0] = process.versions.node.split(".").map(Number);

export function hostArguments({
  heapMb,
  dependencies,
  program = "host",
}: {
  /** Of the heap of JavaScript. */
  readonly heapMb: number;
  readonly dependencies: string | undefined;
  readonly program?: HostProgram;
}): readonly string[] {
  const main = mainOf(program);
  return [
    ...permissions([main, ...(isSource ? [] : packagesOf(program))], dependencies),
    `--max-old-space-size=${heapMb}`,
    "--no-warnings",
    "--no-addons",
    // Packages offer an ES module to a Node that could load one with `require`; the loader of hosts can not.
    "--no-experimental-require-module",
    main,
  ];
}

/** Processes, threads and files: only reading its own program and the packages is left. */
function permissions(own: readonly string[], dependencies: string | undefined): readonly string[] {
  const flag = nodeMajor >= 22 ? "--permission" : "--experimental-permission";
  const packages = dependencies === undefined ? [] : [path.join(realpathSync(dependencies), "*")];
  return [flag, ...[...own, ...packages].map((each) => `--allow-fs-read=${each}`)];
}

/** Not the whole of what is installed: a data directory may lie beside it. */
function packagesOf(program: HostProgram): readonly string[] {
  const packageFile = fileURLToPath(new URL("../../package.json", import.meta.url));
  const folders = programs[program].map(folderOf);
  return [...folders.map((each) => path.join(realpathSync(each), "*")), packageFile];
}

/** Where a package lies, by the file that it begins with. */
function folderOf(name: string): string {
  const file = resolve(name);
  const end = path.join("node_modules", name) + path.sep;
  return file.slice(0, file.lastIndexOf(end) + end.length);
}
