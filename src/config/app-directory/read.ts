/** Reads all parts of a directory, in the order in which they need each other. */
import type { AppConfig, DataSourceConfig, EnvironmentName } from "../app-config.ts";
import type { Problem } from "../app-problem.ts";
import { checkReferences } from "./check-references.ts";
import { readCustomUserData } from "./custom-user-data.ts";
import { readDataApi } from "./data-api.ts";
import { readDataSources } from "./data-sources.ts";
import { readEndpoints } from "./endpoints.ts";
import { readEnvironments, templateValues } from "./environments.ts";
import { refusePath, showPath } from "./file-name.ts";
import { readFunctions } from "./functions.ts";
import { fieldOf, textOf } from "./json-node.ts";
import { warnOfLeftOver } from "./left-over.ts";
import { readLogForwarders } from "./log-forwarders.ts";
import { readProviders } from "./providers.ts";
import { openFiles, type Reading } from "./reading.ts";
import { createReport, type Report } from "./report.ts";
import { environmentOf, findRoot, isLegacy, readRoot } from "./root.ts";
import { findStatedNames } from "./stated-names.ts";
import { readTriggers } from "./triggers.ts";
import { secretsFile, warnOfUnserved } from "./unserved.ts";
import { readValueConfigs } from "./values.ts";
import { convertWebhooks } from "./webhooks.ts";

export interface AppReading {
  /** What could be read. Only fit for use where there are no problems. */
  readonly app: AppConfig;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const fileBytesMax = 16 * 2 ** 20;
const filesMax = 20_000;

export function readFiles(
  given: ReadonlyMap<string, Uint8Array>,
  wanted: EnvironmentName | undefined,
): AppReading {
  const report = createReport();
  const admitted = admit(given, report);
  const files = openFiles(admitted, report);
  const root = findRoot(files);
  const environment = wanted ?? environmentOf(root);
  const reading: Reading = { ...files, environment: templateValues(files, environment) };
  const rootPart = readRoot(reading, root, environment);
  const { layout } = rootPart;
  const options = { isLegacy: isLegacy(layout), endpointsFolder: layout.endpointsFolder };
  const dataSources = readDataSources(reading, options);
  const nameOfId = (id: string): string | undefined => nameOfSource(dataSources, id);
  const app: AppConfig = {
    ...rootPart,
    environments: readEnvironments(reading),
    values: readValueConfigs(reading),
    providers: readProviders(reading, options),
    customUserData: readCustomUserData(reading, root, { ...options, nameOfId }),
    dataSources,
    ...convertWebhooks(reading, layout.endpointsFolder, {
      functions: readFunctions(reading, options),
      endpoints: readEndpoints(reading, layout),
    }),
    dataApi: readDataApi(reading, layout),
    triggers: readTriggers(reading),
    logForwarders: readLogForwarders(reading),
    files: withoutForeign(admitted),
    kept: new Set(files.paths.filter((path) => !files.claimed.has(path) && !isForeign(path))),
  };
  checkReferences(app, findStatedNames(reading, options), report);
  warnOfUnserved(reading, root, options);
  warnOfLeftOver(files, spokenOf(report));
  return { app, problems: inOrder(report.problems), warnings: inOrder(report.warnings) };
}

/** Leaves out what can not be a file, or is too much of one. */
function admit(
  given: ReadonlyMap<string, Uint8Array>,
  report: Report,
): ReadonlyMap<string, Uint8Array> {
  const admitted = new Map<string, Uint8Array>();
  for (const [path, bytes] of given) {
    const refusal = refusePath(path);
    const where = { file: showPath(path), path: [] };
    if (admitted.size === filesMax) {
      report.wrong({ file: "", path: [] }, `at most ${filesMax} files`, `${given.size}`);
      break;
    }
    if (refusal !== undefined) report.wrong(where, "a path within the directory", refusal);
    else if (bytes.length > fileBytesMax)
      report.wrong(where, `at most ${fileBytesMax} bytes`, `${bytes.length}`);
    else admitted.set(path, bytes);
  }
  return admitted;
}

/** Secrets, and what ties a directory to one server: neither is part of an app. */
function isForeign(path: string): boolean {
  return path === secretsFile || path.startsWith(".mdb/");
}

function withoutForeign(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  return new Map([...files].filter(([path]) => !isForeign(path)));
}

function nameOfSource(
  sources: ReadonlyMap<string, DataSourceConfig>,
  id: string,
): string | undefined {
  for (const { name, origin } of sources.values())
    if (textOf(fieldOf(origin?.node, "id")) === id) return name;
  return undefined;
}

function spokenOf(report: Report): ReadonlySet<string> {
  const files = [...report.problems, ...report.warnings].map(({ file }) => file);
  return new Set([...files, secretsFile, ".mdb/app_meta.json", ".mdb/meta.json"]);
}

/** By file and place, so that who mends them goes from top to bottom. */
function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted(
    (left, right) =>
      compareText(left.file, right.file) ||
      (left.line ?? 0) - (right.line ?? 0) ||
      (left.column ?? 0) - (right.column ?? 0),
  );
}

function compareText(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
