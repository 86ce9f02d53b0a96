/** Where entries of the log go besides. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "./client.ts";
import type { LogEntry } from "./logs.ts";

/** In the words of the server; the original's others (`graphql`, `sync`) have no entries here. */
export const forwardedTypes = [
  "endpoint",
  "function",
  "service",
  "auth",
  "trigger",
  "schema",
] as const;

export interface ForwarderChange {
  readonly name: string;
  readonly disabled: boolean;
  readonly log_types: readonly string[];
  readonly log_statuses: readonly ("error" | "success")[];
  readonly policy: { readonly type: "single" | "batch" };
  readonly action:
    | {
        readonly type: "collection";
        readonly data_source: string;
        readonly database: string;
        readonly collection: string;
      }
    | { readonly type: "function"; readonly name: string };
}

export interface Forwarder extends ForwarderChange {
  readonly _id: string;
}

export function forwardersQuery(path: string) {
  return queryOptions({
    queryKey: [path, "forwarders"],
    queryFn: async () => call<readonly Forwarder[]>({ path: `${path}/log_forwarders` }),
  });
}

/** What forwarders did that is worth an entry: what failed, was left out, or wrote to the console. The newest first. */
export function forwarderEntriesQuery(path: string) {
  return queryOptions({
    queryKey: [path, "logs", "forwarders"],
    queryFn: async () => {
      const { logs } = await call<{ readonly logs: readonly LogEntry[] }>({
        path: `${path}/logs`,
        query: { type: "LOG_FORWARDER", limit: 100 },
      });
      return logs;
    },
  });
}
