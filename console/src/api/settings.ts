/** Settings of an app, and who administers the server. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "./client.ts";

export interface AppLimits {
  readonly effective: Readonly<Record<string, number>>;
  /** What differs from the server's. */
  readonly own: Readonly<Record<string, number>>;
}

export interface AccessEntry {
  readonly _id: string;
  readonly address: string;
  readonly comment: string;
  readonly includes_current: boolean;
}

export interface Administrator {
  readonly _id: string;
  /** E-mail address or public key. */
  readonly name: string;
  readonly kind: "person" | "key";
  readonly role: "owner" | "readOnly";
}

export interface AuditEntry {
  readonly at: string;
  readonly administrator: string;
  readonly remote_ip_address: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly co_id: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly changes: readonly string[];
}

export function limitsQuery(path: string) {
  return queryOptions({
    queryKey: [path, "limits"],
    queryFn: async () => call<AppLimits>({ path: `${path}/limits` }),
  });
}

export function originsQuery(path: string) {
  return queryOptions({
    queryKey: [path, "origins"],
    queryFn: async () =>
      call<readonly string[]>({ path: `${path}/security/allowed_request_origins` }),
  });
}

export function accessListQuery(path: string) {
  return queryOptions({
    queryKey: [path, "access-list"],
    queryFn: async () =>
      call<{ readonly current_ip: string; readonly allowed_ips: readonly AccessEntry[] }>({
        path: `${path}/security/access_list`,
      }),
  });
}

export const administratorsQuery = queryOptions({
  queryKey: ["administrators"],
  queryFn: async () => call<readonly Administrator[]>({ path: "/administrators" }),
});

/** Of whoever is signed in. */
export const profileQuery = queryOptions({
  queryKey: ["profile"],
  staleTime: 60_000,
  queryFn: async () =>
    call<{
      readonly user_id: string;
      readonly roles: readonly { readonly role_name: string; readonly group_id: string }[];
    }>({ path: "/auth/profile" }),
});

export function auditQuery(path: string, skip: number, limit: number) {
  return queryOptions({
    queryKey: [path, "audit", skip, limit],
    queryFn: async () =>
      call<readonly AuditEntry[]>({ path: `${path}/audit`, query: { skip, limit } }),
  });
}
