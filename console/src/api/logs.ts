/** The request log. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "./client.ts";

/** Entries of a kind have fields of their own besides, which are shown as they are. */
export interface LogEntry {
  readonly _id: string;
  readonly co_id: string;
  readonly type: string;
  readonly request_url?: string;
  readonly request_method?: string;
  readonly started: string;
  readonly completed: string;
  readonly user_id?: string;
  readonly status: number;
  readonly function_id?: string;
  readonly function_name?: string;
  readonly function_call?: {
    readonly name: string;
    readonly arguments: unknown;
    readonly service?: string;
  };
  readonly endpoint_id?: string;
  readonly endpoint_args?: {
    readonly query: NamedLists;
    readonly headers: NamedLists;
    readonly body?: { readonly $binary: { readonly base64: string } };
  };
  readonly error?: string;
  readonly error_code?: string;
  /** Why a caller was not believed. */
  readonly auth_failure?: string;
  readonly messages?: readonly string[];
  readonly notes?: readonly string[];
  readonly schema_violations?: readonly SchemaViolation[];
  readonly rule_metrics?: {
    /** By `db.collection`. */
    readonly namespaces_metrics?: Readonly<Record<string, NamespaceMetrics>>;
  };
  readonly log_forwarder_name?: string;
  /** Bytes times milliseconds. */
  readonly mem_time_usage: number;
  readonly response_bytes: number;
  readonly duration_ms: number;
}

export type NamedLists = Readonly<Record<string, readonly string[]>>;

interface SchemaViolation {
  readonly kind: string;
  readonly field: string;
  readonly message: string;
}

export interface NamespaceMetrics {
  readonly roles: Readonly<
    Record<
      string,
      {
        readonly matching_documents: number;
        readonly evaluated_fields: number;
        readonly discarded_fields: number;
      }
    >
  >;
  /** Documents for which no role applied. */
  readonly no_matching_role: number;
}

export interface LogFilter {
  readonly co_id?: string;
  readonly user_id?: string;
  /** One or several, with commas between. */
  readonly type?: string;
  /** ISO 8601. */
  readonly start_date?: string;
  readonly end_date?: string;
  readonly errors_only?: boolean;
}

/** Kinds of entries that this server writes. */
export const logTypes: readonly { readonly value: string; readonly label: string }[] = [
  { value: "ENDPOINT", label: "Endpoints and Data API" },
  { value: "FUNCTION", label: "Functions" },
  { value: "STREAM_FUNCTION", label: "Functions as streams" },
  { value: "SERVICE_FUNCTION", label: "Data from clients" },
  { value: "SERVICE_STREAM_FUNCTION", label: "Watched data" },
  { value: "AUTH", label: "Logins and users" },
  { value: "API_KEY", label: "API keys" },
  { value: "WEBHOOK", label: "Webhooks" },
  { value: "SCHEDULED_TRIGGER", label: "Triggers" },
  { value: "SCHEMA_VALIDATION", label: "Checks of schemas" },
  { value: "SCHEMA_GENERATION", label: "Schemas from samples" },
  { value: "LOG_FORWARDER", label: "Log forwarders" },
];

export interface LogPage {
  readonly logs: readonly LogEntry[];
  readonly nextEndDate?: string;
  readonly nextSkip?: number;
}

/** Where a page ends. */
export interface PageEnd {
  readonly end: string;
  readonly skip: number;
}

/** The newest first. @param before where the page before it ended */
export async function fetchLogs(
  path: string,
  filter: LogFilter,
  asked: {
    readonly limit: number;
    readonly before: PageEnd | undefined;
    readonly signal: AbortSignal;
  },
): Promise<LogPage> {
  const { limit, before, signal } = asked;
  return call<LogPage>({
    path: `${path}/logs`,
    query: {
      ...toQuery(filter),
      limit,
      ...(before !== undefined && { end_date: before.end, skip: before.skip }),
    },
    signal,
  });
}

/** @returns undefined after the last page */
export function endOfPage({ nextEndDate, nextSkip }: LogPage): PageEnd | undefined {
  return nextEndDate === undefined ? undefined : { end: nextEndDate, skip: nextSkip ?? 0 };
}

export function logsQuery(path: string, filter: LogFilter) {
  return infiniteQueryOptions({
    queryKey: [path, "logs", filter],
    initialPageParam: undefined as PageEnd | undefined,
    queryFn: async ({ pageParam: before, signal }) =>
      fetchLogs(path, filter, { limit: 50, before, signal }),
    getNextPageParam: endOfPage,
  });
}

/** One entry, by its id; null where there is none, or none any more. */
export function logEntryQuery(path: string, id: string) {
  return queryOptions({
    queryKey: [path, "log-entry", id],
    queryFn: async () => {
      const { logs } = await call<LogPage>({ path: `${path}/logs`, query: { co_id: id } });
      return logs[0] ?? null;
    },
  });
}

export function toQuery({
  errors_only: errorsOnly,
  ...others
}: LogFilter): Readonly<Record<string, string | undefined>> {
  const given = Object.entries(others).filter(([, value]) => value !== "");
  return { ...Object.fromEntries(given), ...(errorsOnly === true && { errors_only: "true" }) };
}
