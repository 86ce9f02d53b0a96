import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { Fault } from "../kit/fault.ts";
import { readDate, readDuration } from "../logs/iso-time.ts";
import { isMeasurement, readMeasurements } from "../logs/measurements.ts";
import type { UsageRow } from "../logs/usage.ts";
import { addSums, emptySums, type Sums } from "../logs/usage-sums.ts";
import type { AdminServices } from "./admin-services.ts";

const one = Type.Optional(Type.String());
const several = Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())]));
const metricsQuery = Type.Object({
  start: Type.String(),
  end: Type.String(),
  granularity: Type.String(),
  metrics: several,
});
const billingQuery = Type.Object({ start: one, end: one, granularity: one });
const usageQuery = Type.Object({ start: one, end: one });

interface AppParams {
  readonly appId: string;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const pointsMax = 10_000;

/** `/groups/{g}/apps/{a}/{metrics,measurements,usage}`: what an app uses, as series and sums. */
export function measurementRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps, logs, groupId } = services;
  return async (instance) => {
    instance.get<{ Params: AppParams; Querystring: Static<typeof metricsQuery> }>(
      "/apps/:appId/metrics",
      { schema: { querystring: metricsQuery } },
      async (request) => {
        const app = apps.must(request.params.appId);
        const { granularity, metrics } = request.query;
        const period = readPeriod(request.query);
        const granularityMs = readGranularity(granularity, period);
        const names = readNames(metrics);
        await logs.usage.flush();
        const wanted = {
          appId: app.id,
          ...period,
          granularityMs,
          usersCount: await services.countUsers(app.id),
          ...(names !== undefined && { names }),
        };
        return {
          app_id: app.id,
          app_name: app.name,
          group_id: groupId,
          ...describePeriod(period),
          granularity,
          measurements: await readMeasurements(logs.usage, wanted, Date.now()),
        };
      },
    );
    instance.get<{ Params: AppParams; Querystring: Static<typeof billingQuery> }>(
      "/apps/:appId/measurements",
      { schema: { querystring: billingQuery } },
      async (request) => {
        const app = apps.must(request.params.appId);
        return { app_id: app.id, ...(await readBilling(services, [app.id], request.query)) };
      },
    );
    instance.get<{ Querystring: Static<typeof billingQuery> }>(
      "/measurements",
      { schema: { querystring: billingQuery } },
      async (request) =>
        readBilling(
          services,
          apps.list().map(({ id }) => id),
          request.query,
        ),
    );
    // Ours: per key, endpoint and day.
    instance.get<{ Params: AppParams; Querystring: Static<typeof usageQuery> }>(
      "/apps/:appId/usage",
      { schema: { querystring: usageQuery } },
      async (request) => {
        const app = apps.must(request.params.appId);
        const period = monthOr(request.query);
        await logs.usage.flush();
        const from = Math.floor(period.start / dayMs) * dayMs;
        const filter = { appId: app.id, stretch: "day", from, until: period.end } as const;
        return {
          app_id: app.id,
          group_id: groupId,
          ...describePeriod(period),
          usage: (await logs.usage.read(filter)).map(describeDay),
        };
      },
    );
  };
}

function describeDay(row: UsageRow): object {
  return {
    date: new Date(row.at).toISOString().slice(0, 10),
    api_key_id: row.keyId,
    endpoint_route: row.route,
    kind: row.group,
    request_count: row.succeeded + row.failed,
    failed_count: row.failed,
    compute_byte_ms: row.computeByteMs,
    data_out_bytes: row.egressBytes,
  };
}

/** What the original billed. */
async function readBilling(
  { logs, groupId }: AdminServices,
  appIds: readonly string[],
  query: Static<typeof billingQuery>,
): Promise<object> {
  const { granularity = "P31D" } = query;
  if (granularity !== "P31D" && granularity !== "PT1H")
    throw new Fault("InvalidParameter", "granularity must be P31D or PT1H");
  const period = monthOr(query);
  const stepMs = granularity === "PT1H" ? hourMs : Math.max(1, period.end - period.start);
  mustBeFew(period, stepMs);
  await logs.usage.flush();
  const from = Math.floor(period.start / hourMs) * hourMs;
  const rows = await Promise.all(
    appIds.map(async (appId) =>
      logs.usage.read({ appId, stretch: "hour", from, until: period.end }),
    ),
  );
  const count = Math.ceil((period.end - period.start) / stepMs);
  const sums = Array.from({ length: count }, emptySums);
  for (const row of rows.flat()) {
    const sum = sums[Math.max(0, Math.floor((row.at - period.start) / stepMs))];
    if (sum !== undefined) addSums(sum, row);
  }
  const points = (valueOf: (each: Sums) => number): readonly object[] =>
    sums.map((each, at) => ({
      timestamp: new Date(period.start + at * stepMs).toISOString(),
      value: valueOf(each),
    }));
  return {
    group_id: groupId,
    ...describePeriod(period),
    granularity,
    measurements: [
      { name: "request_count", units: "", data_points: points((s) => s.succeeded + s.failed) },
      { name: "compute_time", units: "HOURS", data_points: points((s) => s.responseMs / hourMs) },
      { name: "data_out", units: "GIGABYTES", data_points: points((s) => s.egressBytes / 1e9) },
      { name: "sync_time", units: "HOURS", data_points: points(() => 0) },
    ],
  };
}

interface Period {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
}

function readPeriod(query: { readonly start: string; readonly end: string }): Period {
  const period = { start: readDate("start", query.start), end: readDate("end", query.end) };
  if (period.end > period.start) return period;
  throw new Fault("InvalidParameter", "end must be later than start");
}

/** This month where nothing is said. */
function monthOr(query: {
  readonly start?: string | undefined;
  readonly end?: string | undefined;
}): Period {
  const now = new Date();
  const month = (ahead: number): string =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead)).toISOString();
  return readPeriod({ start: query.start ?? month(0), end: query.end ?? month(1) });
}

function describePeriod({ start, end }: Period): object {
  return { start: new Date(start).toISOString(), end: new Date(end).toISOString() };
}

function readGranularity(text: string, period: Period): number {
  const ms = readDuration("granularity", text);
  if (ms < minuteMs)
    throw new Fault("InvalidParameter", "granularity must be a minute (PT1M) or more");
  mustBeFew(period, ms);
  return ms;
}

function mustBeFew({ start, end }: Period, stepMs: number): void {
  if ((end - start) / stepMs > pointsMax)
    throw new Fault("InvalidParameter", `more than ${pointsMax} data points: ask for fewer`);
}

function readNames(given: string | readonly string[] | undefined): readonly string[] | undefined {
  if (given === undefined) return undefined;
  const names = [given].flat().flatMap((each) => each.split(","));
  const unknown = names.find((each) => !isMeasurement(each));
  if (unknown === undefined) return names;
  throw new Fault("InvalidParameter", `there is no metric '${unknown.slice(0, 64)}'`);
}
