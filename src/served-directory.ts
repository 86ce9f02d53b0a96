/**
 * `serve APP_DIR`: the directory is deployed when the server starts. `directory-link.ts` keeps the two alike from then on.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Problem } from "./config/app-problem.ts";
import type { App } from "./config/app.ts";
import { Fault } from "./kit/fault.ts";
import type { Log } from "./logs/log.ts";
import { agreeOnAppId, type State } from "./state.ts";

type Files = ReadonlyMap<string, Uint8Array>;

export interface ServedDirectory {
  readonly directory: string;
  readonly clientAppId: string;
  /** What the app is called; one that can be part of an App ID. */
  readonly name: string;
  readonly files: Files;
}

/**
 * Reads the directory, and finds the App ID that it is served under: that of the settings, else the directory's, else
 * one that is made once.
 *
 * @throws {Fault} `InvalidParameter` when the directory has a problem, or no App ID where none may be made up
 */
export async function readServedDirectory(
  state: State,
  wanted: {
    readonly directory: string;
    readonly clientAppId: string | undefined;
    readonly isStrict: boolean;
  },
  log: Log,
): Promise<ServedDirectory> {
  const { directory } = wanted;
  const files = await loadServed(directory, log);
  const { readAppDirectory } = await import("./config/app-directory.ts");
  const { app: config, problems } = readAppDirectory(files);
  await say(log, "error", "problem in the app directory", problems);
  if (problems.length > 0) throw refused(directory, problems.length);
  const name = /^[A-Za-z0-9_-]{1,32}$/.test(config.name) ? config.name : "data";
  const stated = wanted.clientAppId ?? config.appId;
  if (stated !== undefined) return { directory, clientAppId: stated, name, files };
  if (wanted.isStrict)
    throw new Fault("InvalidParameter", `${directory} has no app_id: name one with --app-id`);
  const clientAppId = await agreeOnAppId(state, name);
  log.write("info", "app id made", {
    message: `${directory} has no app_id; it is served as ${clientAppId}`,
  });
  return { directory, clientAppId, name, files };
}

/** @throws {Fault} `InvalidParameter` where there is something that can not be read, which is logged */
export async function loadServed(directory: string, log: Log): Promise<Files> {
  const { loadAppDirectory } = await import("./config/load-app-directory.ts");
  const { files, problems } = await loadAppDirectory(directory);
  await say(log, "error", "problem in the app directory", problems);
  if (problems.length > 0) throw refused(directory, problems.length);
  return files;
}

function refused(directory: string, count: number): Fault {
  const words = count === 1 ? "a problem" : `${count} problems`;
  return new Fault("InvalidParameter", `${directory} has ${words} and is not served`);
}

async function say(
  log: Log,
  level: "error" | "warning",
  event: string,
  problems: readonly Problem[],
): Promise<void> {
  if (problems.length === 0) return;
  const { formatProblem } = await import("./config/app-problem.ts");
  for (const problem of problems) log.write(level, event, { message: formatProblem(problem) });
}

/**
 * Makes the directory live where it differs from what is, and says what changed.
 *
 * @throws {Fault} `InvalidParameter` when it has problems, all of which are logged; `DraftConflict` when another
 *   deployment is live than `after` names; what was live stays
 */
export async function deployDirectory(
  state: State,
  app: App,
  served: Pick<ServedDirectory, "directory" | "files"> & { readonly after?: string | undefined },
  log: Log,
): Promise<void> {
  const { directory, files } = served;
  const deployments = await state.deployments();
  const plan = await deployments.plan(app.id, files, { missingSecret: "warns" });
  await say(log, "error", "problem in the app directory", plan.problems);
  if (plan.problems.length > 0) throw refused(directory, plan.problems.length);
  if (plan.changes.length === 0 && state.apps.must(app.id).deployment !== undefined) return;
  await say(log, "warning", "app directory", plan.warnings);
  for (const message of plan.unserved) log.write("info", "not served yet", { message });
  const { id } = await deployments.push(app.id, files, {
    author: directoryAuthor,
    message: path.basename(directory),
    missingSecret: "warns",
    ...("after" in served && { after: served.after }),
  });
  log.write("info", "deployed", {
    deployment: id,
    app: app.clientAppId,
    changes: plan.changes
      .slice(0, changesSaid)
      .map(({ kind, file }) => `${kind} ${file}`)
      .join(", "),
  });
}

/** Who deploys what the directory holds. */
export const directoryAuthor = "serve";
const changesSaid = 50;

/** Takes secrets over that the app has not: of a file, and of `PETIOLE_SECRET_<NAME>`, which win. */
export async function takeSecrets(
  state: State,
  app: App,
  given: {
    readonly file: string | undefined;
    readonly variables: Readonly<Record<string, string | undefined>>;
  },
): Promise<void> {
  const wanted = new Map(given.file === undefined ? [] : readSecretsFile(given.file));
  const prefix = "PETIOLE_SECRET_";
  for (const [variable, value] of Object.entries(given.variables))
    if (variable.startsWith(prefix) && value !== undefined && value !== "")
      wanted.set(variable.slice(prefix.length), value);
  if (wanted.size === 0) return;
  const known = new Set((await state.secrets.list(app.id)).map(({ name }) => name));
  for (const [name, value] of wanted)
    if (!known.has(name)) await state.secrets.set(app.id, name, value);
}

function readSecretsFile(file: string): readonly (readonly [string, string])[] {
  const content = parseJson(readFileSync(file, "utf8"));
  const isObject = typeof content === "object" && content !== null && !Array.isArray(content);
  const entries = isObject ? Object.entries(content) : [];
  const texts = entries.filter((each): each is [string, string] => typeof each[1] === "string");
  // Neither names nor values are repeated: whatever stands in the file is secret.
  if (!isObject || texts.length < entries.length)
    throw new Fault("InvalidParameter", `${file} must hold one JSON object of texts`);
  return texts;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
