/**
 * An app as the commands see it: over the admin API while a server runs on the data directory, else straight in the
 * state.
 */
import { packFiles, unpackFiles } from "../config/app-package.ts";
import { formatProblem } from "../config/app-problem.ts";
import type { FileChange } from "../config/app-diff.ts";
import type { App } from "../config/app.ts";
import { Fault } from "../kit/fault.ts";
import { defaultLimits } from "../kit/limits.ts";
import { openState, type State, type StatePlace } from "../state.ts";
import { type AdminClient, type Place, serverOf } from "./admin-client.ts";

type Files = ReadonlyMap<string, Uint8Array>;

export interface PlanRow {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  readonly unserved: readonly string[];
  readonly changes: readonly FileChange[];
}

export interface DeploymentRow {
  readonly id: string;
  readonly createdAt: Date;
  readonly author: string;
  readonly message: string;
  readonly isLive: boolean;
}

export interface LimitRows {
  readonly effective: Readonly<Record<string, number>>;
  readonly own: Readonly<Record<string, number>>;
}

export interface AppDesk {
  readonly clientAppId: string;
  plan(files: Files): Promise<PlanRow>;
  /** @returns the deployment's id @throws {Fault} with all problems, a line each */
  push(files: Files, message: string): Promise<string>;
  pull(): Promise<Files>;
  deployments(): Promise<readonly DeploymentRow[]>;
  rollback(id: string): Promise<void>;
  describe(): Promise<Readonly<Record<string, unknown>>>;
  secretNames(): Promise<readonly string[]>;
  setSecret(name: string, value: string): Promise<void>;
  deleteSecret(name: string): Promise<void>;
  /** What holds for the app, and what of it is its own. */
  limits(): Promise<LimitRows>;
  /** @param changes null takes an own limit away @throws {Fault} `InvalidParameter` */
  setLimits(changes: Readonly<Record<string, number | null>>): Promise<void>;
  close(): Promise<void>;
}

export type AppPlace = Place & {
  /** App ID; the first app when absent. */
  readonly app?: string | undefined;
};

/** @throws {Fault} `AppNotFound` */
export async function openAppDesk(place: AppPlace): Promise<AppDesk> {
  const server = await serverOf(place);
  return server === undefined ? openLocal(place) : openRemote(server, place.app);
}

/** Opens the state where no server holds it. The caller closes it. */
export async function openLocalState(place: StatePlace): Promise<State> {
  return openState(place, {
    keysMax: defaultLimits.serverKeysMax,
    follows: false,
    masterKey: process.env["PETIOLE_MASTER_KEY"],
    variables: process.env,
    onFailure: () => {},
  });
}

/** Asks the server that runs on the data directory, else works on the state itself. */
export async function eitherWay(
  place: Place,
  ways: {
    readonly remote: (server: AdminClient) => Promise<void>;
    readonly local: (state: State) => Promise<void>;
  },
): Promise<void> {
  const server = await serverOf(place);
  if (server !== undefined) {
    await ways.remote(server);
    return;
  }
  const state = await openLocalState(place);
  try {
    await ways.local(state);
  } finally {
    await state.close();
  }
}

async function openLocal(place: AppPlace): Promise<AppDesk> {
  const state = await openLocalState(place);
  try {
    const app = findApp(state.apps.list(), place.app, ({ clientAppId }) => clientAppId);
    return { ...(await localDesk(state, app)), close: async () => state.close() };
  } catch (cause) {
    await state.close();
    throw cause;
  }
}

