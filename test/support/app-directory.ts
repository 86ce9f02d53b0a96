import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Sample, toFiles } from "./app-samples.ts";

export interface AppDirectory {
  readonly path: string;
  /** A folder around it, for what belongs to the app and not into its directory. */
  readonly around: string;
  /** Deletes both. */
  delete(): Promise<void>;
}

/** Writes the files of an app into a directory of its own. */
export async function writeAppDirectory(sample: Sample): Promise<AppDirectory> {
  const around = await mkdtemp(path.join(tmpdir(), "petiole-app-"));
  const directory = path.join(around, "app");
  for (const [name, bytes] of toFiles(sample)) {
    const file = path.join(directory, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  const remove = async (): Promise<void> => rm(around, { recursive: true, force: true });
  return { path: directory, around, delete: remove };
}
