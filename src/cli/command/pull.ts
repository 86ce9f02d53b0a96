/** `petiole pull`. */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Fault } from "../../kit/fault.ts";
import type { AppPlace } from "../app-desk.ts";
import { atDesk, isSure, loadFiles, say } from "../counter.ts";

/** Writes the live app into a directory: files that it has not are taken away, where they are parts of an app. */
export async function pull(
  directory: string,
  flags: AppPlace & { readonly yes?: boolean },
): Promise<void> {
  await atDesk(flags, async (desk) => {
    const files = await desk.pull();
    const present = await loadPresent(directory);
    const gone = [...present.keys()].filter(
      (file) => !files.has(file) && file !== "secrets.json" && !isModule(file),
    );
    const changed = [...files].filter(
      ([file, bytes]) =>
        Buffer.compare(present.get(file) ?? new Uint8Array(), bytes) !== 0 || !present.has(file),
    );
    const isLoss = gone.length > 0 || changed.some(([file]) => present.has(file));
    if (isLoss) for (const file of gone) say(`- ${file}`);
    if (isLoss && !(await isSure(flags, `replace the app in ${directory}?`))) {
      say("nothing is changed");
      return;
    }
    for (const [file, bytes] of changed) await write(directory, file, bytes);
    for (const file of gone) await rm(path.join(directory, file), { force: true });
    say(
      `pulled ${desk.clientAppId} into ${directory}: ${files.size} files, ${changed.length} written, ${gone.length} removed`,
    );
  });
}

async function loadPresent(directory: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const names = await readdir(directory).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw cause;
  });
  return names.length === 0 ? new Map() : loadFiles(directory);
}

function isModule(file: string): boolean {
  return file.split("/").includes("node_modules");
}

async function write(directory: string, file: string, bytes: Uint8Array): Promise<void> {
  const root = path.resolve(directory);
  const target = path.resolve(root, file);
  // The paths were checked when the app was pushed; a server that is not ours has checked nothing.
  if (!target.startsWith(root + path.sep))
    throw new Fault("BadRequest", `the app has a file outside of it: ${JSON.stringify(file)}`);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, bytes);
}
