/**
 * Petiole's own state as a whole: where it lies, what is in it, and what a first start puts there.
 *
 * To keep something more: a collection with its `prepare…` and `open…`, and their lines in `openParts`.
 *
 * @module
 */
import { randomBytes, randomInt } from "node:crypto";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { type Accounts, openAccounts, prepareAccounts } from "./auth/accounts.ts";
import {
  type AdminSessions,
  openAdminSessions,
  prepareAdminSessions,
} from "./auth/admin-sessions.ts";
import {
  type Administrators,
  digestRealm,
  openAdministrators,
  prepareAdministrators,
} from "./auth/administrators.ts";
import type { FirstAdministrator } from "./auth/first-administrator.ts";
import { type ApiKeys, openApiKeys, prepareApiKeys } from "./auth/api-keys.ts";
import { type Digest, openDigest } from "./auth/digest.ts";
import type { OauthPlace, OauthRedirects } from "./auth/oauth-redirects.ts";
import { Doc } from "./bson/doc.ts";
import { createObjectIdFactory } from "./bson/object-id.ts";
import type { ObjectId } from "./bson/value.ts";
import { type AppRegistry, openAppRegistry, prepareApps } from "./config/app-registry.ts";
import type { App } from "./config/app.ts";
import { prepareRecords } from "./config/deployment-records.ts";
import type { Dependencies } from "./config/dependencies.ts";
import { openPackages } from "./config/packages.ts";
import type { CheckParts, Deployments, StoreNames } from "./config/deployments.ts";
import { internalDatabase } from "./config/internal-database.ts";
import { type MasterKey, openMasterKey } from "./config/master-key.ts";
import { openSecrets, prepareSecrets, type Secrets } from "./config/secrets.ts";
import { createStateChanges, type StateChangesOptions } from "./config/state-changes.ts";
import { duplicateIndexOf, type StateStore } from "./config/state-store.ts";
import { Fault } from "./kit/fault.ts";
import { createLetters, createSecret } from "./kit/secret.ts";
import { prepareAuditLog } from "./logs/audit-log.ts";
import { prepareLogs } from "./logs/log-store.ts";
import { prepareUsage } from "./logs/usage.ts";
import { type EmbeddedSource, openEmbedded } from "./sources/embedded.ts";
import { openMongodb } from "./sources/mongodb.ts";

/** Where the state lies. */
export interface StatePlace {
  /** The data directory; not looked at where `state` is given. */
  readonly data: string;
  /** Connection string of a MongoDB. */
  readonly state?: string | undefined;
  /** Its database. */
  readonly stateDatabase?: string;
}

