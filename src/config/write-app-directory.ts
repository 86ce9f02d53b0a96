/** A deployment → the app directory on disk: what was changed since is left as it stands, and said. */
import { mkdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { Fault } from "../kit/fault.ts";
import type { AppFiles } from "./app-package.ts";
import { isAppPath, loadAppDirectory } from "./load-app-directory.ts";
import { mergeFiles } from "./merge-files.ts";

export interface WrittenDirectory {
  readonly written: readonly string[];
  readonly removed: readonly string[];
  /** Files that were changed on disk too, or can not be written: they stand there as they stood. */
  readonly left: readonly string[];
}

/**
 * Makes in a directory the change from one deployment to the next. Files that the change does not touch are not looked
 * at; in those that it does, what else was changed on disk stays.
 *
 * A file is replaced in one step, so that nobody reads half of it.
 */
export async function writeAppChange(
  directory: string,
  change: { readonly before: AppFiles; readonly after: AppFiles },
): Promise<WrittenDirectory> {
  const { before, after } = change;
  const paths = [...new Set([...before.keys(), ...after.keys()])]
    .filter((file) => isAppPath(file) && !isSame(before.get(file), after.get(file)))
    .toSorted();
  const { files: disk } = await loadAppDirectory(directory);
  const only = (files: AppFiles): AppFiles =>
    new Map([...files].filter(([file]) => paths.includes(file)));
  const { files, conflicts } = mergeFiles(only(before), only(after), only(disk));
  const written: string[] = [];
  const removed: string[] = [];
  const left: string[] = [...conflicts];
  for (const file of paths) {
    const [former, wanted] = [disk.get(file), files.get(file)];
    if (isSame(former, wanted)) continue;
    if (!(await replaceFile(directory, file, former, wanted))) left.push(file);
    else (wanted === undefined ? removed : written).push(file);
  }
  return { written, removed, left: left.toSorted() };
}

type Content = Uint8Array | undefined;

function isSame(left: Content, right: Content): boolean {
  if (left === undefined || right === undefined) return left === right;
  return Buffer.compare(left, right) === 0;
}

/** @returns whether it was; not where it is no longer as it was read, or lies outside of the directory */
async function replaceFile(
  directory: string,
  file: string,
  former: Content,
  wanted: Content,
): Promise<boolean> {
  try {
    const target = await placeOf(directory, file);
    // Somebody's editor may have saved it in this very moment.
    if (!isSame(await readIfThere(target), former)) return false;
    if (wanted === undefined) await rm(target);
    else await putFile(target, wanted);
    return true;
  } catch (cause) {
    if (cause instanceof Fault || (cause instanceof Error && "code" in cause)) return false;
    throw cause;
  }
}

/**
 * Where a file of an app lies, with the folders to it made.
 *
 * @throws {Fault} `BadRequest` where that is outside of the directory, also by way of a link
 */
async function placeOf(directory: string, file: string): Promise<string> {
  const root = await realpath(directory);
  const target = path.resolve(root, file);
  const outside = new Fault("BadRequest", `a file outside of the app: ${JSON.stringify(file)}`);
  if (!target.startsWith(root + path.sep)) throw outside;
  await mkdir(path.dirname(target), { recursive: true });
  const folder = await realpath(path.dirname(target));
  const real = await realpath(target).catch(() => path.join(folder, path.basename(target)));
  if (!real.startsWith(root + path.sep)) throw outside;
  return real;
}

async function readIfThere(target: string): Promise<Content> {
  return readFile(target).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw cause;
  });
}

/** Its name begins with a point, so that whoever watches the directory does not see it. */
async function putFile(target: string, bytes: Uint8Array): Promise<void> {
  const mode = await stat(target).then(
    (stats) => stats.mode & 0o777,
    () => 0o666,
  );
  const made = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}`);
  try {
    await writeFile(made, bytes, { mode });
    await rename(made, target);
  } finally {
    await rm(made, { force: true });
  }
}
