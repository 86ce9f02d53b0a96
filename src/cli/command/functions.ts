/** `petiole functions …` */
import { Fault } from "../../kit/fault.ts";
import { type AdminClient, serverOf } from "../admin-client.ts";
import type { AppPlace } from "../app-desk.ts";
import { say } from "../counter.ts";

export interface RunFlags extends AppPlace {
  /** As whom; the system when `system` says so. */
  readonly user?: string;
  readonly system?: boolean;
}

interface Ran {
  readonly result?: unknown;
  readonly logs?: readonly string[];
  readonly stats?: { readonly execution_time: string };
}

/**
 * Runs a function of the live app on the server. What it returns goes to standard output, as EJSON; what it wrote to the
 * console, and how long it took, to standard error.
 *
 * @param args each JSON, or a text
 */
export async function runFunction(
  name: string,
  args: readonly string[],
  flags: RunFlags,
): Promise<void> {
  if ((flags.user === undefined) === (flags.system !== true))
    throw new Fault("InvalidParameter", "say as whom: --user ID or --system");
  const { server, base } = await findApp(flags);
  const query =
    flags.user === undefined ? "run_as_system=true" : `user_id=${encodeURIComponent(flags.user)}`;
  const body = { name, arguments: args.map(toArgument) };
  try {
    const path = `${base}/debug/execute_function?${query}`;
    const ran = (await server.call("POST", path, body)) as Ran;
    tell(ran);
    say(JSON.stringify(ran.result));
  } catch (error) {
    if (error instanceof Error) tell(readRefusal(error.cause));
    throw error;
  }
}

export async function listFunctions(flags: AppPlace): Promise<void> {
  const { server, base } = await findApp(flags);
  const rows = (await server.call("GET", `${base}/functions`)) as readonly {
    readonly name: string;
  }[];
  for (const { name } of rows) say(name);
}

async function findApp(
  flags: AppPlace,
): Promise<{ readonly server: AdminClient; readonly base: string }> {
  const server = await serverOf(flags);
  if (server === undefined)
    throw new Fault(
      "ServiceUnavailable",
      "functions run on a server: start one with petiole serve",
    );
  const groups = `/groups/${server.groupId}/apps`;
  const apps = (await server.call("GET", groups)) as readonly {
    readonly _id: string;
    readonly client_app_id: string;
  }[];
  const { app: wanted } = flags;
  const found = wanted === undefined ? apps[0] : apps.find((each) => each.client_app_id === wanted);
  if (found === undefined)
    throw new Fault("AppNotFound", `there is no app with App ID '${wanted ?? ""}'`);
  return { server, base: `${groups}/${found._id}` };
}

/** What is no JSON is a text, so that words need no quotes. */
function toArgument(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The body of an answer that was no success. */
function readRefusal(text: unknown): Ran {
  try {
    const body: unknown = JSON.parse(typeof text === "string" ? text : "");
    return typeof body === "object" && body !== null ? body : {};
  } catch {
    return {};
  }
}

function tell({ logs = [], stats }: Ran): void {
  for (const line of logs) process.stderr.write(`${line}\n`);
  if (stats !== undefined) process.stderr.write(`took ${stats.execution_time}\n`);
}
