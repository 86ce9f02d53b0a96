/** The Data API of an app: settings, data sources, keys. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "./client.ts";
import type { Validated } from "./parts-of-app.ts";
import type { RunAsWire } from "./run-as.ts";

export type Permission = "readWrite" | "readOnly" | "noAccess";

export const permissionLabels: Readonly<Record<Permission, string>> = {
  readWrite: "Read and Write",
  readOnly: "Read Only",
  noAccess: "No Access",
};

export const permissionChoices = Object.entries(permissionLabels).map(([value, label]) => ({
  value,
  label,
}));

export interface DataApiConfig extends RunAsWire, Validated {
  readonly disabled: boolean;
  readonly versions: readonly ("beta" | "v1")[];
  readonly return_type: "JSON" | "EJSON";
  readonly can_evaluate: unknown;
  readonly fetch_custom_user_data: boolean;
  readonly create_user_on_auth: boolean;
  readonly log_function_arguments: boolean;
}

export interface DataSource {
  readonly _id: string;
  readonly name: string;
  /** The store that it leads to. */
  readonly type: string;
  readonly permission: Permission;
}

export interface ApiKey {
  readonly _id: string;
  readonly name: string;
  readonly disabled: boolean;
  readonly role: Permission;
}

/** @param path of the app, below the admin API */
export function dataApiQuery(path: string) {
  return queryOptions({
    queryKey: [path, "data-api"],
    queryFn: async () => call<DataApiConfig>({ path: `${path}/data_api/config` }),
  });
}

export function dataSourcesQuery(path: string) {
  return queryOptions({
    queryKey: [path, "data-sources"],
    queryFn: async () => call<readonly DataSource[]>({ path: `${path}/data_sources` }),
  });
}

export function apiKeysQuery(path: string) {
  return queryOptions({
    queryKey: [path, "api-keys"],
    queryFn: async () => call<readonly ApiKey[]>({ path: `${path}/api_keys` }),
  });
}

export async function changeDataApi(path: string, changes: Partial<DataApiConfig>): Promise<void> {
  await call({ method: "PATCH", path: `${path}/data_api/config`, body: changes });
}

export async function setPermission(
  path: string,
  source: string,
  permission: Permission,
): Promise<void> {
  const name = encodeURIComponent(source);
  await call({ method: "PATCH", path: `${path}/data_sources/${name}`, body: { permission } });
}

/** @returns the key's text too, which nothing can show again */
export async function createKey(
  path: string,
  body: { readonly name: string; readonly role?: Permission },
): Promise<ApiKey & { readonly key: string }> {
  return call({ method: "POST", path: `${path}/api_keys`, body });
}

export async function setKeyDisabled(path: string, id: string, disabled: boolean): Promise<void> {
  const word = disabled ? "disable" : "enable";
  await call({ method: "PUT", path: `${path}/api_keys/${id}/${word}` });
}

export async function deleteKey(path: string, id: string): Promise<void> {
  await call({ method: "DELETE", path: `${path}/api_keys/${id}` });
}
