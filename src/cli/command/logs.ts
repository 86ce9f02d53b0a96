/** `petiole logs`: the request log of an app. */
import { setTimeout as wait } from "node:timers/promises";
import { Fault } from "../../kit/fault.ts";
import { type AdminClient, serverOf } from "../admin-client.ts";
import type { AppPlace } from "../app-desk.ts";
import { say } from "../counter.ts";

export interface LogFlags extends AppPlace {
  readonly errors?: boolean;
  readonly type?: string;
  readonly user?: string;
  readonly coId?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit?: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

interface Entry {
  readonly _id: string;
  readonly type: string;
  readonly started: string;
  readonly completed: string;
  readonly status: number;
  readonly duration_ms: number;
  readonly request_method?: string;
  readonly endpoint_route?: string;
  readonly request_url?: string;
  readonly function_name?: string;
  readonly error?: string;
  readonly error_code?: string;
  readonly messages?: readonly string[];
}

interface Page {
  readonly logs: readonly Entry[];
  readonly nextEndDate?: string;
  readonly nextSkip?: number;
}

const pageMax = 100;
const lookMs = 1000;

export async function showLogs(flags: LogFlags): Promise<void> {
  const server = await serverOf(flags);
  if (server === undefined)
    throw new Fault(
      "ServiceUnavailable",
      "the request log is read by a server: start one with petiole serve",
    );
  const path = await pathOf(server, flags.app);
  const limit = readLimit(flags.limit);
  const entries = await readEntries(server, path, queryOf(flags), limit);
  for (const entry of entries.toReversed()) print(entry, flags);
  if (flags.follow === true) await follow(server, path, flags, entries);
}

/** Until the process is told to end. */
async function follow(
  server: AdminClient,
  path: string,
  flags: LogFlags,
  shown: readonly Entry[],
): Promise<void> {
  let seen = new Set(shown.map(({ _id }) => _id));
  let since = shown[0]?.completed ?? new Date().toISOString();
  for (;;) {
    await wait(lookMs);
    // A millisecond back: it may have had more entries than were there at the last look.
    const start = new Date(Date.parse(since) - 1).toISOString();
    const query = { ...queryOf({ ...flags, since: start }), end_date: undefined };
    const found = await readEntries(server, path, query, Infinity);
    for (const entry of found.toReversed()) if (!seen.has(entry._id)) print(entry, flags);
    seen = new Set(found.map(({ _id }) => _id));
    since = found[0]?.completed ?? since;
  }
}

/** The newest first. */
async function readEntries(
  server: AdminClient,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  limit: number,
): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  let next: Readonly<Record<string, string | undefined>> = query;
  while (found.length < limit) {
    const wanted = { ...next, limit: String(Math.min(pageMax, limit - found.length)) };
    const given = Object.entries(wanted).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    );
    const page = (await server.call(
      "GET",
      `${path}?${new URLSearchParams(given).toString()}`,
    )) as Page;
    found.push(...page.logs);
    if (page.nextEndDate === undefined) break;
    next = { ...query, end_date: page.nextEndDate, skip: String(page.nextSkip ?? 0) };
  }
  return found;
}

function queryOf(flags: LogFlags): Readonly<Record<string, string | undefined>> {
  return {
    errors_only: flags.errors === true ? "true" : undefined,
    type: flags.type?.toUpperCase(),
    user_id: flags.user,
    co_id: flags.coId,
    start_date: flags.since,
    end_date: flags.until,
  };
}

function readLimit(given: string | undefined): number {
  const limit = given === undefined ? 20 : Number(given);
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new Fault("InvalidParameter", "--limit must be a whole number from 1 on");
}

async function pathOf(server: AdminClient, wanted: string | undefined): Promise<string> {
  const groups = `/groups/${server.groupId}/apps`;
  const apps = (await server.call("GET", groups)) as readonly {
    readonly _id: string;
    readonly client_app_id: string;
  }[];
  const found = wanted === undefined ? apps[0] : apps.find((each) => each.client_app_id === wanted);
  if (found === undefined)
    throw new Fault("AppNotFound", `there is no app with App ID '${wanted ?? ""}'`);
  return `${groups}/${found._id}/logs`;
}

function print(entry: Entry, { json }: LogFlags): void {
  if (json === true) {
    say(JSON.stringify(entry));
    return;
  }
  const what = entry.endpoint_route ?? entry.function_name ?? entry.request_url ?? "";
  const outcome =
    entry.error === undefined ? "" : `  ${entry.error_code ?? ""}: ${oneLine(entry.error)}`;
  say(
    `${entry.started}  ${entry.type}  ${entry.request_method ?? "-"} ${what}  ${entry.status}  ` +
      `${Math.round(entry.duration_ms)} ms  ${entry._id}${outcome}`,
  );
  for (const message of entry.messages ?? []) say(`    ${oneLine(message)}`);
}

/** A client's text must not forge lines or move the cursor of a terminal. */
function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (char) => JSON.stringify(char).slice(1, -1));
}
