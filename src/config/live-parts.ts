/** What of an app's directory is live, and what is kept for later. */
import { Doc } from "../bson/doc.ts";
import type { AppConfig, DataSourceConfig, RulesConfig } from "./app-config.ts";
import type { Deployed } from "./app-registry.ts";
import type { DataApi } from "./app.ts";

export function livePartsOf(config: AppConfig, deployment: string): Deployed {
  const { name, environment, location, deploymentModel, allowedOrigins } = config;
  return {
    deployment,
    name,
    environment,
    location,
    deploymentModel,
    allowedOrigins,
    dataApi: toDataApi(config),
    dataSources: [...config.dataSources.keys()],
  };
}

function toDataApi({ dataApi }: AppConfig): DataApi {
  // Atlas: the Data API of an app is off until it is configured.
  if (dataApi === undefined) return { disabled: true, versions: new Set(), returnType: "JSON" };
  return {
    disabled: dataApi.disabled || guardOf(dataApi) !== undefined,
    versions: new Set(dataApi.versions),
    returnType: dataApi.returnType,
  };
}

/** What a Data API asks of its callers that is not checked yet: it must stay closed rather than be open to all. */
function guardOf(dataApi: NonNullable<AppConfig["dataApi"]>): string | undefined {
  if (dataApi.validationMethod !== "NO_VALIDATION") return "asks for a secret with each call";
  const { canEvaluate, runAs } = dataApi;
  const isOpen =
    canEvaluate === undefined ||
    canEvaluate === true ||
    (canEvaluate instanceof Doc && canEvaluate.keys().length === 0);
  if (!isOpen) return "has a condition on who may call (can_evaluate)";
  // As the system, more would be allowed than a key allows now: nothing is opened by leaving it out.
  return runAs.kind === "user" || runAs.kind === "script" ? "runs as a fixed user" : undefined;
}

/** In plain words, what the server does not do yet with parts of this app; all of them are kept. */
export function listUnserved(config: AppConfig): readonly string[] {
  const { functions, endpoints, triggers, logForwarders, customUserData, dataApi } = config;
  const sources = [...config.dataSources.values()];
  const providers = [...config.providers.values()].filter(
    ({ disabled, type }) => !disabled && type !== "api-key",
  );
  const found = [
    counted(functions.size, "function"),
    counted(endpoints.filter(({ disabled }) => !disabled).length, "custom endpoint"),
    counted(
      sources.reduce((sum, source) => sum + countRules(source), 0),
      "collection with rules",
      "collections with rules",
    ),
    counted(
      sources.reduce((sum, { collections }) => sum + countSchemas(collections), 0),
      "schema",
    ),
    counted(providers.length, "authentication provider"),
    counted(customUserData?.enabled === true ? 1 : 0, "custom user data", "custom user data"),
    counted(triggers.filter(({ disabled }) => !disabled).length, "trigger"),
    counted(logForwarders.filter(({ disabled }) => !disabled).length, "log forwarder"),
  ].filter((each) => each !== "");
  const lines = found.length === 0 ? [] : [`not served yet: ${found.join(", ")}`];
  if (sources.some((source) => countRules(source) > 0))
    lines.push(
      "rules are not enforced yet: a key reads and writes whatever the permission of its data source allows",
    );
  const guard = dataApi === undefined || dataApi.disabled ? undefined : guardOf(dataApi);
  if (guard !== undefined)
    lines.push(`the Data API ${guard}, which is not served yet: it stays off`);
  if (dataApi === undefined) lines.push("the Data API is off: the app has no data_api_config.json");
  return lines;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return count === 0 ? "" : `${count} ${count === 1 ? one : many}`;
}

function countRules({ defaultRule, collections }: DataSourceConfig): number {
  const own = [...collections.values()].filter(({ rules }) => isRestrictive(rules)).length;
  return own + (isRestrictive(defaultRule) ? 1 : 0);
}

/** A role for everybody that may do everything is what there is without rules. */
function isRestrictive(rules: RulesConfig | undefined): boolean {
  if (rules === undefined) return false;
  const [role] = rules.roles;
  const isOpen =
    rules.filters.length === 0 &&
    role !== undefined &&
    isAlways(role.applyWhen) &&
    role.documentFilters?.read === true &&
    role.documentFilters.write === true &&
    role.read === true &&
    role.write === true;
  return !isOpen;
}

function isAlways(expression: RulesConfig["roles"][number]["applyWhen"]): boolean {
  return expression === true || (expression instanceof Doc && expression.keys().length === 0);
}

function countSchemas(collections: DataSourceConfig["collections"]): number {
  return [...collections.values()].filter(
    ({ schema }) => schema !== undefined && schema.schema.keys().length > 0,
  ).length;
}
