/** What of an app's directory is live, and what is kept for later. */
import type { AppConfig, DataSourceConfig, TriggerConfig } from "./app-config.ts";
import type { Deployed } from "./app-registry.ts";
import type { DataApi } from "./app.ts";
import type { Deployment } from "./deployment-records.ts";

export function livePartsOf(
  config: AppConfig,
  { id: deployment, dependencies }: Pick<Deployment, "id" | "dependencies">,
): Deployed {
  const { name, environment, location, deploymentModel, allowedOrigins } = config;
  return {
    deployment,
    dependencies,
    name,
    environment,
    location,
    deploymentModel,
    allowedOrigins,
    dataApi: toDataApi(config),
    hasSchedules: config.triggers.some(runsByClock),
    dataSources: [...config.dataSources.keys()],
  };
}

/** Whether a trigger is one that this server runs. */
export function runsByClock(trigger: TriggerConfig): boolean {
  const { disabled, schedule, functionName } = trigger;
  return !disabled && schedule !== undefined && functionName !== undefined;
}

/** How the Data API of an app is served. */
export function toDataApi({ dataApi }: AppConfig): DataApi {
  // Atlas: the Data API of an app is off until it is configured.
  if (dataApi === undefined) return { disabled: true, versions: new Set(), returnType: "JSON" };
  return {
    disabled: dataApi.disabled,
    versions: new Set(dataApi.versions),
    returnType: dataApi.returnType,
  };
}

/** In plain words, what the server does not do yet with parts of this app; all of them are kept. */
export function listUnserved(config: AppConfig): readonly string[] {
  const { triggers, dataApi } = config;
  const sources = [...config.dataSources.values()];
  const found = [
    counted(
      triggers.filter((trigger) => !trigger.disabled && !runsByClock(trigger)).length,
      "database or authentication trigger",
    ),
  ].filter((each) => each !== "");
  const lines = found.length === 0 ? [] : [`not served yet: ${found.join(", ")}`];
  const open = sources.filter((source) => !hasRoles(source)).map(({ name }) => `'${name}'`);
  if (open.length > 0)
    lines.push(`without a role nobody but the system reads or writes ${open.join(", ")}`);
  if (dataApi === undefined) lines.push("the Data API is off: the app has no data_api_config.json");
  return lines;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return count === 0 ? "" : `${count} ${count === 1 ? one : many}`;
}

function hasRoles({ defaultRule, collections }: DataSourceConfig): boolean {
  const all = [defaultRule, ...[...collections.values()].map(({ rules }) => rules)];
  return all.some((each) => each !== undefined && each.roles.length > 0);
}
