/** A pool of hosts for each app and deployment: no two of them ever share a process. */
import type { AppConfig } from "../config/app-config.ts";
import type { App } from "../config/app.ts";
import type { FunctionFigures } from "./function-call.ts";
import type { FunctionsOptions } from "./functions-core.ts";
import { HostPool } from "./host-pool.ts";
import { HostProcess } from "./host-process.ts";
import { describeApp } from "./describe-app.ts";

export interface Pools {
  of(app: App, config: AppConfig | undefined): HostPool | Promise<HostPool>;
  figures(): readonly FunctionFigures[];
  close(): Promise<void>;
}

interface Entry {
  readonly appId: string;
  /** The App ID. */
  readonly name: string;
  /** The order in which deployments were first seen. */
  readonly age: number;
  readonly pool: HostPool;
  /** What its hosts were started with. */
  readonly dependencies: string | undefined;
}

export function createPools(options: FunctionsOptions): Pools {
  const entries = new Map<AppConfig | string, Entry>();
  const opening = new Map<AppConfig | string, Promise<HostPool>>();
  const ages = new WeakMap<AppConfig, number>();
  const retiring = new Map<HostPool, string>();
  /** By App ID. */
  const deaths = new Map<string, number>();
  let seen = 0;
  let isClosed = false;

  function ageOf(config: AppConfig | undefined): number {
    if (config === undefined) return 0;
    const age = ages.get(config) ?? (seen += 1);
    ages.set(config, age);
    return age;
  }

  async function open(app: App, config: AppConfig | undefined): Promise<HostPool> {
    const key = config ?? app.id;
    const dependencies =
      config === undefined ? undefined : await options.dependenciesOf(app, config);
    if (isClosed) throw new Error("functions are closed");
    const { limits } = options;
    const start = describeApp(app, config, { ...options, dependencies });
    const pool = new HostPool({
      limits,
      open: (events) =>
        new HostProcess(
          {
            start,
            dependencies,
            heapMb: limits.memoryMb,
            rssBytesMax: limits.rssBytesMax,
          },
          events,
        ),
      onDeath: (reason, told) => {
        deaths.set(app.clientAppId, (deaths.get(app.clientAppId) ?? 0) + 1);
        options.log("function host ended", {
          app: app.clientAppId,
          reason,
          message: told.slice(0, 500),
        });
      },
    });
    const former = entries.get(key);
    if (former !== undefined) retire(former, () => {});
    const { id: appId, clientAppId: name } = app;
    const entry = { appId, name, age: ageOf(config), pool, dependencies: app.dependencies };
    entries.set(key, entry);
    retireOlder(entry);
    return pool;
  }

  function retireOlder(newest: Entry): void {
    for (const [key, entry] of entries)
      if (entry.appId === newest.appId && entry.age < newest.age)
        retire(entry, () => {
          if (entries.get(key)?.pool === entry.pool) entries.delete(key);
        });
  }

  /** Its calls finish first. */
  function retire({ pool, name }: Entry, forget: () => void): void {
    retiring.set(pool, name);
    pool.retire(() => {
      forget();
      retiring.delete(pool);
      void pool.close();
    });
  }

  return {
    of(app, config) {
      const key = config ?? app.id;
      const found = entries.get(key);
      if (found !== undefined && found.dependencies === app.dependencies) return found.pool;
      const running = opening.get(key) ?? open(app, config).finally(() => opening.delete(key));
      opening.set(key, running);
      return running;
    },
    figures() {
      const pools = new Map([...entries.values()].map(({ pool, name }) => [pool, name] as const));
      for (const [pool, name] of retiring) pools.set(pool, name);
      const names = new Set([...pools.values(), ...deaths.keys()]);
      return [...names].map((app) => {
        const own = [...pools].filter(([, name]) => name === app).map(([{ counts }]) => counts);
        return {
          app,
          hosts: sum(own.map(({ hosts }) => hosts)),
          running: sum(own.map(({ running }) => running)),
          waiting: sum(own.map(({ waiting }) => waiting)),
          deaths: deaths.get(app) ?? 0,
        };
      });
    },
    async close() {
      isClosed = true;
      const pools = [...[...entries.values()].map(({ pool }) => pool), ...retiring.keys()];
      await Promise.all(pools.map(async (pool) => pool.close()));
    },
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, each) => total + each, 0);
}
