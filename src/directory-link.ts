/**
 * Keeps the served directory and what is live alike: deployments that come from elsewhere are written into it, and with
 * `--watch` what is saved there is deployed.
 *
 * @module
 */
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { LinkedDirectory } from "./admin-api/admin-services.ts";
import type { App } from "./config/app.ts";
import type { Deployed } from "./config/deployments.ts";
import type { Settings } from "./config/settings.ts";
import { Fault } from "./kit/fault.ts";
import { pause } from "./kit/pause.ts";
import { createQueue } from "./kit/queue.ts";
import type { Log } from "./logs/log.ts";
import { deployDirectory, directoryAuthor, loadServed } from "./served-directory.ts";
import type { State } from "./state.ts";

export interface DirectoryLink {
  /** For whoever asks what the directory has of what is live. */
  describe(): LinkedDirectory;
  stop(): Promise<void>;
}

interface Link {
  readonly state: State;
  readonly app: App;
  readonly directory: string;
  readonly log: Log;
  readonly inTurn: ReturnType<typeof createQueue>;
}

/** @returns undefined where no directory is served, or it is neither written nor watched */
export async function linkDirectory(
  state: State,
  app: App,
  settings: Pick<Settings, "appDir" | "leaveAppDir" | "watch">,
  log: Log,
): Promise<DirectoryLink | undefined> {
  const { appDir: directory, leaveAppDir, watch: isWatched } = settings;
  const isWritten = !leaveAppDir;
  if (directory === undefined || !(isWritten || isWatched)) return undefined;
  const link: Link = { state, app, directory, log, inTurn: createQueue() };
  const left = new Set<string>();
  const deployments = await state.deployments();
  if (isWritten)
    deployments.onDeployed(async (deployed) => {
      if (deployed.appId === app.id) await link.inTurn(async () => write(link, deployed, left));
    });
  const watch = isWatched ? watchDirectory(link) : undefined;
  return {
    describe: () => ({
      appId: app.id,
      directory: path.resolve(directory),
      isWritten,
      isWatched,
      left: [...left].toSorted(),
    }),
    stop: async () => watch?.stop(),
  };
}

/** Nothing that goes wrong with the disk undoes a deployment: it is said, and is live all the same. */
async function write(link: Link, deployed: Deployed, left: Set<string>): Promise<void> {
  const { directory, app, log } = link;
  if (deployed.author === directoryAuthor) {
    left.clear();
    return;
  }
  try {
    const { writeAppChange } = await import("./config/write-app-directory.ts");
    const made = await writeAppChange(directory, deployed);
    for (const file of [...made.written, ...made.removed]) left.delete(file);
    for (const file of made.left) left.add(file);
    if (made.written.length + made.removed.length > 0)
      log.write("info", "app directory written", {
        app: app.clientAppId,
        changes: [
          ...made.written.map((file) => `wrote ${file}`),
          ...made.removed.map((file) => `removed ${file}`),
        ]
          .slice(0, filesSaid)
          .join(", "),
      });
    if (made.left.length > 0)
      log.write("warning", "app directory differs", {
        app: app.clientAppId,
        message: `changed on disk as well, and left as they are: ${made.left.slice(0, filesSaid).join(", ")}`,
      });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    log.write("error", "app directory not written", { message, app: app.clientAppId });
  }
}

const filesSaid = 50;

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
function watchDirectory(link: Link): { stop(): Promise<void> } {
  const { state, app, directory, log, inTurn } = link;
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
        const after = state.apps.must(app.id).deployment;
        // Not while a deployment is being written: half of it would be read.
        const files = await inTurn(async () => loadServed(directory, log));
        await deployDirectory(state, app, { directory, files, after }, log);
      } catch (cause) {
        if (cause instanceof Fault && cause.code === "DraftConflict") {
          // Something else went live since the files were read; they are read once more.
          deployed = "";
          continue;
        }
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
