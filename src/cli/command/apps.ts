/** `petiole apps …` */
import { Fault } from "../../kit/fault.ts";
import type { AdminClient, Place } from "../admin-client.ts";
import { type AppPlace, eitherWay } from "../app-desk.ts";
import { atDesk, say } from "../counter.ts";

export async function describeApp(flags: AppPlace): Promise<void> {
  await atDesk(flags, async (desk) => {
    say(JSON.stringify(await desk.describe(), null, 2));
  });
}

export async function listApps(flags: Place): Promise<void> {
  await eitherWay(flags, {
    async remote(server) {
      for (const app of await remoteApps(server)) say(`${app.client_app_id}  ${app.name}`);
    },
    async local({ apps }) {
      for (const { clientAppId, name } of apps.list()) say(`${clientAppId}  ${name}`);
    },
  });
}

/** What holds, a line each; a star tells what is the app's own. */
export async function showLimits(flags: AppPlace): Promise<void> {
  await atDesk(flags, async (desk) => {
    const { effective, own } = await desk.limits();
    for (const [name, value] of Object.entries(effective))
      say(`${name in own ? "*" : " "} ${name.padEnd(18)} ${value}`);
  });
}

/** @param wanted `NAME=NUMBER`, or `NAME=default` for what the server has */
export async function setLimits(wanted: readonly string[], flags: AppPlace): Promise<void> {
  const changes = new Map<string, number | null>();
  for (const each of wanted) {
    const [, name, value] = /^(\w+)=(\d+|default)$/.exec(each) ?? [];
    if (name === undefined || value === undefined)
      throw new Fault("InvalidParameter", `'${each}' must be NAME=NUMBER or NAME=default`);
    changes.set(name, value === "default" ? null : Number(value));
  }
  await atDesk(flags, async (desk) => desk.setLimits(Object.fromEntries(changes)));
  await showLimits(flags);
}

/** Prints the App ID alone, so that it can be captured. */
export async function createApp(
  name: string,
  flags: Place & { readonly appId?: string },
): Promise<void> {
  const wanted = flags.appId === undefined ? {} : { clientAppId: flags.appId };
  await eitherWay(flags, {
    async remote(server) {
      const body = { name, client_app_id: flags.appId };
      const app = (await server.call("POST", `/groups/${server.groupId}/apps`, body)) as AppRow;
      say(app.client_app_id);
    },
    async local({ apps }) {
      say((await apps.create({ name, ...wanted })).clientAppId);
    },
  });
}

export async function deleteApp(
  clientAppId: string,
  flags: Place & { readonly yes?: boolean },
): Promise<void> {
  if (flags.yes !== true)
    throw new Fault(
      "InvalidParameter",
      `this takes ${clientAppId}, its keys, secrets and history away: agree with --yes`,
    );
  const missing = new Fault("AppNotFound", `there is no app with App ID '${clientAppId}'`);
  await eitherWay(flags, {
    async remote(server) {
      const app = (await remoteApps(server)).find((each) => each.client_app_id === clientAppId);
      if (app === undefined) throw missing;
      await server.call("DELETE", `/groups/${server.groupId}/apps/${app._id}`);
    },
    async local({ apps, keys, accounts, secrets, deployments }) {
      const app = apps.find(clientAppId);
      if (app === undefined) throw missing;
      await apps.delete(app.id);
      await keys.deleteAll(app.id);
      await accounts.deleteAll(app.id);
      await secrets.deleteAll(app.id);
      await (await deployments()).deleteAll(app.id);
    },
  });
  say(`deleted ${clientAppId}; its documents stay`);
}

interface AppRow {
  readonly _id: string;
  readonly client_app_id: string;
  readonly name: string;
}

async function remoteApps(server: AdminClient): Promise<readonly AppRow[]> {
  return (await server.call("GET", `/groups/${server.groupId}/apps`)) as readonly AppRow[];
}
