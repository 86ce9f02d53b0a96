/** Settings of an app that have routes of their own. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "./client.ts";

export interface RuleSettings {
  readonly hidden_fields: "missing" | "stored";
  readonly user_regex: "allowed" | "refused";
}

export interface CustomUserData {
  readonly enabled: boolean;
  readonly mongo_service_name?: string;
  readonly database_name: string;
  readonly collection_name: string;
  readonly user_id_field: string;
  /** Runs when a user is made. */
  readonly on_user_creation_function_name?: string;
}

export const readPreferences = [
  "primary",
  "primaryPreferred",
  "secondary",
  "secondaryPreferred",
  "nearest",
] as const;

/** A data source as the app's directory has it. */
export interface LinkedSource {
  readonly _id: string;
  readonly name: string;
  readonly type: string;
  readonly config: {
    readonly clusterName?: string;
    readonly readPreference?: string;
  };
}

/** As the API names them; `none` is the one without a name. */
export const environments = ["none", "development", "testing", "qa", "production"] as const;
export type Environment = (typeof environments)[number];

export interface EnvironmentValue {
  readonly _id: string;
  readonly name: string;
}

export function ruleSettingsQuery(path: string) {
  return queryOptions({
    queryKey: [path, "rule-settings"],
    queryFn: async () => call<RuleSettings>({ path: `${path}/rules/settings` }),
  });
}

export const nullTypesPath = "/validation_settings/null_type_schema_validation";

export function nullTypesQuery(path: string) {
  return queryOptions({
    queryKey: [path, "null-types"],
    queryFn: async () => call<{ readonly enabled: boolean }>({ path: `${path}${nullTypesPath}` }),
  });
}

export const refreshPath = "/security/refresh_token_expiration";

export function refreshQuery(path: string) {
  return queryOptions({
    queryKey: [path, "refresh-expiration"],
    queryFn: async () =>
      call<{ readonly expiration_time_seconds: number }>({ path: `${path}${refreshPath}` }),
  });
}

export function customUserDataQuery(path: string) {
  return queryOptions({
    queryKey: [path, "custom-user-data"],
    queryFn: async () => call<CustomUserData>({ path: `${path}/custom_user_data` }),
  });
}

export function linkedSourcesQuery(path: string) {
  return queryOptions({
    queryKey: [path, "linked-sources"],
    queryFn: async () => call<readonly LinkedSource[]>({ path: `${path}/services` }),
  });
}

export function environmentQuery(path: string) {
  return queryOptions({
    queryKey: [path, "environment"],
    queryFn: async () => {
      const { environment } = await call<{ readonly environment: string }>({
        path: `${path}/environment`,
      });
      return environments.find((each) => each === environment) ?? "none";
    },
  });
}

export function environmentValuesQuery(path: string) {
  return queryOptions({
    queryKey: [path, "environment-values"],
    queryFn: async () => call<readonly EnvironmentValue[]>({ path: `${path}/environment_values` }),
  });
}

/** With what it is in each environment. */
export function environmentValueQuery(path: string, id: string) {
  return queryOptions({
    queryKey: [path, "environment-values", id],
    queryFn: async () =>
      call<EnvironmentValue & { readonly values: Readonly<Record<string, unknown>> }>({
        path: `${path}/environment_values/${id}`,
      }),
  });
}
