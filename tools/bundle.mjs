/**
 * Bundles `src` into `dist/cli`: what starts together lies together, which starts in half the time and takes less memory
 * than a file per module. What the program loads later stays in files of its own. Plain JavaScript, since it runs
 * before anything is built.
 *
 * All files lie one folder deep below `dist`, as the modules that ask for their place do below `src`: what they find from
 * there, a thread's program or `package.json`, they find in both.
 *
 * @module
 */
import { readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

const root = path.resolve(import.meta.dirname, "..");
const folder = path.join(root, "dist", "cli");
/** Files of an earlier build stay so long: a server that runs may still load them. In milliseconds. */
const keepMs = 24 * 3_600_000;

/** @type {import("esbuild").BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20.19",
  sourcemap: true,
  sourcesContent: false,
  logLevel: "warning",
};

await Promise.all([
  build({
    ...common,
    entryPoints: {
      main: "src/cli/main.ts",
      "foreign-hash-thread": "src/auth/foreign-hash-thread.ts",
      "heavy-text-worker": "src/http/heavy-text-worker.ts",
      "heavy-worker": "src/store/heavy-worker.ts",
    },
    outdir: folder,
    splitting: true,
    packages: "external",
  }),
  bundleHost("host"),
  bundleHost("code-host"),
]);
removeOld();

/** A program of its own in one file, so that it may read no other. */
async function bundleHost(/** @type {string} */ name) {
  await build({
    ...common,
    entryPoints: [`src/functions/${name}/main.ts`],
    outfile: path.join(folder, name, "main.mjs"),
    // For the host it would cost each call more than its own work: what functions see there says its name itself.
    keepNames: name !== "host",
    // Packages that are no ES modules ask for Node's own in their way.
    banner: {
      js: "import { createRequire as __create } from 'node:module'; const require = __create(import.meta.url);",
    },
  });
}

function removeOld() {
  for (const entry of readdirSync(path.join(root, "dist"), {
    recursive: true,
    withFileTypes: true,
  })) {
    const file = path.join(entry.parentPath, entry.name);
    const isOurs = !file.startsWith(path.join(root, "dist", "console") + path.sep);
    const isOld = /\.(?:m?js|d\.ts)(?:\.map)?$/.test(file) && entry.isFile();
    if (isOurs && isOld && Date.now() - statSync(file).mtimeMs > keepMs) rmSync(file);
  }
}
