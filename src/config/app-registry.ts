/**
 * The apps of this server: kept in the internal database, answered from memory.
 *
 * What a request sees is never older than the last change of this node, nor much older than that of another.
 */
import { Doc } from "../bson/doc.ts";
import { ObjectId, type Value } from "../bson/value.ts";
import { Fault } from "../kit/fault.ts";
import { createQueue } from "../kit/queue.ts";
import { createLetters } from "../kit/secret.ts";
import {
  type App,
  type DataApi,
  type DataSourceLink,
  embeddedStore,
  type Permission,
  readAppDoc,
  toAppDoc,
} from "./app.ts";
import { changeLimits } from "./change-limits.ts";
import { duplicateIndexOf, readState, type StateStore } from "./state-store.ts";

export interface AppRegistry {
  /** Undefined where there is none. @param clientAppId as in URLs */
  find(clientAppId: string): App | undefined;
  /** @throws {Fault} `AppNotFound` @param id 24 hex digits */
  must(id: string): App;
  /** In the order of their making. */
  list(): readonly App[];
  /**
   * Makes an app with one data source, `mongodb-atlas` on the embedded store.
   *
   * @param wanted.clientAppId made of the name and five letters when absent
   * @throws {Fault} `InvalidParameter` for a bad name or App ID, `BadRequest` when the App ID is taken
   */
  create(wanted: { readonly name: string; readonly clientAppId?: string }): Promise<App>;
  delete(id: string): Promise<void>;
  setDataApi(id: string, dataApi: DataApi): Promise<App>;
  /** @throws {Fault} `ServiceNotFound` @param name the data source's */
  setPermission(id: string, name: string, permission: Permission): Promise<App>;
  setAllowedOrigins(id: string, origins: readonly string[]): Promise<App>;
  /** @param changes null takes an own bound away @throws {Fault} `InvalidParameter` */
  setLimits(id: string, changes: Readonly<Record<string, unknown>>): Promise<App>;
  /** @param change undefined is given, and gives, a list that lets everybody in */
  changeAccessList(
    id: string,
    change: (list: App["accessList"]) => App["accessList"],
  ): Promise<App>;
  setAllowsNullTypes(id: string, isOn: boolean): Promise<App>;
  /** Lets a data source of this name lead to a store; made, with Read and Write, where there is none. */
  link(id: string, name: string, store: string): Promise<App>;
  /**
   * Makes a deployment live, in one step. A data source keeps its id and permission as long as its name stays.
   *
   * @param storeOf which store a data source of this name leads to; `former`: where it led until now
   */
  deploy(id: string, parts: Deployed, storeOf: StoreOf): Promise<App>;
}

export type StoreOf = (name: string, former: string | undefined) => string;

/** What an app takes over from a deployment. */
export interface Deployed {
  /** 24 hex digits. */
  readonly deployment: string;
  /** Empty: the app keeps its own. */
  readonly name: string;
  readonly environment: string;
  readonly location: string | undefined;
  readonly deploymentModel: "GLOBAL" | "LOCAL" | undefined;
  readonly allowedOrigins: readonly string[];
  readonly dataApi: DataApi;
  readonly hasSchedules: boolean;
  /** Undefined: none. */
  readonly dependencies: string | undefined;
  /** Their names; others go. */
  readonly dataSources: readonly string[];
}

export interface RegistryEnvironment {
  readonly state: StateStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
}

const namePattern = /^[A-Za-z0-9_-]{1,32}$/;
const clientAppIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

const collectionName = "apps";
/** Another node's change comes first so often at the most, before ours is given up. */
const attemptsMax = 20;

/** Makes the collection's indexes. */
export async function prepareApps(state: StateStore): Promise<void> {
  const options = Doc.of({ unique: true, name: "client_app_id" });
  await state.collection(collectionName).createIndex(Doc.of({ client_app_id: 1 }), options);
}

