/** The series that the admin API shows of an app's usage (SPEC §11.3). */
import { percentileOf } from "./durations.ts";
import type { Usage, UsageGroup, UsageRow } from "./usage.ts";
import { addSums, emptySums, type Sums } from "./usage-sums.ts";

export interface Measurement {
  readonly name: string;
  readonly units: string;
  readonly data_points: readonly DataPoint[];
}

export interface DataPoint {
  /** ISO 8601: where its stretch begins. */
  readonly timestamp: string;
  readonly value: number;
}

export interface SeriesWanted {
  readonly appId: string;
  /** Milliseconds since 1970. */
  readonly start: number;
  /** Not included. */
  readonly end: number;
  readonly granularityMs: number;
  /** All when absent. */
  readonly names?: readonly string[];
  /** For the one series that is no sum. */
  readonly usersCount: number;
}

interface Series {
  readonly units: Units;
  readonly groups: readonly UsageGroup[] | "all";
  /** @param seconds of the stretch */
  readonly valueOf: (sums: Sums, seconds: number) => number;
}

type Units = "BYTES_PER_SECOND" | "MILLISECONDS" | "SCALAR" | "SCALAR_PER_SECOND";
type Value = readonly [units: Units, valueOf: Series["valueOf"]];

function rate(of: (sums: Sums) => number, units: Units = "SCALAR_PER_SECOND"): Value {
  return [units, (sums, seconds) => of(sums) / seconds];
}

const compute = rate((sums) => sums.responseMs);
const egress = rate((sums) => sums.egressBytes, "BYTES_PER_SECOND");
const failed = rate((sums) => sums.failed);
const succeeded = rate((sums) => sums.succeeded);
const response: Value = ["MILLISECONDS", (sums) => percentileOf(sums.durations, 0.95)];
const median: Value = ["MILLISECONDS", (sums) => percentileOf(sums.durations, 0.5)];
/** Of what this server does not have. */
const none = rate(() => 0);

function seriesOf(
  prefix: string,
  groups: Series["groups"],
  names: Readonly<Record<string, Value>>,
): readonly (readonly [string, Series])[] {
  return Object.entries(names).map(
    ([name, [units, valueOf]]) => [`${prefix}_${name}`, { units, groups, valueOf }] as const,
  );
}

const common = { EGRESS_BYTES: egress, FAILED_REQUESTS: failed, SUCCESSFUL_REQUESTS: succeeded };
const computed = { COMPUTE_MS: compute, ...common };
const answered = { ...computed, RESPONSE_MS: response };

/** Names as the original has them, one of them without its plural; the median is an addition. */
const allSeries: ReadonlyMap<string, Series> = new Map([
  ...seriesOf("ENDPOINTS", ["ENDPOINTS"], {
    COMPUTE_MS: compute,
    EGRESS_BYTES: egress,
    FAILED_REQUEST: failed,
    RESPONSE_MS: response,
    RESPONSE_MS_P50: median,
    SUCCESSFUL_REQUESTS: succeeded,
  }),
  ...seriesOf("AUTH", ["AUTH"], {
    ...common,
    RESPONSE_MS: response,
    SUCCESSFUL_LOGIN: rate((sums) => sums.logins),
  }),
  ...seriesOf("OVERALL", "all", { ...computed, SYNC_MINUTES: none }),
  ...seriesOf("SDK", ["SDK_FNS", "SDK_MQL"], computed),
  ...seriesOf("SDK_FNS", ["SDK_FNS"], { RESPONSE_MS: response }),
  ...seriesOf("SDK_MQL", ["SDK_MQL"], answered),
  ...seriesOf("TRIGGERS", ["TRIGGERS"], { ...answered, CURRENT_OPLOG_LAG_MS_SUM: none }),
  ...seriesOf("LF", ["LF"], { RESPONSE_MS: response }),
]);

const totalUsers = "AUTH_TOTAL_USERS";

export function isMeasurement(name: string): boolean {
  return name === totalUsers || allSeries.has(name);
}

const hourMs = 3_600_000;
/** Minutes are kept for two days. */
const minutesMs = 47 * hourMs;

/** Every wanted series, a point for each stretch of the period, those without requests too. */
export async function readMeasurements(
  usage: Usage,
  wanted: SeriesWanted,
  now: number,
): Promise<readonly Measurement[]> {
  const { appId, start, end, granularityMs, names, usersCount } = wanted;
  const isFine = granularityMs < hourMs || start % hourMs !== 0;
  const stretch = isFine && start > now - minutesMs ? "minute" : "hour";
  // What began before the period may reach into it.
  const from = stretch === "hour" ? Math.floor(start / hourMs) * hourMs : start;
  const rows = await usage.read({ appId, stretch, from, until: end });
  const count = Math.max(1, Math.ceil((end - start) / granularityMs));
  const points = Array.from({ length: count }, (_, at) => start + at * granularityMs);
  const found = [...allSeries]
    .filter(([name]) => names === undefined || names.includes(name))
    .map(([name, series]) => {
      const sums = sumUp(rows, series, { start, granularityMs, count });
      const values = sums.map((each) => rounded(series.valueOf(each, granularityMs / 1000)));
      return { name, units: series.units, data_points: toPoints(points, values) };
    });
  if (names !== undefined && !names.includes(totalUsers)) return found;
  const values = points.map(() => usersCount);
  return [...found, { name: totalUsers, units: "SCALAR", data_points: toPoints(points, values) }];
}

function sumUp(
  rows: readonly UsageRow[],
  { groups }: Series,
  { start, granularityMs, count }: { start: number; granularityMs: number; count: number },
): readonly Sums[] {
  const sums = Array.from({ length: count }, emptySums);
  for (const row of rows) {
    if (groups !== "all" && !groups.includes(row.group)) continue;
    const at = Math.max(0, Math.floor((row.at - start) / granularityMs));
    const sum = sums[at];
    if (sum !== undefined) addSums(sum, row);
  }
  return sums;
}

function toPoints(points: readonly number[], values: readonly number[]): readonly DataPoint[] {
  return points.map((at, index) => ({
    timestamp: new Date(at).toISOString(),
    value: values[index] ?? 0,
  }));
}

function rounded(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}
