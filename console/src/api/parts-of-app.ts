/** Functions, endpoints, values and secrets of an app. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "./client.ts";
import type { RunAsWire } from "./run-as.ts";

export interface AppFunction extends RunAsWire {
  readonly _id: string;
  readonly name: string;
  readonly source: string;
  /** Not to be called by clients. */
  readonly private: boolean;
  readonly can_evaluate: unknown;
  readonly disable_arg_logs: boolean;
}

export type FunctionChange = Partial<Omit<AppFunction, "_id">> & Pick<AppFunction, "name">;

export const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "*"] as const;
export const validations = ["NO_VALIDATION", "SECRET_AS_QUERY_PARAM", "VERIFY_PAYLOAD"] as const;

/** What is checked of a request. */
export interface Validated {
  readonly validation_method: (typeof validations)[number];
  readonly secret_name?: string;
}

export interface Endpoint extends Validated {
  readonly _id: string;
  readonly route: string;
  readonly http_method: (typeof methods)[number];
  readonly function_name: string;
  readonly respond_result: boolean;
  readonly fetch_custom_user_data: boolean;
  readonly create_user_on_auth: boolean;
  readonly disabled: boolean;
  readonly return_type: "JSON" | "EJSON";
  readonly can_evaluate: unknown;
}

export interface AppValue {
  readonly _id: string;
  readonly name: string;
  readonly private: boolean;
  readonly from_secret: boolean;
  /** The name of a secret, where it comes from one. */
  readonly value: unknown;
}

export interface SecretName {
  readonly _id: string;
  readonly name: string;
}

export function functionsQuery(path: string) {
  return queryOptions({
    queryKey: [path, "functions"],
    queryFn: async () => call<readonly AppFunction[]>({ path: `${path}/functions` }),
  });
}

export function endpointsQuery(path: string) {
  return queryOptions({
    queryKey: [path, "endpoints"],
    queryFn: async () => call<readonly Endpoint[]>({ path: `${path}/endpoints` }),
  });
}

export function valuesQuery(path: string) {
  return queryOptions({
    queryKey: [path, "values"],
    queryFn: async () => call<readonly AppValue[]>({ path: `${path}/values` }),
  });
}

export function secretsQuery(path: string) {
  return queryOptions({
    queryKey: [path, "secrets"],
    queryFn: async () => call<readonly SecretName[]>({ path: `${path}/secrets` }),
  });
}

/** What an administrator's run of a function gave. */
export interface FunctionRun {
  /** Canonical EJSON; absent where it failed. */
  readonly result?: unknown;
  readonly error?: string;
  readonly logs?: readonly string[];
  readonly stats: { readonly execution_time: string };
}
