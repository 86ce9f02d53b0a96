/** An app in short, as the original's tool prints it. */
import type { AppConfig } from "../config/app-config.ts";
import type { App } from "../config/app.ts";
import { listUnserved } from "../config/live-parts.ts";
import { sourceFile } from "../config/source-file.ts";

/** @param baseUrl of this server, without a slash at its end */
export function describeApp(app: App, config: AppConfig, baseUrl: string): object {
  const { functions, customUserData, values, triggers, logForwarders } = config;
  const root = `${baseUrl}/app/${app.clientAppId}/endpoint`;
  return {
    client_app_id: app.clientAppId,
    name: app.name,
    realm_url: `${baseUrl}/console/`,
    data_sources: [...config.dataSources.values()].map(({ name, type, clusterName }) => ({
      name,
      type,
      data_source: clusterName ?? name,
    })),
    // No names: what has one is taken for a service.
    http_endpoints: config.endpoints.map(({ route, httpMethod }) => ({
      route,
      http_method: httpMethod,
      url: `${root}${route}`,
    })),
    services: [],
    auth_providers: [...config.providers.values()].map(({ type, disabled }) => ({
      name: type,
      type,
      enabled: !disabled,
    })),
    custom_user_data: {
      enabled: customUserData?.enabled ?? false,
      data_source: customUserData?.dataSource ?? "",
      database: customUserData?.database ?? "",
      collection: customUserData?.collection ?? "",
      user_id_field: customUserData?.userIdField ?? "",
    },
    values: [...values.keys()],
    hosting: { enabled: false, status: "", url: "" },
    functions: [...functions.values()].map((made) => ({ name: made.name, path: sourceFile(made) })),
    sync: { state: "disabled", data_source: "", database: "", development_mode_enabled: false },
    graphql: { url: "", custom_resolvers: [] },
    environment: app.environment ?? "",
    event_subscription: triggers.map(({ name, type, disabled }) => ({
      name,
      type,
      enabled: !disabled,
    })),
    log_forwarders: logForwarders.map(({ name, disabled }) => ({ name, enabled: !disabled })),
    // Ours.
    data_api: {
      enabled: !app.dataApi.disabled,
      versions: [...app.dataApi.versions],
      return_type: app.dataApi.returnType,
      url: `${root}/data/v1`,
    },
    stores: Object.fromEntries(
      [...app.dataSources.values()].map((link) => [link.name, link.store]),
    ),
    deployment: app.deployment ?? "",
    unserved: listUnserved(config),
  };
}
