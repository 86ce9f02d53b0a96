/** The directory of an app that was made without one. */
import type { App } from "../app.ts";
import type { AppFiles } from "../app-package.ts";
import { readAppDirectory, writeAppDirectory } from "../app-directory.ts";

/** As the original's tool writes it. */
export function firstFiles(app: App): AppFiles {
  const { name, clientAppId, dataApi, allowedOrigins } = app;
  const files = new Map<string, Uint8Array>();
  const put = (file: string, content: object): void => {
    files.set(file, Buffer.from(`${JSON.stringify(content, null, 4)}\n`));
  };
  put("realm_config.json", {
    config_version: 20210101,
    app_id: clientAppId,
    name,
    location: app.location ?? "US-VA",
    deployment_model: app.deploymentModel ?? "GLOBAL",
    ...((app.environment ?? "") === "" ? {} : { environment: app.environment }),
    ...(allowedOrigins.length === 0 ? {} : { allowed_request_origins: allowedOrigins }),
  });
  for (const { name: source } of app.dataSources.values()) {
    put(`data_sources/${source}/config.json`, {
      name: source,
      type: "mongodb-atlas",
      config: { clusterName: source, readPreference: "primary", wireProtocolEnabled: false },
      version: 1,
    });
    // As it was without a deployment: keys may do what the permission of their data source allows.
    put(`data_sources/${source}/default_rule.json`, {
      roles: [
        {
          name: "readAndWriteAll",
          apply_when: {},
          document_filters: { read: true, write: true },
          read: true,
          write: true,
          insert: true,
          delete: true,
          search: true,
        },
      ],
      filters: [],
    });
  }
  put("http_endpoints/config.json", []);
  put("http_endpoints/data_api_config.json", {
    disabled: dataApi.disabled,
    versions: [...dataApi.versions],
    return_type: dataApi.returnType,
    create_user_on_auth: false,
    validation_method: "NO_VALIDATION",
  });
  return writeAppDirectory(readAppDirectory(files).app);
}
