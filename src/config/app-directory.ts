/**
 * App directories: read into an `AppConfig`, and written again.
 *
 * To add a part: its type in `app-config.ts`, a file in `app-directory/` with schema and codec, a line in `read.ts`
 * and one in `write.ts`, and rows in the tests beside them.
 */
import type { AppConfig, ConfigVersion, EnvironmentName } from "./app-config.ts";
import { type AppReading, readFiles } from "./app-directory/read.ts";
import { usualLayout } from "./app-directory/root.ts";
import { writeFiles } from "./app-directory/write.ts";

export type { AppReading } from "./app-directory/read.ts";

/**
 * Reads a directory in any version that the original wrote. Pure: paths and bytes in, model and problems out.
 *
 * All problems are found at once. `secrets.json` and `.mdb/` are no part of an app and are left out of it.
 *
 * @param files path below the directory, with `/`, → content; taken over, not to be changed afterwards
 * @param options.environment instead of the one that the directory names
 */
export function readAppDirectory(
  files: ReadonlyMap<string, Uint8Array>,
  options: { readonly environment?: EnvironmentName } = {},
): AppReading {
  return readFiles(files, options.environment);
}

/**
 * Writes a directory. A file that says what it said keeps its bytes; in one that was changed, what was not changed
 * stands as it stood.
 *
 * @param options.version to write in, with the names of that version; else the directory is laid out as it was read
 */
export function writeAppDirectory(
  app: AppConfig,
  options: { readonly version?: ConfigVersion } = {},
): Map<string, Uint8Array> {
  const { version } = options;
  return writeFiles(app, version === undefined ? app.layout : usualLayout(version));
}

/** The app as it is in another of its environments: with templates filled from that environment's values. */
export function resolveConfig(app: AppConfig, environment: EnvironmentName): AppReading {
  return readFiles(writeFiles(app, app.layout), environment);
}
