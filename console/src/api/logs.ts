/** The request log. */
import { infiniteQueryOptions } from "@tanstack/react-query";
import { call } from "./client.ts";

export interface LogEntry {
  readonly _id: string;
  readonly co_id: string;
  readonly type: string;
  readonly request_url?: string;
  readonly request_method?: string;
  readonly started: string;
  readonly completed: string;
  readonly user_id?: string;
  readonly remote_ip_address?: string;
  readonly status: number;
  readonly function_name?: string;
  readonly error?: string;
  readonly error_code?: string;
  readonly messages?: readonly string[];
  readonly rule_metrics?: RuleMetricsOfEntry;
  readonly response_bytes: number;
  readonly duration_ms: number;
}

export interface RuleMetricsOfEntry {
  /** By `db.collection`. */
  readonly namespaces_metrics?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface LogFilter {
  readonly co_id?: string;
  readonly user_id?: string;
  readonly type?: string;
  /** ISO 8601. */
  readonly start_date?: string;
  readonly end_date?: string;
  readonly errors_only?: boolean;
}

export const logTypes = [
  "ENDPOINT",
  "FUNCTION",
  "SERVICE_FUNCTION",
  "AUTH",
  "API_KEY",
  "SCHEDULED_TRIGGER",
  "SCHEMA_VALIDATION",
  "LOG_FORWARDER",
] as const;

interface LogPage {
  readonly logs: readonly LogEntry[];
  readonly nextEndDate?: string;
  readonly nextSkip?: number;
}

/** The newest first, a page at a time. */
export function logsQuery(path: string, filter: LogFilter) {
  return infiniteQueryOptions({
    queryKey: [path, "logs", filter],
    initialPageParam: undefined as { readonly end: string; readonly skip: number } | undefined,
    queryFn: async ({ pageParam, signal }) =>
      call<LogPage>({
        path: `${path}/logs`,
        query: {
          ...toQuery(filter),
          limit: 50,
          ...(pageParam !== undefined && { end_date: pageParam.end, skip: pageParam.skip }),
        },
        signal,
      }),
    getNextPageParam: ({ nextEndDate, nextSkip }) =>
      nextEndDate === undefined ? undefined : { end: nextEndDate, skip: nextSkip ?? 0 },
  });
}

export function toQuery({
  errors_only: errorsOnly,
  ...others
}: LogFilter): Readonly<Record<string, string | undefined>> {
  const given = Object.entries(others).filter(([, value]) => value !== "");
  return { ...Object.fromEntries(given), ...(errorsOnly === true && { errors_only: "true" }) };
}