export interface StateOptions {
  readonly keysMax: number;
  /** Whether to hear of the changes of others; a command that ends soon need not. */
  readonly follows: boolean;
  readonly onFailure: (cause: unknown) => void;
  /** Which stores data sources may lead to; what is known without a server when absent. */
  readonly stores?: StoreNames;
  /** Deployments of one app that are kept. */
  readonly deploymentsMax?: number;
  /** What `PETIOLE_MASTER_KEY` holds. */
  readonly masterKey?: string | undefined;
  /** Of the process: npm is told which registry and proxy it has. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/** Open it to serve, or to change it while no server runs on the data directory. */
export interface State {
  readonly store: StateStore;
  /** Undefined where the state lies on MongoDB. */
  readonly embedded: EmbeddedSource | undefined;
  readonly apps: AppRegistry;
  readonly keys: ApiKeys;
  readonly secrets: Secrets;
  readonly accounts: Accounts;
  readonly administrators: Administrators;
  readonly sessions: AdminSessions;
  readonly digest: Digest;
  /** Loaded when the first client comes that may need it. */
  readonly openOauth: (place: OauthPlace) => Promise<OauthRedirects>;
  /** Loaded when first asked for: most starts need no directory. */
  readonly deployments: () => Promise<Deployments>;
  /** The same of the packages of functions. */
  readonly dependencies: () => Promise<Dependencies>;
  readonly groupId: string;
  readonly newId: () => ObjectId;
  close(): Promise<void>;
}

/**
 * Opens the state; a data directory is made where there is none.
 *
 * @throws {Fault} `ServiceUnavailable` when the MongoDB can not be reached
 * @throws {DirectoryInUse} when a running process holds the data directory
 */
export async function openState(place: StatePlace, options: StateOptions): Promise<State> {
  const { data, state = "", stateDatabase = internalDatabase } = place;
  const masterKey = openMasterKey({
    data: state === "" ? data : undefined,
    given: options.masterKey,
  });
  if (state === "") {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    const embedded = await openEmbedded(path.join(data, "state"));
    const store = createStore(embedded, internalDatabase, { onFailure: options.onFailure });
    return openParts(store, embedded, { ...options, masterKey, data });
  }
  const source = await openMongodb(state, {
    name: "state",
    // What one node has acknowledged, every node reads, whatever the connection string says of other uses.
    readPreference: { mode: "primary" },
    readConcern: "majority",
    writeConcern: { w: "majority" },
  });
  const store = createStore(source, stateDatabase, {
    onFailure: options.onFailure,
    counters: source.collection(stateDatabase, "changes"),
    ...(options.follows && { watch: async (listener) => source.watch(stateDatabase, listener) }),
  });
  return openParts(store, undefined, { ...options, masterKey, data: undefined });
}

function createStore(
  source: StateStore["source"],
  database: string,
  options: Partial<StateChangesOptions> & Pick<StateChangesOptions, "onFailure">,
): StateStore {
  return {
    source,
    database,
    collection: (name) => source.collection(database, name),
    changes: createStateChanges({ counters: undefined, ...options }),
  };
}

interface PartsOptions extends Omit<StateOptions, "masterKey"> {
  readonly masterKey: MasterKey;
  /** The data directory; undefined where nothing is to lie on local disk. */
  readonly data: string | undefined;
}

async function openParts(
  store: StateStore,
  embedded: EmbeddedSource | undefined,
  options: PartsOptions,
): Promise<State> {
  const close = async (): Promise<void> => {
    await store.changes.close();
    await store.source.close();
  };
  try {
    await Promise.all(
      [
        prepareApps,
        prepareApiKeys,
        prepareAdministrators,
        prepareAdminSessions,
        prepareSecrets,
        prepareAccounts,
        prepareRecords,
        prepareLogs,
        prepareUsage,
        prepareAuditLog,
      ].map(async (prepare) => prepare(store)),
    );
    const newId = createObjectIdFactory({ now: Date.now, random: (count) => randomBytes(count) });
    const environment = { state: store, now: Date.now, newId };
    const { keysMax } = options;
    const apps = openAppRegistry(environment);
    const keys = openApiKeys({ ...environment, keysMax, randomBelow: (bound) => randomInt(bound) });
    const { masterKey } = options;
    const accounts = openAccounts({ ...environment, masterKey, keys });
    const secrets = openSecrets({
      ...environment,
      masterKey,
      alsoReseal: async (ring) => accounts.signing.reseal(ring),
    });
    const hasEmbedded = embedded !== undefined;
    const packages = openPackages(store, options);
    const { dependencies } = packages;
    let opening: Promise<Deployments> | undefined;
    const deployments = async (): Promise<Deployments> => {
      opening ??= import("./config/deployments.ts").then(async ({ openDeployments }) =>
        openDeployments({
          ...environment,
          apps,
          secrets,
          dependencies: await dependencies(),
          checkParts,
          stores: options.stores ?? { sources: undefined, hasEmbedded, isStrict: false },
          keptMax: options.deploymentsMax ?? deploymentsMaxDefault,
        }),
      );
      return opening;
    };
    const administrators = openAdministrators(environment);
    const secret = await agreeOn(store, "admin_tokens", "secret", createSecret(64));
    const sessions = openAdminSessions({ ...environment, administrators, secret });
    const digest = openDigest({
      realm: digestRealm,
      secret,
      now: Date.now,
      digestOf: async (publicKey) => administrators.digestOf(publicKey),
    });
    const openOauth = async (place: OauthPlace): Promise<OauthRedirects> => {
      const { openOauthRedirects } = await import("./auth/oauth-redirects.ts");
      const sealing = { state: store, keys: () => masterKey.ring(), now: Date.now };
      return openOauthRedirects({ ...place, ...sealing });
    };
    const groupId = await ensureGroupId(store, newId);
    await store.changes.start();
    const parts = { apps, keys, secrets, accounts, administrators, sessions, digest, deployments };
    const closeAll = async (): Promise<void> => {
      await packages.close();
      await close();
    };
    return { store, embedded, ...parts, dependencies, openOauth, groupId, newId, close: closeAll };
  } catch (cause) {
    await close();
    throw cause;
  }
}

const deploymentsMaxDefault = 25;

/** Loaded when there is a directory to check. */
const checkParts: CheckParts = async (config) => {
  const [{ checkFunctions }, { checkRules }] = await Promise.all([
    import("./functions/check-app.ts"),
    import("./rules/check-rules.ts"),
  ]);
  const [functions, rules] = [await checkFunctions(config), checkRules(config)];
  return {
    problems: [...functions.problems, ...rules.problems],
    warnings: [...functions.warnings, ...rules.warnings],
  };
};

async function ensureGroupId(state: StateStore, newId: () => ObjectId): Promise<string> {
  return agreeOn(state, "server", "group_id", newId().toHex());
}

/**
 * The App ID of a directory that states none: made at its first start, and the same from then on.
 *
 * @param name the app's own
 */
export async function agreeOnAppId(state: State, name: string): Promise<string> {
  const wanted = `${name.toLowerCase()}-${createLetters(5)}`;
  return agreeOn(state.store, `app named ${name}`, "client_app_id", wanted);
}

/** The first of several nodes that start at once decides. */
async function agreeOn(
  state: StateStore,
  id: string,
  field: string,
  wanted: string,
): Promise<string> {
  const collection = state.collection("server");
  const read = async (): Promise<string | undefined> => {
    const known = (await collection.findOne(Doc.of({ _id: id })))?.get(field);
    return typeof known === "string" ? known : undefined;
  };
  const known = await read();
  if (known !== undefined) return known;
  try {
    await collection.insertOne(Doc.of({ _id: id, [field]: wanted }));
    return wanted;
  } catch (error) {
    if (duplicateIndexOf(error) === undefined) throw error;
    return (await read()) ?? wanted;
  }
}

export interface Created {
  readonly app: boolean;
  readonly apiKey?: string;
  readonly administrator?: FirstAdministrator;
}

/**
 * Finds the app that is served, and makes it and its first key where they are missing.
 *
 * @param clientAppId the first app when absent
 * @param apiKey a key that is to work
 */
export async function ensureApp(
  state: State,
  clientAppId: string | undefined,
  apiKey: string | undefined,
  options: { readonly withKey?: boolean; readonly name?: string } = {},
): Promise<{ readonly app: App; readonly created: Created }> {
  const { apps, keys } = state;
  const found = clientAppId === undefined ? apps.list()[0] : apps.find(clientAppId);
  const made =
    found === undefined
      ? await makeApp(state, clientAppId, options.name)
      : { app: found, isNew: false };
  const { app, isNew } = made;
  if (apiKey !== undefined) await keys.ensure(app.id, "PETIOLE_API_KEY", apiKey);
  else if (isNew && options.withKey !== false) {
    const { key } = await keys.create(app.id, { name: "first-key" });
    return { app, created: { app: true, apiKey: key } };
  }
  return { app, created: { app: isNew } };
}

async function makeApp(
  { apps, store }: State,
  clientAppId: string | undefined,
  name = "data",
): Promise<{ readonly app: App; readonly isNew: boolean }> {
  const wanted =
    clientAppId ?? (await agreeOn(store, "first_app", "client_app_id", `data-${createLetters(5)}`));
  try {
    return { app: await apps.create({ name, clientAppId: wanted }), isNew: true };
  } catch (error) {
    const app = error instanceof Fault ? apps.find(wanted) : undefined;
    // Another node that starts at the same time was faster.
    if (app === undefined) throw error;
    return { app, isNew: false };
  }
}
