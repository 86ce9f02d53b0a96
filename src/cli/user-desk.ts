/**
 * An app's users as the commands see them: over the admin API while a server runs on the data directory, else straight
 * in the state.
 */
import type { GivenClaim } from "../auth/claims.ts";
import type { ImportedUser, ImportReport } from "../auth/user-import.ts";
import type { UserRecord } from "../auth/user-record.ts";
import { toText } from "../bson/stringify.ts";
import { Fault } from "../kit/fault.ts";
import type { State } from "../state.ts";
import { type AdminClient, serverOf } from "./admin-client.ts";
import { type AppPlace, openLocalState } from "./app-desk.ts";

/** As the admin API shows it. */
export interface UserRow {
  readonly _id: string;
  readonly identities: readonly { readonly provider_type: string }[];
  readonly disabled: boolean;
  readonly data: Readonly<Record<string, unknown>>;
  /** Seconds since 1970; 0: never. */
  readonly last_authentication_date: number;
}

export interface UserQueryFlags {
  /** An id, or the beginning of an e-mail address or name. */
  readonly search?: string;
  readonly provider?: string;
  readonly disabled?: boolean;
}

export type UserVerb = "enable" | "disable" | "revoke" | "delete";

export interface UserDesk {
  /** In the order of their ids, page by page. */
  list(query: UserQueryFlags): AsyncIterable<readonly UserRow[]>;
  /** @returns the id */
  create(email: string, password: string): Promise<string>;
  change(verb: UserVerb, id: string): Promise<void>;
  setPassword(id: string, password: string): Promise<void>;
  importUsers(users: readonly ImportedUser[]): Promise<ImportReport>;
  addClaims(claims: readonly GivenClaim[]): Promise<number>;
  rotateSigningSecret(options: { readonly forgetsOld: boolean }): Promise<void>;
  close(): Promise<void>;
}

const pageMax = 500;

export async function openUserDesk(place: AppPlace): Promise<UserDesk> {
  const server = await serverOf(place);
  return server === undefined ? openLocal(place) : openRemote(server, place.app);
}

async function openLocal(place: AppPlace): Promise<UserDesk> {
  const state = await openLocalState(place);
  try {
    const app = place.app === undefined ? state.apps.list()[0] : state.apps.find(place.app);
    if (app === undefined) throw noApp(place.app);
    return { ...localDesk(state, app.id), close: async () => state.close() };
  } catch (cause) {
    await state.close();
    throw cause;
  }
}

function localDesk({ accounts }: State, appId: string): Omit<UserDesk, "close"> {
  const { users, changes, claims, signing } = accounts;
  return {
    async *list({ search, provider, disabled }) {
      const query = {
        limit: pageMax,
        ...(search === undefined ? {} : { text: search }),
        ...(provider === undefined ? {} : { providerTypes: [provider] }),
        ...(disabled === undefined ? {} : { disabled }),
      };
      let page = await users.list(appId, query);
      while (page.length > 0) {
        yield page.map(toRow);
        const after = page.at(-1)?.id ?? "";
        page = page.length < pageMax ? [] : await users.list(appId, { ...query, after });
      }
    },
    create: async (email, password) => (await changes.create(appId, { email, password })).id,
    async change(verb, id) {
      if (verb === "delete") await accounts.deleteUser(appId, id);
      else if (verb === "revoke") await accounts.revoke(appId, id);
      else await accounts.setDisabled(appId, id, verb === "disable");
    },
    setPassword: async (id, password) => changes.setPassword(appId, id, password),
    importUsers: async (given) => accounts.importUsers(appId, given),
    addClaims: async (given) => claims.add(appId, given),
    rotateSigningSecret: async (options) => signing.rotate(appId, options),
  };
}

function toRow(user: UserRecord): UserRow {
  return {
    _id: user.id,
    identities: user.identities.map((each) => ({ provider_type: each.providerType })),
    disabled: user.disabled,
    data: JSON.parse(toText(user.data, "relaxed")) as UserRow["data"],
    last_authentication_date: Math.floor((user.lastLoginAt ?? 0) / 1000),
  };
}

async function openRemote(server: AdminClient, wanted: string | undefined): Promise<UserDesk> {
  const apps = (await server.call("GET", `/groups/${server.groupId}/apps`)) as readonly {
    readonly _id: string;
    readonly client_app_id: string;
  }[];
  const app = wanted === undefined ? apps[0] : apps.find((each) => each.client_app_id === wanted);
  if (app === undefined) throw noApp(wanted);
  const base = `/groups/${server.groupId}/apps/${app._id}`;
  const pathOf = (id: string): string => `${base}/users/${encodeURIComponent(id)}`;
  return {
    async *list({ search, provider, disabled }) {
      const query = new URLSearchParams({
        limit: String(pageMax),
        ...(search === undefined ? {} : { q: search }),
        ...(provider === undefined ? {} : { provider_types: provider }),
        ...(disabled === undefined ? {} : { status: disabled ? "disabled" : "enabled" }),
      });
      let isLast = false;
      while (!isLast) {
        const page = (await server.call(
          "GET",
          `${base}/users?${query.toString()}`,
        )) as readonly UserRow[];
        if (page.length > 0) yield page;
        query.set("after", page.at(-1)?._id ?? "");
        isLast = page.length < pageMax;
      }
    },
    async create(email, password) {
      const made = await server.call("POST", `${base}/users`, { email, password });
      return (made as { readonly _id: string })._id;
    },
    async change(verb, id) {
      if (verb === "delete") await server.call("DELETE", pathOf(id));
      else await server.call("PUT", `${pathOf(id)}/${verb === "revoke" ? "logout" : verb}`);
    },
    async setPassword(id, password) {
      await server.call("PUT", `${pathOf(id)}/password`, { password });
    },
    importUsers: async (users) =>
      (await server.call("POST", `${base}/users/import`, { users })) as ImportReport,
    async addClaims(claims) {
      const { count } = (await server.call("POST", `${base}/users/claims`, { claims })) as {
        readonly count: number;
      };
      return count;
    },
    async rotateSigningSecret({ forgetsOld }) {
      const body = { forget_old: forgetsOld };
      await server.call("POST", `${base}/security/rotate_signing_secret`, body);
    },
    close: async () => {},
  };
}

function noApp(clientAppId: string | undefined): Fault {
  return clientAppId === undefined
    ? new Fault("AppNotFound", "there is no app yet: petiole apps create NAME")
    : new Fault("AppNotFound", `there is no app with App ID '${clientAppId}'`);
}
