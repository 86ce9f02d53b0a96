/** The live deployment of each app, from memory. */
import type { AppConfig } from "./app-config.ts";
import type { App } from "./app.ts";
import type { Deployments } from "./deployments.ts";

export interface LiveConfigs {
  /**
   * The configuration that an app's deployment describes; undefined where nothing was ever pushed. At once when it is
   * in memory. One object per deployment, so that what is compiled of it can be kept in a `WeakMap`.
   */
  of(app: App): AppConfig | undefined | Promise<AppConfig | undefined>;
}

export function openLiveConfigs(deployments: () => Promise<Deployments>): LiveConfigs {
  /** App → its deployment and what it says. */
  const known = new Map<string, { readonly deployment: string; readonly config: AppConfig }>();
  const loading = new Map<string, Promise<AppConfig>>();

  async function load({ id }: App, deployment: string): Promise<AppConfig> {
    const config = await (await deployments()).config(id, deployment);
    known.set(id, { deployment, config });
    return config;
  }

  return {
    of(app) {
      const { id, deployment } = app;
      if (deployment === undefined) return undefined;
      const found = known.get(id);
      if (found?.deployment === deployment) return found.config;
      const running =
        loading.get(deployment) ?? load(app, deployment).finally(() => loading.delete(deployment));
      loading.set(deployment, running);
      return running;
    },
  };
}
