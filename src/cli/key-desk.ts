/**
 * The server API keys as the commands see them: over the admin API while a server runs on the data directory, else
 * straight in the store.
 */
import type { ApiKeys, NewApiKey } from "../auth/api-keys.ts";
import { defaultLimits } from "../kit/limits.ts";
import { Fault } from "../kit/fault.ts";
import { ensureApp, openState, type StatePlace } from "../state.ts";
import { type AdminClient, type Place, serverOf } from "./admin-client.ts";

export interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly disabled: boolean;
  readonly role: string;
}

export interface KeyDesk {
  list(): Promise<readonly KeyRow[]>;
  /** @returns the key's text */
  create(wanted: NewApiKey): Promise<string>;
  change(verb: "enable" | "disable" | "delete", id: string): Promise<void>;
  close(): Promise<void>;
}

/** @param clientAppId the first app when undefined; made where there is none yet */
export async function openKeyDesk(place: Place, clientAppId: string | undefined): Promise<KeyDesk> {
  // A state on MongoDB is nobody's own: servers that run on it hear of the change.
  const server = await serverOf(place);
  return server === undefined
    ? openLocalDesk(place, clientAppId)
    : openRemoteDesk(server, clientAppId);
}

async function openLocalDesk(place: StatePlace, clientAppId: string | undefined): Promise<KeyDesk> {
  const state = await openState(place, {
    keysMax: defaultLimits.serverKeysMax,
    follows: false,
    onFailure: () => {},
  });
  try {
    const appId = await findApp();
    return { ...deskOf(state.keys, appId), close: async () => state.close() };
  } catch (cause) {
    await state.close();
    throw cause;
  }

  async function findApp(): Promise<string> {
    if (clientAppId !== undefined) {
      const found = state.apps.find(clientAppId);
      if (found === undefined) throw noApp(clientAppId);
      return found.id;
    }
    const first = state.apps.list()[0];
    // Before the first start there is no app: its first key is the one that is made now.
    return (first ?? (await ensureApp(state, undefined, undefined, { withKey: false })).app).id;
  }
}

function deskOf(keys: ApiKeys, appId: string): Omit<KeyDesk, "close"> {
  return {
    list: async () => keys.list(appId),
    create: async (wanted) => (await keys.create(appId, wanted)).key,
    async change(verb, id) {
      if (verb === "delete") await keys.delete(appId, id);
      else await keys.setDisabled(appId, id, verb === "disable");
    },
  };
}

async function openRemoteDesk(
  server: AdminClient,
  clientAppId: string | undefined,
): Promise<KeyDesk> {
  const apps = (await server.call("GET", `/groups/${server.groupId}/apps`)) as readonly {
    readonly _id: string;
    readonly client_app_id: string;
  }[];
  const app =
    clientAppId === undefined ? apps[0] : apps.find((each) => each.client_app_id === clientAppId);
  if (app === undefined) throw noApp(clientAppId ?? "");
  const base = `/groups/${server.groupId}/apps/${app._id}/api_keys`;
  return {
    async list() {
      const rows = (await server.call("GET", base)) as readonly (Omit<KeyRow, "id"> & {
        readonly _id: string;
      })[];
      return rows.map(({ _id, name, disabled, role }) => ({ id: _id, name, disabled, role }));
    },
    async create({ name, role, key, userId }) {
      const body = { name, role, key, user_id: userId };
      const made = (await server.call("POST", base, body)) as { readonly key: string };
      return made.key;
    },
    async change(verb, id) {
      if (verb === "delete") await server.call("DELETE", `${base}/${id}`);
      else await server.call("PUT", `${base}/${id}/${verb}`);
    },
    close: async () => {},
  };
}

function noApp(clientAppId: string): Fault {
  return new Fault("AppNotFound", `there is no app with App ID '${clientAppId}'`);
}
