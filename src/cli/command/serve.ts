/** `petiole serve`: reads the settings, runs the server until a signal, and says what happens. */
import { unwatchFile, watchFile } from "node:fs";
import { readSettings, type Settings } from "../../config/settings.ts";
import { bugText } from "../../kit/bug-text.ts";
import { Fault } from "../../kit/fault.ts";
import { createLog, type Log } from "../../logs/log.ts";
import { openServer, type RunningServer } from "../../server.ts";
import type { Created } from "../../state.ts";
import { readConfigFile } from "../config-file.ts";
import { curlLine } from "../curl-line.ts";

const certificateLookMs = 5000;
const apiKeyLengthMin = 32;

/** @param flags name of a setting → what stood behind its flag; `config` too */
export async function serve(flags: ReadonlyMap<string, unknown>): Promise<void> {
  const file = readConfigFile(flags.get("config"));
  const settings = readSettings({
    flags,
    variables: process.env,
    ...(file === undefined ? {} : { file }),
  });
  mustBePair(settings);
  const isForPeople = process.stdout.isTTY;
  const log = createLog({ stream: process.stdout, isForPeople, now: Date.now });
  const apiKey = process.env["PETIOLE_API_KEY"] || undefined;
  const adminToken = readAdminToken(settings);
  catchBugs(log);
  if (settings.state !== undefined && (process.env["PETIOLE_MASTER_KEY"] ?? "") === "")
    throw new Fault("InvalidParameter", "--state needs PETIOLE_MASTER_KEY, which seals secrets");
  if (settings.watch && settings.appDir === undefined)
    throw new Fault("InvalidParameter", "--watch needs a directory: petiole serve APP_DIR --watch");
  const variables = process.env;
  const server = await openServer({ settings, apiKey, adminToken, variables, log }).catch(
    (cause: unknown) => {
      // Problems of a directory are lines of the log.
      log.flush();
      throw cause;
    },
  );
  announce(server, log, { isForPeople, hasOwnKey: apiKey !== undefined });
  if (apiKey !== undefined && apiKey.length < apiKeyLengthMin)
    log.write("warning", "short key", {
      message: `PETIOLE_API_KEY has fewer than ${apiKeyLengthMin} characters and can be guessed`,
    });
  const stopWatching = watchCertificate(settings, server, log);
  const signal = await untilSignal();
  stopWatching();
  log.write("info", "stopping", { signal });
  await server.close();
  log.write("info", "stopped");
  log.flush();
  // What the stores and the driver may still hold open must not keep the process.
  process.exitCode = 0;
}

/** In a data directory the token is Petiole's own; where there is none, an administrator brings one. */
function readAdminToken(settings: Settings): string | undefined {
  const token = process.env["PETIOLE_ADMIN_TOKEN"] || undefined;
  if (token === undefined || settings.state === undefined) return undefined;
  if (/^[!-~]{32,1024}$/.test(token)) return token;
  throw new Fault(
    "InvalidParameter",
    "PETIOLE_ADMIN_TOKEN must be 32 to 1024 visible ASCII characters",
  );
}

function mustBePair(settings: Settings): void {
  if ((settings.tlsCert === undefined) === (settings.tlsKey === undefined)) return;
  throw new Fault("InvalidParameter", "--tls-cert and --tls-key go together");
}

function announce(
  server: RunningServer,
  log: Log,
  options: { readonly isForPeople: boolean; readonly hasOwnKey: boolean },
): void {
  const { url, app, created } = server;
  const isNew = created.app || created.apiKey !== undefined || created.administrator !== undefined;
  if (isNew) {
    const key = created.apiKey ?? (options.hasOwnKey ? "$PETIOLE_API_KEY" : undefined);
    const curl = key === undefined ? undefined : curlLine(url, app.clientAppId, key);
    if (options.isForPeople) process.stdout.write(textForPeople(server, created, curl));
    else
      log.write("info", "created", {
        app_id: app.clientAppId,
        api_key: created.apiKey,
        admin_email: created.administrator?.email,
        admin_password: created.administrator?.password,
        console_link: consoleLink(url, created),
        curl,
      });
  }
  log.write("info", "listening", { url, app_id: app.clientAppId, pid: process.pid });
}

function textForPeople(server: RunningServer, created: Created, curl: string | undefined): string {
  const { apiKey, administrator } = created;
  const lines = ["", "  Keep these; they are not shown again.", ""];
  lines.push(`    App ID         ${server.app.clientAppId}`);
  if (apiKey !== undefined) lines.push(`    API key        ${apiKey}`);
  if (administrator !== undefined)
    lines.push(`    Administrator  ${administrator.email}  ${administrator.password}`);
  const link = consoleLink(server.url, created);
  if (link !== undefined)
    lines.push("", "  The console, signed in (once, within an hour):", "", `    ${link}`);
  if (curl !== undefined) lines.push("", "  Try it:", "", curl);
  return `${lines.join("\n")}\n\n`;
}

/** Behind `#`, so that no proxy's log has the token. */
function consoleLink(url: string, { administrator }: Created): string | undefined {
  if (administrator === undefined) return undefined;
  return `${url}/console/#/sign-in?token=${administrator.consoleToken}`;
}

/** What escapes everybody is said, in the log's own form. A promise that nobody awaited costs no other request. */
function catchBugs(log: Log): void {
  const say = (cause: unknown): void => {
    log.write("error", "bug", {
      message: bugText(cause),
    });
  };
  process.on("unhandledRejection", say);
  process.on("uncaughtException", (cause) => {
    say(cause);
    log.flush();
    process.exit(1);
  });
  // Whoever read the log is gone: not a reason to stop serving.
  process.stdout.on("error", () => {});
}

function watchCertificate(settings: Settings, server: RunningServer, log: Log): () => void {
  const { tlsCert, tlsKey } = settings;
  if (tlsCert === undefined || tlsKey === undefined) return () => {};
  const reload = (): void => {
    try {
      server.reloadCertificate();
      log.write("info", "certificate reloaded");
    } catch (cause) {
      // Half-written files are usual while they are replaced; the next change comes.
      log.write("error", "certificate not reloaded", { message: String(cause) });
    }
  };
  for (const file of [tlsCert, tlsKey])
    watchFile(file, { interval: certificateLookMs, persistent: false }, reload);
  process.on("SIGHUP", reload);
  return () => {
    for (const file of [tlsCert, tlsKey]) unwatchFile(file, reload);
    process.off("SIGHUP", reload);
  };
}

async function untilSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const)
      process.once(signal, () => {
        resolve(signal);
      });
  });
}
