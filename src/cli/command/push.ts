/** `petiole push` and `petiole diff`. */
import { Fault } from "../../kit/fault.ts";
import { serverOf } from "../admin-client.ts";
import { type AppPlace, openLocalState, type PlanRow } from "../app-desk.ts";
import { atDesk, isSure, loadFiles, mustBeWell, say } from "../counter.ts";

type Files = ReadonlyMap<string, Uint8Array>;

export interface PushFlags extends AppPlace {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly message?: string;
}

/** Shows what changes, asks, and makes it live. */
export async function push(directory: string, flags: PushFlags): Promise<void> {
  const files = await loadFiles(directory);
  const wanted = flags.app ?? (await idInDirectory(flags, files));
  await atDesk({ ...flags, app: wanted }, async (desk) => {
    const plan = await desk.plan(files);
    show(plan);
    mustBeWell(directory, plan.problems);
    if (plan.changes.length === 0) say(`${desk.clientAppId} is the same already; nothing to do`);
    else if (flags.dryRun === true) say("a dry run: nothing is changed");
    else if (await isSure(flags, `make this live in ${desk.clientAppId}?`)) {
      const id = await desk.push(files, flags.message ?? "");
      say(`pushed to ${desk.clientAppId}: deployment ${id} is live`);
    } else say("nothing is changed");
  });
}

/** Shows what a push would change. */
export async function diff(directory: string, flags: AppPlace): Promise<void> {
  await push(directory, { ...flags, dryRun: true });
}

/** The app that the directory names, if there is one; else the first. */
async function idInDirectory(flags: AppPlace, files: Files): Promise<string | undefined> {
  const { readAppDirectory } = await import("../../config/app-directory.ts");
  const { appId } = readAppDirectory(files).app;
  if (appId === undefined) return undefined;
  const known = await listAppIds(flags);
  if (known.includes(appId) || known.length === 1) return known.includes(appId) ? appId : undefined;
  throw new Fault(
    "AppNotFound",
    `the directory is that of ${appId}, which is not here: name one with --app ID, or make it with petiole apps create`,
  );
}

async function listAppIds(flags: AppPlace): Promise<readonly string[]> {
  const server = await serverOf(flags);
  if (server !== undefined) {
    const apps = (await server.call("GET", `/groups/${server.groupId}/apps`)) as readonly {
      readonly client_app_id: string;
    }[];
    return apps.map(({ client_app_id: id }) => id);
  }
  const state = await openLocalState(flags);
  try {
    return state.apps.list().map(({ clientAppId }) => clientAppId);
  } finally {
    await state.close();
  }
}

function show({ problems, warnings, unserved, changes }: PlanRow): void {
  for (const { patch } of changes)
    process.stdout.write(patch.endsWith("\n") ? patch : `${patch}\n`);
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  if (problems.length === 0) for (const line of unserved) process.stderr.write(`note: ${line}\n`);
}
