/** Rules and schemas of an app's collections, and why they let a user do something. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "./client.ts";
import { Failure } from "./failure.ts";

export interface Service {
  readonly _id: string;
  readonly name: string;
}

export interface RuleLists {
  readonly roles: readonly unknown[];
  readonly filters: readonly unknown[];
}

export interface CollectionRules extends RuleLists {
  readonly _id: string;
  readonly database: string;
  readonly collection: string;
}

export interface SchemaPlace {
  readonly _id: string;
  readonly metadata: {
    readonly data_source: string;
    readonly database: string;
    readonly collection: string;
  };
}

export interface RoleTemplate {
  readonly name: string;
  readonly description: string;
  readonly role: unknown;
}

export interface Explanation {
  readonly allowed: boolean | null;
  readonly reason: string;
  readonly role: string | null;
  readonly roles: readonly { readonly name: string; readonly applies: boolean | null }[];
  readonly filters: readonly string[];
  readonly pushed_filter: string | null;
  readonly pushed_whole: boolean | null;
  readonly fields: {
    readonly shown: readonly string[];
    readonly hidden: readonly string[];
  } | null;
  readonly violations: readonly { readonly field: string; readonly message: string }[];
}

export function servicesQuery(path: string) {
  return queryOptions({
    queryKey: [path, "services"],
    queryFn: async () => call<readonly Service[]>({ path: `${path}/services` }),
  });
}

export function rulesQuery(path: string, service: string) {
  return queryOptions({
    queryKey: [path, "rules", service],
    queryFn: async () =>
      call<readonly CollectionRules[]>({ path: `${path}/services/${service}/rules` }),
  });
}

/** Null where there are none. */
export function defaultRuleQuery(path: string, service: string) {
  return queryOptions({
    queryKey: [path, "rules", service, "default"],
    queryFn: async () => {
      try {
        return await call<RuleLists>({ path: `${path}/services/${service}/default_rule` });
      } catch (cause) {
        if (cause instanceof Failure && cause.status === 404) return null;
        throw cause;
      }
    },
  });
}

export function schemasQuery(path: string) {
  return queryOptions({
    queryKey: [path, "schemas"],
    queryFn: async () => call<readonly SchemaPlace[]>({ path: `${path}/schemas` }),
  });
}

export function schemaQuery(path: string, id: string) {
  return queryOptions({
    queryKey: [path, "schemas", id],
    queryFn: async () => call<{ readonly schema: unknown }>({ path: `${path}/schemas/${id}` }),
  });
}

export function templatesQuery(path: string) {
  return queryOptions({
    queryKey: [path, "rule-templates"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => call<readonly RoleTemplate[]>({ path: `${path}/rules/templates` }),
  });
}
