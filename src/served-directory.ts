/**
 * `serve APP_DIR`: the directory is deployed when the server starts, and again whenever it changes.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { Problem } from "./config/app-problem.ts";
import type { App } from "./config/app.ts";
import { Fault } from "./kit/fault.ts";
import { pause } from "./kit/pause.ts";
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
  const files = await load(directory, log);
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

/** @throws {Fault} `InvalidParameter` @returns no files where there is something that can not be read */
async function load(directory: string, log: Log): Promise<Files> {
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
 * @throws {Fault} `InvalidParameter` when it has problems, all of which are logged; what was live stays
 */
export async function deployDirectory(
  state: State,
  app: App,
  served: Pick<ServedDirectory, "directory" | "files">,
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
    author: "serve",
    message: path.basename(directory),
    missingSecret: "warns",
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

/** How often the directory is looked at, and how long it must have been left alone. */
const lookMs = 150;
const settleMs = 50;
/** Of a directory so big that a look takes long, no more than this share of the time goes into looking. */
const lookShare = 0.2;
const entriesMax = 50_000;

/**
 * Deploys the directory again whenever its files changed and have been left alone for a moment.
 *
 * It is looked at rather than listened to: notices of changes do not come from every file system.
 */
export function watchDirectory(
  state: State,
  app: App,
  directory: string,
  log: Log,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const watching = (async () => {
    // What was saved between the start and the first look is not known to be live.
    let deployed = "";
    let former = await lookAt(directory);
    let isQuiet = true;
    let tookMs = 0;
    while (!signal.aborted) {
      await pause(Math.max(isQuiet ? lookMs : settleMs, tookMs / lookShare), signal);
      const startedAt = performance.now();
      const now = await lookAt(directory);
      tookMs = performance.now() - startedAt;
      isQuiet = now === former;
      former = now;
      if (!isQuiet || now === deployed || signal.aborted) continue;
      deployed = now;
      try {
        await deployDirectory(state, app, { directory, files: await load(directory, log) }, log);
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        log.write("error", "not deployed", { message, app: app.clientAppId });
      }
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}

/** A text that differs when any file does. */
async function lookAt(directory: string): Promise<string> {
  const seen: string[] = [];
  const folders = [directory];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    // What vanishes while it is looked at is seen at the next look.
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.name === "node_modules" || entry.name.startsWith(".")) continue;
      const place = path.join(folder, entry.name);
      if (entry.isDirectory()) folders.push(place);
      else {
        const found = await stat(place).catch(() => undefined);
        seen.push(`${place} ${found?.mtimeMs} ${found?.size}`);
      }
      if (seen.length + folders.length > entriesMax) return seen.join("\n");
    }
  }
  return seen.toSorted().join("\n");
}
