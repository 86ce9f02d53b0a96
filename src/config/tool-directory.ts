/** An app on its way to and from the original's tool, which knows fewer files and loses the order of fields. */
import type { AppConfig, ConfigVersion } from "./app-config.ts";
import { keepTexts } from "./app-diff.ts";
import { readAppDirectory, writeAppDirectory } from "./app-directory.ts";
import type { AppFiles } from "./app-package.ts";
import type { App } from "./app.ts";
import { readImportPayload } from "./import-payload.ts";

/** Versions that the tool knows. */
const toolVersions: readonly ConfigVersion[] = [20180301, 20200603, 20210101];

/** @param wanted as in the tool's query; the newest that it knows when absent or unknown */
export function toToolVersion(wanted: string | undefined): ConfigVersion {
  return toolVersions.find((each) => String(each) === wanted) ?? 20210101;
}

/** The directory as the tool gets it: with the App ID, so that it finds the app again. */
export function toToolFiles(
  app: App,
  config: AppConfig,
  options: { readonly version: ConfigVersion; readonly isTemplate?: boolean },
): AppFiles {
  const appId = options.isTemplate === true ? undefined : app.clientAppId;
  return writeAppDirectory({ ...config, appId }, { version: options.version });
}

/**
 * Reads what the tool sends. Whose app it is, its name and where it runs are the server's to say; files that the tool
 * does not send stay as they are.
 *
 * @returns the directory as it would be, and as it is, in the same layout
 * @throws {Fault} `BadRequest` when it is no payload
 */
export function readToolImport(
  app: App,
  config: AppConfig,
  payload: unknown,
): { readonly before: AppFiles; readonly after: AppFiles } {
  const { version, files } = readImportPayload(payload, config);
  const before = toToolFiles(app, config, { version });
  const { app: wanted, problems } = readAppDirectory(files);
  // What has problems is shown as it came.
  if (problems.length > 0) return { before, after: files };
  const { location, deploymentModel, providerRegion } = readAppDirectory(before).app;
  const own = { appId: app.clientAppId, name: app.name, location, deploymentModel, providerRegion };
  const after = new Map(writeAppDirectory({ ...wanted, ...own }));
  for (const [path, bytes] of before)
    if (isUnsent(path) && !after.has(path)) after.set(path, bytes);
  return { before, after: keepTexts(before, after) };
}

function isUnsent(path: string): boolean {
  if (path.startsWith("hosting/")) return true;
  return path.startsWith("functions/") && !/\.js$|\/config\.json$/.test(path);
}
