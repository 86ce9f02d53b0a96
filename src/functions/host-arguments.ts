/** How a host is started: Node's own flags that keep it small and shut. */
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const { resolve } = createRequire(import.meta.url);

const isSource = import.meta.url.endsWith(".ts");
// The same file with the ending that this one has: `.ts` from sources, which Node 20 needs a loader for.
const main = fileURLToPath(
  new URL(isSource ? "./host/main.ts" : "./host/main.js", import.meta.url),
);

const [nodeMajor = 0] = process.versions.node.split(".").map(Number);

export function hostArguments({
  heapMb,
  dependencies,
}: {
  /** Of the heap of JavaScript. */
  readonly heapMb: number;
  readonly dependencies: string | undefined;
}): readonly string[] {
  return [
    ...permissions(dependencies),
    `--max-old-space-size=${heapMb}`,
    "--no-warnings",
    "--no-addons",
    // Packages offer an ES module to a Node that could load one with `require`; the loader of hosts can not.
    "--no-experimental-require-module",
    ...(isSource ? ["--import", pathToFileURL(resolve("tsx")).href] : []),
    main,
  ];
}

/** Processes, threads and files: only reading its own program and the packages is left. */
function permissions(dependencies: string | undefined): readonly string[] {
  const flag = nodeMajor >= 22 ? "--permission" : "--experimental-permission";
  // The loader of sources runs in a thread, and reads and writes a cache: in development only.
  if (isSource)
    return [
      flag,
      "--allow-fs-read=*",
      "--allow-fs-write=*",
      "--allow-worker",
      "--allow-child-process",
    ];
  return [flag, ...readable(dependencies).map((each) => `--allow-fs-read=${each}`)];
}

/** Not the whole of what is installed: a data directory may lie beside it. */
function readable(dependencies: string | undefined): readonly string[] {
  const own = ["./", "../bson/", "../kit/"].map((each) =>
    fileURLToPath(new URL(each, import.meta.url)),
  );
  const library = path.join(path.dirname(resolve("bson")), "..");
  const folders = [...own, library, ...(dependencies === undefined ? [] : [dependencies])];
  const packageFile = fileURLToPath(new URL("../../package.json", import.meta.url));
  return [...folders.map((each) => path.join(realpathSync(each), "*")), packageFile];
}
