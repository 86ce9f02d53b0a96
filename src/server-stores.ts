/** The stores that data sources lead to: opened, linked, asked whether they serve, and copied. */
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import type { AppRegistry } from "./config/app-registry.ts";
import { type App, embeddedStore } from "./config/app.ts";
import type { Settings } from "./config/settings.ts";
import { Fault } from "./kit/fault.ts";
import type { Log } from "./logs/log.ts";
import { type EmbeddedSource, openEmbedded } from "./sources/embedded.ts";
import { openMongodb } from "./sources/mongodb.ts";
import type { DataSource } from "./sources/source.ts";
import type { State, StateOptions } from "./state.ts";

/** With the state on MongoDB nothing lies on local disk, so that data must lie elsewhere too. */
export function mustHaveSources(settings: Settings): void {
  if (settings.state === undefined || settings.sources.size > 0) return;
  throw new Fault(
    "InvalidParameter",
    "--state keeps nothing in the data directory: name where the data lies with --source mongodb-atlas=mongodb://…",
  );
}

/** Opens all stores. @returns the one in the data directory, if there is one */
export async function openStores(
  settings: Settings,
  stores: Map<string, DataSource>,
): Promise<EmbeddedSource | undefined> {
  let embedded: EmbeddedSource | undefined;
  if (settings.state === undefined) {
    embedded = await openEmbedded(path.join(settings.data, "store"));
    stores.set(embeddedStore, embedded);
  }
  for (const [name, uri] of settings.sources) stores.set(name, await openMongodb(uri, { name }));
  return embedded;
}

/**
 * Lets data sources lead where the settings say: those of the app that is served; of every app where none could lie in
 * a data directory.
 */
export async function linkSources(
  { apps, embedded }: State,
  served: App,
  sources: ReadonlyMap<string, string>,
): Promise<App> {
  let linked = served;
  for (const name of sources.keys()) {
    // What data sources a pushed app has, its directory says.
    const isWanted = linked.deployment === undefined || linked.dataSources.has(name);
    if (isWanted && linked.dataSources.get(name)?.store !== name)
      linked = await apps.link(served.id, name, name);
    if (embedded !== undefined) continue;
    for (const { id, dataSources } of apps.list())
      if (dataSources.get(name)?.store === embeddedStore) await apps.link(id, name, name);
  }
  return linked;
}

/** A data source of an earlier start whose `--source` is gone must not turn into an empty one without a word. */
export function warnOfMissingStores(
  apps: AppRegistry,
  stores: ReadonlyMap<string, DataSource>,
  log: Log,
): void {
  for (const { clientAppId, dataSources } of apps.list())
    for (const { name, store } of dataSources.values())
      if (!stores.has(store))
        log.write("warning", "data source not configured", {
          message: `calls that name it fail; start with --source ${store === embeddedStore ? name : store}=mongodb://…`,
          app: clientAppId,
          data_source: name,
        });
}

export async function pingAll(
  stores: ReadonlyMap<string, DataSource>,
): Promise<ReadonlyMap<string, boolean>> {
  return new Map(
    await Promise.all([...stores].map(async ([name, each]) => [name, await each.ping()] as const)),
  );
}

/** Copies state and documents into a directory that must not be there yet. */
export async function backUp(
  state: EmbeddedSource | undefined,
  store: EmbeddedSource | undefined,
  directory: string,
): Promise<void> {
  if (state === undefined || store === undefined)
    throw new Fault("BadRequest", "state and data lie on MongoDB; petiole export copies them");
  if (existsSync(directory)) throw new Fault("BadRequest", `${directory} is there already`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  await state.backup(path.join(directory, "state"));
  await store.backup(path.join(directory, "store"));
}

/** How the state is opened to serve. */
export function stateOptionsOf(settings: Settings): Omit<StateOptions, "onFailure"> {
  return {
    keysMax: settings.limits.serverKeysMax,
    follows: true,
    deploymentsMax: settings.deploymentsMax,
    stores: {
      sources: new Set(settings.sources.keys()),
      hasEmbedded: settings.state === undefined,
      isStrict: settings.strict,
    },
  };
}