/** All apps are in memory when the state's changes have started. */
export function openAppRegistry(environment: RegistryEnvironment): AppRegistry {
  const { state, now, newId } = environment;
  const collection = state.collection(collectionName);
  const byId = new Map<string, App>();
  const byClientAppId = new Map<string, App>();
  const inTurn = createQueue();
  state.changes.subscribe(collectionName, async (ids) => inTurn(async () => refresh(ids)));

  async function refresh(ids: readonly Value[] | undefined): Promise<void> {
    const docs = await readState(collection, ids);
    const gone = ids === undefined ? [...byId.keys()] : ids.map(toId);
    const apps = docs.map(readAppDoc);
    for (const id of gone) forget(id);
    for (const app of apps) remember(app);
  }

  function forget(id: string): void {
    const app = byId.get(id);
    if (app === undefined) return;
    byId.delete(id);
    byClientAppId.delete(app.clientAppId);
  }

  function remember(app: App): App {
    byId.set(app.id, app);
    byClientAppId.set(app.clientAppId, app);
    return app;
  }

  function must(id: string): App {
    const app = byId.get(id);
    if (app === undefined) throw new Fault("AppNotFound", "app not found");
    return app;
  }

  async function change(id: string, make: (app: App) => App): Promise<App> {
    return inTurn(async () => {
      for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
        const { version } = must(id);
        const app = { ...make(must(id)), version: version + 1 };
        // Documents of before there were versions match a null.
        const known = filterOf(id).with("version", version === 0 ? nullOrZero : version);
        const { matchedCount } = await collection.replaceOne(known, toAppDoc(app));
        if (matchedCount > 0) {
          await state.changes.touch(collectionName);
          return remember(app);
        }
        await refresh([ObjectId.fromHex(id)]);
      }
      throw new Fault("ServiceUnavailable", "the app is being changed by others");
    });
  }

  return {
    find: (clientAppId) => byClientAppId.get(clientAppId),
    must,
    list: () => [...byId.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    async create({ name, clientAppId }) {
      if (!namePattern.test(name))
        throw new Fault("InvalidParameter", "name must be 1 to 32 letters, digits, '_' or '-'");
      if (clientAppId !== undefined && !clientAppIdPattern.test(clientAppId))
        throw new Fault("InvalidParameter", "an App ID is 1 to 64 letters, digits, '_' or '-'");
      return inTurn(async () => {
        const wanted = clientAppId ?? `${name.toLowerCase()}-${createLetters(5)}`;
        if (byClientAppId.has(wanted))
          throw new Fault("BadRequest", `an app with App ID '${wanted}' exists`);
        const app = newApp(name, wanted);
        try {
          await collection.insertOne(toAppDoc(app));
        } catch (error) {
          if (duplicateIndexOf(error) === undefined) throw error;
          await refresh(undefined);
          throw new Fault("BadRequest", `an app with App ID '${wanted}' exists`, { cause: error });
        }
        await state.changes.touch(collectionName);
        return remember(app);
      });
    },
    async delete(id) {
      await inTurn(async () => {
        must(id);
        await collection.deleteOne(filterOf(id));
        forget(id);
        await state.changes.touch(collectionName);
      });
    },
    setDataApi: async (id, dataApi) => change(id, (app) => ({ ...app, dataApi })),
    setAllowedOrigins: async (id, allowedOrigins) =>
      change(id, (app) => ({ ...app, allowedOrigins })),
    setLimits: async (id, changes) =>
      change(id, (app) => ({ ...app, limits: changeLimits(app.limits, changes) })),
    changeAccessList: async (id, make) =>
      change(id, (app) => ({ ...app, accessList: make(app.accessList) })),
    setAllowsNullTypes: async (id, allowsNullTypes) =>
      change(id, (app) => ({ ...app, allowsNullTypes })),
    link: async (id, name, store) =>
      change(id, (app) => {
        const former = app.dataSources.get(name) ?? newLink(name);
        return { ...app, dataSources: new Map(app.dataSources).set(name, { ...former, store }) };
      }),
    deploy: async (id, parts, storeOf) =>
      change(id, (app) => {
        const links = parts.dataSources.map((name) => {
          const former = app.dataSources.get(name);
          const store = storeOf(name, former?.store);
          return [name, { ...(former ?? newLink(name)), store }] as const;
        });
        const { name, location, deploymentModel, ...others } = parts;
        return {
          ...app,
          ...others,
          ...(name === "" ? {} : { name }),
          ...(location === undefined ? {} : { location }),
          ...(deploymentModel === undefined ? {} : { deploymentModel }),
          dataSources: new Map(links),
        };
      }),
    setPermission: async (id, name, permission) =>
      change(id, (app) => {
        const link = app.dataSources.get(name);
        if (link === undefined) throw new Fault("ServiceNotFound", `service not found: '${name}'`);
        const dataSources = new Map(app.dataSources).set(name, { ...link, permission });
        return { ...app, dataSources };
      }),
  };

  function newLink(name: string): DataSourceLink {
    return { id: newId().toHex(), name, store: embeddedStore, permission: "readWrite" };
  }

  function newApp(name: string, clientAppId: string): App {
    const link = newLink("mongodb-atlas");
    return {
      id: newId().toHex(),
      clientAppId,
      name,
      dataSources: new Map([[link.name, link]]),
      // Clients of the preview still call `beta`; its actions are the same.
      dataApi: { disabled: false, versions: new Set(["beta", "v1"]), returnType: "JSON" },
      allowedOrigins: [],
      createdAt: now(),
      version: 1,
    };
  }
}

const nullOrZero = Doc.of({ $in: [null, 0] });

function toId(id: Value): string {
  return id instanceof ObjectId ? id.toHex() : "";
}

function filterOf(id: string): Doc {
  return Doc.of({ _id: ObjectId.fromHex(id) });
}
