/** What parts say of each other: functions, data sources and values that are named must be there. */
import type { AppConfig, Origin } from "../app-config.ts";
import { fieldOf, type JsonNode, type JsonPath, textOf } from "./json-node.ts";
import { nearest } from "./nearest.ts";
import { at, type Reporter } from "./report.ts";
import type { StatedNames } from "./stated-names.ts";
import { walkJson } from "./walk-json.ts";

export function checkReferences(app: AppConfig, stated: StatedNames, report: Reporter): void {
  checkFunctionNames(app, stated, report);
  checkDataSourceNames(app, stated, report);
  checkRelationships(app, report);
  for (const [origin, path] of expressionsOf(app))
    checkExpression(app, stated, origin, path, report);
}

function checkFunctionNames(app: AppConfig, stated: StatedNames, report: Reporter): void {
  const check = (name: string | undefined, origin: Origin | undefined, ...path: JsonPath): void => {
    if (name !== undefined && name !== "" && origin !== undefined)
      mustHaveFunction(stated, name, origin, path, report);
  };
  for (const { functionName, origin } of app.endpoints)
    check(functionName, origin, "function_name");
  for (const provider of app.providers.values()) {
    if (provider.disabled) continue;
    if (provider.type === "custom-function")
      check(provider.functionName, provider.origin, "config", "authFunctionName");
    if (provider.type !== "local-userpass") continue;
    check(provider.confirmFunction, provider.origin, "config", "confirmationFunctionName");
    check(provider.resetFunction, provider.origin, "config", "resetFunctionName");
  }
  const { customUserData } = app;
  check(customUserData?.creationFunction, customUserData?.origin, "on_user_creation_function_name");
  for (const { functionName, origin } of app.triggers) {
    const isOld = fieldOf(fieldOf(origin?.node, "event_processors"), "FUNCTION") === undefined;
    const path = isOld
      ? ["function_name"]
      : ["event_processors", "FUNCTION", "config", "function_name"];
    check(functionName, origin, ...path);
  }
  for (const { action, origin } of app.logForwarders)
    if (action.type === "function") check(action.name, origin, "action", "name");
}

function mustHaveFunction(
  { functions }: StatedNames,
  name: string,
  origin: Origin,
  path: JsonPath,
  report: Reporter,
): void {
  if (functions.has(name) || report.isFull("problems")) return;
  report.wrong(
    at(origin, ...path),
    `the name of a function${hint(name, functions)}`,
    `${shorten(name)}, which there is not`,
  );
}

function hint(name: string, known: Iterable<string>): string {
  const near = nearest(name, [...known]);
  return near === undefined ? "" : ` (did you mean "${near}"?)`;
}

function shorten(name: string): string {
  return JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name);
}

function checkDataSourceNames(app: AppConfig, stated: StatedNames, report: Reporter): void {
  const check = (name: string | undefined, origin: Origin | undefined, ...path: JsonPath): void => {
    if (name === undefined || name === "" || origin === undefined || stated.dataSources.has(name))
      return;
    report.wrong(
      at(origin, ...path),
      `the name of a data source${hint(name, stated.dataSources)}`,
      `${shorten(name)}, which there is not`,
    );
  };
  const { customUserData } = app;
  if (customUserData?.enabled === true)
    check(customUserData.dataSource, customUserData.origin, "mongo_service_name");
  for (const { type, disabled, origin } of app.triggers) {
    const name = textOf(fieldOf(fieldOf(origin?.expanded, "config"), "service_name"));
    if (type === "DATABASE" && !disabled) check(name, origin, "config", "service_name");
  }
  for (const { action, origin } of app.logForwarders)
    if (action.type === "collection") check(action.dataSource, origin, "action", "data_source");
}

/** Only GraphQL and the SDKs followed them: what is wrong with one does no harm here. */
function checkRelationships(app: AppConfig, report: Reporter): void {
  for (const source of app.dataSources.values())
    for (const { relationships } of source.collections.values())
      for (const [field, { dataSource }] of relationships?.byField ?? [])
        if (relationships?.origin !== undefined && !app.dataSources.has(dataSource))
          report.warn(
            at(relationships.origin, field, "ref"),
            `leads to the data source ${shorten(dataSource)}, which there is not`,
          );
}

/** Where expressions stand: whole rules, since expressions are nearly all that is in them. */
function* expressionsOf(app: AppConfig): Iterable<readonly [Origin, JsonPath]> {
  const withGuards = [...app.functions.values(), ...app.endpoints, app.dataApi];
  for (const guarded of withGuards)
    if (guarded?.origin !== undefined && guarded.canEvaluate !== undefined)
      yield [guarded.origin, ["can_evaluate"]];
  for (const source of app.dataSources.values()) {
    if (source.defaultRule?.origin !== undefined) yield [source.defaultRule.origin, []];
    for (const { rules, schema } of source.collections.values()) {
      if (rules?.origin !== undefined) {
        yield [rules.origin, ["roles"]];
        yield [rules.origin, ["filters"]];
      }
      if (schema?.origin !== undefined) yield [schema.origin, []];
    }
  }
}

function checkExpression(
  app: AppConfig,
  stated: StatedNames,
  origin: Origin,
  path: JsonPath,
  report: Reporter,
): void {
  let start: JsonNode | undefined = origin.expanded;
  for (const step of path) start = fieldOf(start, String(step));
  if (start === undefined) return;
  walkJson(start, path, (node, place) => {
    const name = textOf(fieldOf(fieldOf(node, "%function"), "name"));
    if (name !== undefined)
      mustHaveFunction(stated, name, origin, [...place, "%function", "name"], report);
    if (node.kind === "text") checkExpansion(app, node.value, at(origin, ...place), report);
    if (node.kind === "object")
      for (const key of node.fields.keys())
        if (key.startsWith("%%")) checkExpansion(app, key, at(origin, ...place, key), report);
  });
}

const valueExpansion = /^%%(values|environment\.values)\.([A-Za-z0-9_-]{1,64})/;

/** The original evaluated what is not there as undefined: no fault, but hardly what was meant. */
function checkExpansion(
  app: AppConfig,
  text: string,
  where: ReturnType<typeof at>,
  report: Reporter,
): void {
  const [, kind, name] = valueExpansion.exec(text) ?? [];
  if (kind === undefined || name === undefined || report.isFull("warnings")) return;
  if (kind === "values") {
    if (!app.values.has(name))
      report.warn(where, `there is no value "${name}"${hint(name, app.values.keys())}`);
    return;
  }
  const { values } = app.environments.get(app.environment) ?? {
    values: new Map<string, unknown>(),
  };
  if (!values.has(name))
    report.warn(
      where,
      `there is no "${name}" in the app's environment${hint(name, values.keys())}`,
    );
}