async function localDesk(state: State, app: App): Promise<Omit<AppDesk, "close">> {
  const { apps, secrets } = state;
  const deployments = await state.deployments();
  const { id, clientAppId } = app;
  return {
    clientAppId,
    async plan(files) {
      const { problems, warnings, unserved, changes } = await deployments.plan(id, files);
      return {
        problems: problems.map(formatProblem),
        warnings: warnings.map(formatProblem),
        unserved,
        changes,
      };
    },
    push: async (files, message) =>
      (await deployments.push(id, files, { author: "local", message })).id,
    pull: async () => deployments.files(id),
    async deployments() {
      const live = apps.must(id).deployment;
      return (await deployments.list(id)).map((each) => ({
        id: each.id,
        createdAt: new Date(each.createdAt),
        author: each.author,
        message: each.message,
        isLive: each.id === live,
      }));
    },
    async rollback(deployment) {
      await deployments.rollback(id, deployment);
    },
    async describe() {
      const { describeApp } = await import("../admin-api/description.ts");
      const config = await deployments.config(id);
      return { ...describeApp(apps.must(id), config, "http://localhost:7700") };
    },
    secretNames: async () => (await secrets.list(id)).map(({ name }) => name),
    setSecret: async (name, value) => secrets.set(id, name, value),
    deleteSecret: async (name) => secrets.delete(id, name),
    async limits() {
      const { describeLimits } = await import("../admin-api/limits.ts");
      // What the server's settings will be, nobody knows.
      return describeLimits(apps.must(id), defaultLimits);
    },
    async setLimits(changes) {
      await apps.setLimits(id, changes);
    },
  };
}

interface AppRow {
  readonly _id: string;
  readonly client_app_id: string;
}

interface SecretRow {
  readonly _id: string;
  readonly name: string;
}

async function openRemote(server: AdminClient, wanted: string | undefined): Promise<AppDesk> {
  const apps = (await server.call("GET", `/groups/${server.groupId}/apps`)) as readonly AppRow[];
  const app = findApp(apps, wanted, (each) => each.client_app_id);
  const base = `/groups/${server.groupId}/apps/${app._id}`;
  const listSecrets = async (): Promise<readonly SecretRow[]> =>
    (await server.call("GET", `${base}/secrets`)) as readonly SecretRow[];
  return {
    clientAppId: app.client_app_id,
    plan: async (files) =>
      parse(
        await server.send("POST", `${base}/deployments?dry_run=true`, await packFiles(files)),
      ) as PlanRow,
    async push(files, message) {
      const path = `${base}/deployments?message=${encodeURIComponent(message)}`;
      const made = parse(await server.send("POST", path, await packFiles(files)));
      return (made as { readonly _id: string })._id;
    },
    pull: async () => unpackFiles(await server.send("GET", `${base}/deployments/live/files`)),
    async deployments() {
      const rows = (await server.call("GET", `${base}/deployments`)) as readonly {
        readonly _id: string;
        readonly created_at: string;
        readonly author: string;
        readonly message: string;
        readonly live: boolean;
      }[];
      return rows.map(({ _id, created_at: createdAt, author, message, live }) => ({
        id: _id,
        createdAt: new Date(createdAt),
        author,
        message,
        isLive: live,
      }));
    },
    async rollback(id) {
      await server.call("POST", `${base}/deployments/${encodeURIComponent(id)}/redeploy`);
    },
    describe: async () =>
      (await server.call("GET", `${base}/description`)) as Readonly<Record<string, unknown>>,
    secretNames: async () => (await listSecrets()).map(({ name }) => name),
    async setSecret(name, value) {
      const former = (await listSecrets()).find((each) => each.name === name);
      if (former === undefined) await server.call("POST", `${base}/secrets`, { name, value });
      else await server.call("PUT", `${base}/secrets/${former._id}`, { name, value });
    },
    async deleteSecret(name) {
      await server.call("DELETE", `${base}/secrets/${encodeURIComponent(name)}`);
    },
    limits: async () => (await server.call("GET", `${base}/limits`)) as LimitRows,
    async setLimits(changes) {
      await server.call("PATCH", `${base}/limits`, changes);
    },
    close: async () => {},
  };
}

function parse(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString("utf8"));
}

function findApp<T>(apps: readonly T[], wanted: string | undefined, idOf: (app: T) => string): T {
  const found = wanted === undefined ? apps[0] : apps.find((each) => idOf(each) === wanted);
  if (found !== undefined) return found;
  throw wanted === undefined
    ? new Fault("AppNotFound", "there is no app yet: petiole apps create NAME")
    : new Fault("AppNotFound", `there is no app with App ID '${wanted}'`);
}
