/** Opens the logs of a server: what they need of its state and settings, and which secrets they must never show. */
import type { Settings } from "./config/settings.ts";
import { type Forwarders, type ForwardersEnvironment, openForwarders } from "./logs/forwarders.ts";
import type { Log } from "./logs/log.ts";
import { type Logs, openLogs } from "./logs/logs.ts";
import type { State } from "./state.ts";

export interface ServerLogsOptions {
  readonly settings: Settings;
  readonly apiKey: string | undefined;
  readonly adminToken: string;
  readonly variables?: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
}

export function openServerLogs(state: State, options: ServerLogsOptions): Logs {
  const { settings, log } = options;
  return openLogs({
    state: state.store,
    log,
    now: Date.now,
    newId: state.newId,
    keptDays: settings.logDays,
    bytesMax: settings.logMegabytesMax * 2 ** 20,
    ownSecrets: listOwnSecrets(options),
    async secretsOf(appId) {
      const rows = await state.secrets.list(appId);
      const values = await Promise.all(
        rows.map(async ({ name }) => state.secrets.open(appId, name)),
      );
      return values.filter((each) => each !== undefined);
    },
  });
}

/** Of variables, those that hold secrets by their names; of connection strings, the whole and the password. */
function listOwnSecrets(options: ServerLogsOptions): readonly string[] {
  const { settings, apiKey, adminToken, variables = {} } = options;
  const held = Object.entries(variables)
    .filter(([name]) => /^PETIOLE_(?:SECRET_|MASTER_KEY|API_KEY|ADMIN_TOKEN)/.test(name))
    .map(([, value]) => value);
  const uris = [...settings.sources.values(), settings.state];
  return [adminToken, apiKey, ...held, ...uris, ...uris.map(passwordOf)].filter(
    (each) => each !== undefined,
  );
}

function passwordOf(uri: string | undefined): string | undefined {
  const password = /^[^:]+:\/\/[^:@/]*:([^@/]*)@/.exec(uri ?? "")?.[1];
  if (password === undefined) return undefined;
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}

/** Has every segment that this node keeps forwarded. */
export function openServerForwarders(
  state: State,
  logs: Logs,
  parts: Pick<ForwardersEnvironment, "configs" | "access" | "functions">,
): Forwarders {
  const { configs, access, functions } = parts;
  const forwarders = openForwarders({
    apps: state.apps,
    configs,
    access,
    functions,
    groupId: state.groupId,
    now: Date.now,
    newId: state.newId,
    record: (entry) => {
      logs.recorder.work(entry);
    },
  });
  logs.onSegment((segment) => {
    forwarders.take(segment);
  });
  return forwarders;
}
