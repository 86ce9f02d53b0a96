/** A pool of hosts for each app and deployment: no two of them ever share a process. */
import type { AppConfig } from "../config/app-config.ts";
import type { App } from "../config/app.ts";
import type { FunctionsOptions } from "./functions-core.ts";
import { HostPool } from "./host-pool.ts";
import { HostProcess } from "./host-process.ts";
import { describeApp } from "./describe-app.ts";

export interface Pools {
  of(app: App, config: AppConfig | undefined): HostPool | Promise<HostPool>;
  close(): Promise<void>;
}

interface Entry {
  readonly appId: string;
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
  const retiring = new Set<HostPool>();
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
        options.log("function host ended", {
          app: app.clientAppId,
          reason,
          message: told.slice(0, 500),
        });
      },
    });
    const former = entries.get(key);
    if (former !== undefined) retire(former.pool, () => {});
    const entry = { appId: app.id, age: ageOf(config), pool, dependencies: app.dependencies };
    entries.set(key, entry);
    retireOlder(entry);
    return pool;
  }

  function retireOlder(newest: Entry): void {
    for (const [key, { appId, age, pool }] of entries)
      if (appId === newest.appId && age < newest.age)
        retire(pool, () => {
          if (entries.get(key)?.pool === pool) entries.delete(key);
        });
  }

  /** Its calls finish first. */
  function retire(pool: HostPool, forget: () => void): void {
    retiring.add(pool);
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
    async close() {
      isClosed = true;
      const pools = [...[...entries.values()].map(({ pool }) => pool), ...retiring];
      await Promise.all(pools.map(async (pool) => pool.close()));
    },
  };
}
