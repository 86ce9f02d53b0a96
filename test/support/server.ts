import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { readSettings } from "../../src/config/settings.ts";
import type { EventFields, Log } from "../../src/logs/log.ts";
import { openServer } from "../../src/server.ts";

/** A server in this process, on a free port and a data directory of its own. */
export interface TestServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** Where the actions are, without a slash at the end. */
  readonly actions: string;
  readonly appId: string;
  readonly apiKey: string;
  /** A database that no other server of a test uses. */
  readonly database: string;
  readonly data: string;
  readonly adminToken: string;
  /** Logs in once, where an administrator was made at this start. */
  readonly consoleToken: string | undefined;
  /** What it logged, oldest first. */
  readonly events: readonly LoggedEvent[];
  close(): Promise<void>;
}

export interface LoggedEvent {
  readonly level: string;
  readonly event: string;
  readonly fields: EventFields;
}

/**
 * @param flags settings that differ from the default, by their names in `petiole.json`
 * @param variables of the environment: the master key, secrets
 */
export async function startServer(
  flags: Readonly<Record<string, unknown>> = {},
  apiKey: string = randomBytes(32).toString("hex"),
  variables: Readonly<Record<string, string>> = {},
): Promise<TestServer> {
  const data = await mkdtemp(path.join(tmpdir(), "petiole-test-"));
  const events: LoggedEvent[] = [];
  const log: Log = {
    write: (level, event, fields = {}) => events.push({ level, event, fields }),
    flush: () => {},
  };
  const given = { port: 0, data, appId: "data-tests", ...flags };
  const settings = readSettings({ flags: new Map(Object.entries(given)), variables: {} });
  const givenToken = settings.state === undefined ? undefined : randomBytes(32).toString("hex");
  const server = await openServer({ settings, apiKey, adminToken: givenToken, variables, log });
  const appId = server.app.clientAppId;
  return {
    url: server.url,
    actions: `${server.url}/app/${appId}/endpoint/data/v1/action`,
    appId,
    apiKey,
    database: `tests_${randomBytes(6).toString("hex")}`,
    data,
    adminToken: givenToken ?? readFileSync(path.join(data, "admin-token"), "utf8").trim(),
    consoleToken: server.created.administrator?.consoleToken,
    events,
    close: async () => {
      await server.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}
