/** Users of an app and the ways in which they log in. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "./client.ts";

export interface AppUser {
  readonly _id: string;
  readonly identities: readonly {
    readonly id: string;
    readonly provider_type: string;
    readonly provider_data?: unknown;
  }[];
  readonly type: string;
  readonly disabled: boolean;
  readonly data: Readonly<Record<string, unknown>>;
  /** Seconds since 1970. */
  readonly creation_date: number;
  /** 0: never. */
  readonly last_authentication_date: number;
}

export interface Provider {
  readonly _id: string;
  readonly name: string;
  readonly type: string;
  readonly disabled: boolean;
}

export const providerTypes = [
  "anon-user",
  "local-userpass",
  "api-key",
  "custom-token",
  "custom-function",
  "oauth2-google",
  "oauth2-facebook",
  "oauth2-apple",
  "oauth2-oidc",
] as const;

export type ProviderType = (typeof providerTypes)[number];

const pageSize = 50;

export function usersQuery(path: string, text: string) {
  return infiniteQueryOptions({
    queryKey: [path, "users", text],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) =>
      call<readonly AppUser[]>({
        path: `${path}/users`,
        query: {
          limit: pageSize,
          sort: "_id",
          ...(text !== "" && { q: text }),
          ...(pageParam !== undefined && { after: pageParam }),
        },
        signal,
      }),
    getNextPageParam: (page) => (page.length < pageSize ? undefined : page.at(-1)?._id),
  });
}

export function userQuery(path: string, id: string) {
  return queryOptions({
    queryKey: [path, "users", "one", id],
    queryFn: async () => call<AppUser>({ path: `${path}/users/${id}` }),
  });
}

/** From where a user logged in. */
export function devicesQuery(path: string, id: string) {
  return queryOptions({
    queryKey: [path, "users", "one", id, "devices"],
    queryFn: async () =>
      call<readonly Readonly<Record<string, unknown>>[]>({ path: `${path}/users/${id}/devices` }),
  });
}

export function providersQuery(path: string) {
  return queryOptions({
    queryKey: [path, "providers"],
    queryFn: async () => call<readonly Provider[]>({ path: `${path}/auth_providers` }),
  });
}

export function providerQuery(path: string, id: string) {
  return queryOptions({
    queryKey: [path, "providers", id],
    queryFn: async () =>
      call<Readonly<Record<string, unknown>>>({ path: `${path}/auth_providers/${id}` }),
  });
}

/** What people call a user: an e-mail address, a name, or the id. */
export function nameOf({ _id, data, identities }: AppUser): string {
  for (const field of ["email", "name"]) {
    const value = data[field];
    if (typeof value === "string" && value !== "") return value;
  }
  return identities[0]?.id ?? _id;
}
