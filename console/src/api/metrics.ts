/** What an app uses over time. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "./client.ts";

interface Measurement {
  readonly name: string;
  readonly units: string;
  readonly data_points: readonly { readonly timestamp: string; readonly value: number }[];
}

export type Period = "1h" | "24h" | "30d";

const periods: Readonly<Record<Period, { readonly ms: number; readonly granularity: string }>> = {
  "1h": { ms: 3_600_000, granularity: "PT1M" },
  "24h": { ms: 86_400_000, granularity: "PT30M" },
  "30d": { ms: 30 * 86_400_000, granularity: "P1D" },
};

const names = [
  "ENDPOINTS_SUCCESSFUL_REQUESTS",
  "ENDPOINTS_FAILED_REQUEST",
  "ENDPOINTS_RESPONSE_MS",
  "ENDPOINTS_RESPONSE_MS_P50",
  "ENDPOINTS_COMPUTE_MS",
  "ENDPOINTS_EGRESS_BYTES",
  "SDK_SUCCESSFUL_REQUESTS",
  "SDK_FAILED_REQUESTS",
  "AUTH_SUCCESSFUL_REQUESTS",
  "AUTH_FAILED_REQUESTS",
] as const;

export type MetricName = (typeof names)[number];

/** One moment with a value for each series. */
export type MetricPoint = { readonly at: string } & Readonly<Partial<Record<MetricName, number>>>;

export function metricsQuery(path: string, period: Period) {
  return queryOptions({
    queryKey: [path, "metrics", period],
    refetchInterval: 30_000,
    queryFn: async (): Promise<readonly MetricPoint[]> => {
      const { ms, granularity } = periods[period];
      const end = new Date();
      const { measurements } = await call<{ readonly measurements: readonly Measurement[] }>({
        path: `${path}/metrics`,
        query: {
          start: new Date(end.getTime() - ms).toISOString(),
          end: end.toISOString(),
          granularity,
        },
      });
      return toPoints(measurements);
    },
  });
}

function toPoints(measurements: readonly Measurement[]): readonly MetricPoint[] {
  const points = new Map<string, Record<string, number>>();
  for (const { name, data_points: data } of measurements) {
    if (!names.some((each) => each === name)) continue;
    for (const { timestamp, value } of data) {
      const point = points.get(timestamp) ?? {};
      point[name] = value;
      points.set(timestamp, point);
    }
  }
  return [...points]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([at, point]) => ({ at, ...point }));
}

export interface UsageDay {
  readonly date: string;
  readonly api_key_id: string;
  readonly endpoint_route: string;
  readonly kind: string;
  readonly request_count: number;
  readonly failed_count: number;
  readonly compute_byte_ms: number;
  readonly data_out_bytes: number;
}

export function usageQuery(path: string, days: number) {
  return queryOptions({
    queryKey: [path, "usage", days],
    queryFn: async () => {
      const end = new Date();
      const { usage } = await call<{ readonly usage: readonly UsageDay[] }>({
        path: `${path}/usage`,
        query: {
          start: new Date(end.getTime() - days * 86_400_000).toISOString(),
          end: end.toISOString(),
        },
      });
      return usage;
    },
  });
}
