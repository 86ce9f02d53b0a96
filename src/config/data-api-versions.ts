/** Versions of the Data API: a newer one is enabled for good, an older one not after it. */
import type { Problem } from "./app-problem.ts";
import type { AppConfig } from "./app-config.ts";
import type { App } from "./app.ts";

/** In ascending order. */
export const dataApiVersions = ["beta", "v1"] as const;

/** A version that would be enabled although a newer one is; undefined where there is none. */
export function findOlderVersion(
  enabled: ReadonlySet<string>,
  wanted: Iterable<string>,
): string | undefined {
  const newest = Math.max(-1, ...[...enabled].map(rankOf));
  return [...wanted].find((each) => !enabled.has(each) && rankOf(each) < newest);
}

function rankOf(version: string): number {
  return dataApiVersions.findIndex((each) => each === version);
}

export function olderVersionMessage(version: string): string {
  return `the version ${version} can not be enabled, since a newer one is`;
}

/** What a directory must not do to the versions of an app that is live. */
export function listVersionProblems(app: App, { dataApi }: AppConfig): readonly Problem[] {
  // What an app has before the first push, it was never asked about.
  if (app.deployment === undefined || dataApi === undefined) return [];
  const older = findOlderVersion(app.dataApi.versions, dataApi.versions);
  if (older === undefined) return [];
  const file = dataApi.origin?.file.path ?? "";
  return [{ file, path: "versions", message: olderVersionMessage(older) }];
}
