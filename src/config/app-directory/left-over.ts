/** Files that no part of the model stands for, and of which nobody has spoken yet. */
import { nearest } from "./nearest.ts";
import type { Files } from "./reading.ts";

/** Folders whose content is known, or spoken of as a whole. */
const quietFolders: readonly string[] = [
  "graphql/",
  "sync/",
  "hosting/",
  "services/",
  "auth_providers/",
  "functions/node_modules",
];

const fileNames: readonly string[] = [
  "config.json",
  "data_api_config.json",
  "default_rule.json",
  "rules.json",
  "schema.json",
  "relationships.json",
  "providers.json",
  "custom_user_data.json",
];

const folders: ReadonlySet<string> = new Set([
  "auth",
  "data_sources",
  "environments",
  "functions",
  "http_endpoints",
  "https_endpoints",
  "log_forwarders",
  "triggers",
  "values",
]);

const foldersNamed = 20;

/** @param spoken files that a problem or warning names already */
export function warnOfLeftOver(files: Files, spoken: ReadonlySet<string>): void {
  const outside = new Map<string, number>();
  for (const path of files.paths) {
    if (files.claimed.has(path) || spoken.has(path) || isQuiet(files, path)) continue;
    const [top = "", ...rest] = path.split("/");
    if (rest.length === 0 || !folders.has(top)) {
      outside.set(top, (outside.get(top) ?? 0) + 1);
      continue;
    }
    const near = nearest(rest.at(-1) ?? "", fileNames);
    const question = near === undefined || near === rest.at(-1) ? "" : `; did you mean ${near}?`;
    files.report.warn({ file: path, path: [] }, `no part of an app; kept and not used${question}`);
  }
  for (const [top, count] of [...outside].slice(0, foldersNamed))
    files.report.warn(
      { file: top, path: [] },
      `no part of an app; kept and not used${count > 1 ? ` (${count} files)` : ""}`,
    );
}

function isQuiet(files: Files, path: string): boolean {
  if (quietFolders.some((folder) => path.startsWith(folder))) return true;
  // Sources of other kinds, package.json and lock files: the business of those who install modules.
  if (path.startsWith("functions/") && !path.endsWith(".js")) return true;
  // Webhooks of before: spoken of as a whole.
  if (/^https?_endpoints\/[^/]+\//.test(path)) return true;
  // Empty files and objects stand for nothing; the original wrote many.
  const root = path.endsWith(".json") ? files.json(path)?.root : undefined;
  return root === undefined
    ? path.endsWith(".json")
    : (root.kind === "object" && root.fields.size === 0) || root.kind === "null";
}
