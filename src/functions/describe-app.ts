/** What a host learns of its app when it starts: `context.app`, `context.environment`, and which services there are. */
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import type { AppConfig } from "../config/app-config.ts";
import type { App } from "../config/app.ts";

export interface HostSettings {
  readonly projectId: string;
  readonly allowedAddresses: readonly string[];
  readonly dependencies: string | undefined;
}

export function describeApp(
  app: App,
  config: AppConfig | undefined,
  { projectId, allowedAddresses, dependencies }: HostSettings,
): Doc {
  return Doc.of({
    app: Doc.of({
      id: app.id,
      clientAppId: app.clientAppId,
      name: app.name,
      projectId,
      deployment: Doc.of({
        model: app.deploymentModel ?? "GLOBAL",
        providerRegion: config?.providerRegion ?? "",
      }),
      lastDeployed: deployedAt(app),
      // Atlas: static hosting is not served.
      hostingUri: "",
    }),
    environment: Doc.of({
      tag: app.environment ?? "",
      values: environmentValues(app, config),
    }),
    services: Doc.fromEntries(servicesOf(app, config)),
    allowedAddresses: [...allowedAddresses],
    ...(dependencies === undefined ? {} : { dependencies }),
  });
}

function servicesOf(app: App, config: AppConfig | undefined): ReadonlyMap<string, string> {
  const http = (config?.httpServices ?? []).map((name) => [name, "http"] as const);
  return new Map([
    ...http,
    ...[...app.dataSources.keys()].map((name) => [name, "mongodb"] as const),
  ]);
}

function environmentValues(app: App, config: AppConfig | undefined): Doc {
  const tag = app.environment ?? "";
  const found = [...(config?.environments ?? [])].find(([name]) => name === tag);
  const values: ReadonlyMap<string, Value> = found?.[1].values ?? new Map<string, Value>();
  return Doc.fromEntries(values);
}

/** The first four bytes of the deployment's id are the second it was made in. */
function deployedAt({ deployment, createdAt }: App): string {
  const ms =
    deployment === undefined ? createdAt : Number.parseInt(deployment.slice(0, 8), 16) * 1000;
  return new Date(ms).toISOString();
}
