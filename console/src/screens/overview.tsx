/** How the app does: traffic, failures, times, and who causes them. */
import "@mantine/charts/styles.css";
import { AreaChart } from "@mantine/charts";
import { Paper, SegmentedControl, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { apiKeysQuery } from "../api/data-api.ts";
import {
  type MetricPoint,
  metricsQuery,
  type Period,
  usageQuery,
  type UsageDay,
} from "../api/metrics.ts";
import { ScreenFrame } from "../parts/screen.tsx";
import { Empty, Failed, Waiting } from "../parts/states.tsx";
import { useCurrentApp } from "../shell/current-app.ts";

/** Memory × time, as computing is counted. */
const byteMsPerGbS = 2 ** 30 * 1000;
const periods: readonly Period[] = ["1h", "24h", "30d"];
const secondsOf: Readonly<Record<Period, number>> = { "1h": 60, "24h": 1800, "30d": 86_400 };

export function Screen(): ReactNode {
  const { path } = useCurrentApp();
  const search = useSearch({ strict: false }) as { readonly period?: Period };
  const period = periods.find((each) => each === search.period) ?? "24h";
  const navigate = useNavigate();
  const points = useQuery(metricsQuery(path, period));
  return (
    <ScreenFrame
      title="Overview"
      purpose="Traffic and failures of the Data API and of endpoints."
      actions={
        <SegmentedControl
          aria-label="Period"
          data={periods.map((value) => ({ value, label: value }))}
          value={period}
          onChange={(value) => void navigate({ to: ".", search: { period: value } })}
        />
      }
    >
      {points.isPending && <Waiting />}
      {points.isError && <Failed cause={points.error} again={() => void points.refetch()} />}
      {points.isSuccess && <Charts points={points.data} period={period} />}
      <Usage days={period === "30d" ? 30 : 1} />
    </ScreenFrame>
  );
}

interface Row {
  readonly at: string;
  readonly answered: number;
  readonly failed: number;
  /** Medians of the stretch, and what 95 % stayed below. */
  readonly p50: number;
  readonly p95: number;
  readonly computeMs: number;
  readonly kilobytes: number;
}

function toRows(points: readonly MetricPoint[], period: Period): readonly Row[] {
  const seconds = secondsOf[period];
  const time = new Intl.DateTimeFormat(
    undefined,
    period === "30d" ? { month: "short", day: "numeric" } : { hour: "2-digit", minute: "2-digit" },
  );
  return points.map((point) => ({
    at: time.format(new Date(point.at)),
    answered: Math.round((point.ENDPOINTS_SUCCESSFUL_REQUESTS ?? 0) * seconds),
    failed: Math.round((point.ENDPOINTS_FAILED_REQUEST ?? 0) * seconds),
    p50: toTenths(point.ENDPOINTS_RESPONSE_MS_P50),
    p95: toTenths(point.ENDPOINTS_RESPONSE_MS),
    computeMs: (point.ENDPOINTS_COMPUTE_MS ?? 0) * seconds,
    kilobytes: Math.round(((point.ENDPOINTS_EGRESS_BYTES ?? 0) * seconds) / 1024),
  }));
}

function toTenths(value = 0): number {
  return Math.round(value * 10) / 10;
}

function Charts({
  points,
  period,
}: {
  readonly points: readonly MetricPoint[];
  readonly period: Period;
}): ReactNode {
  const rows = useMemo(() => toRows(points, period), [points, period]);
  const sum = (of: (row: Row) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const answered = sum((row) => row.answered);
  const failed = sum((row) => row.failed);
  const slowest = Math.max(0, ...rows.map((row) => row.p95));
  const computeSeconds = toTenths(sum((row) => row.computeMs) / 1000);
  return (
    <Stack>
      <SimpleGrid cols={{ base: 2, md: 5 }}>
        <Figure label="Requests answered" value={answered.toLocaleString()} />
        <Figure
          label="Failed"
          value={`${failed.toLocaleString()} (${percentOf(failed, answered + failed)})`}
        />
        <Figure label="Slowest p95" value={`${slowest} ms`} />
        <Figure label="Computed" value={`${computeSeconds.toLocaleString()} s`} />
        <Figure label="Sent" value={`${sum((row) => row.kilobytes).toLocaleString()} kB`} />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Chart
          title="Requests"
          rows={rows}
          series={[
            { name: "answered", label: "Answered", color: "green.6" },
            { name: "failed", label: "Failed", color: "red.6" },
          ]}
        />
        <Chart
          title="Time to answer, p50 and p95 in ms"
          rows={rows}
          series={[
            { name: "p50", label: "p50", color: "teal.6" },
            { name: "p95", label: "p95", color: "blue.6" },
          ]}
        />
      </SimpleGrid>
    </Stack>
  );
}

function percentOf(part: number, whole: number): string {
  return whole === 0 ? "0 %" : `${((100 * part) / whole).toFixed(1)} %`;
}

function Figure({ label, value }: { readonly label: string; readonly value: string }): ReactNode {
  return (
    <Paper withBorder p="md">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="xl" fw={600} className="break">
        {value}
      </Text>
    </Paper>
  );
}

function Chart({
  title,
  rows,
  series,
}: {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly series: readonly {
    readonly name: string;
    readonly label: string;
    readonly color: string;
  }[];
}): ReactNode {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Title order={2} size="h5" mb="sm">
        {title}
      </Title>
      <AreaChart
        h={220}
        data={rows.map((row) => ({ ...row }))}
        dataKey="at"
        series={series.map((each) => ({ ...each }))}
        withDots={false}
        curveType="monotone"
      />
    </Paper>
  );
}

function Usage({ days }: { readonly days: number }): ReactNode {
  const { path } = useCurrentApp();
  const usage = useQuery(usageQuery(path, days));
  const { data: keys } = useSuspenseQuery(apiKeysQuery(path));
  if (usage.isPending) return <Waiting />;
  if (usage.isError) return <Failed cause={usage.error} />;
  if (usage.data.length === 0)
    return <Empty title="No traffic yet">Send a request: Get started has one ready.</Empty>;
  const nameOfKey = (id: string): string =>
    id === "" ? "without a key" : (keys.find(({ _id }) => _id === id)?.name ?? id);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Sums
        title="By endpoint and action"
        rows={sumBy(usage.data, (row) => shortRoute(row.endpoint_route) || row.kind)}
      />
      <Sums title="By key" rows={sumBy(usage.data, (row) => nameOfKey(row.api_key_id))} />
    </SimpleGrid>
  );
}

/** Actions by their names alone: routes of endpoints begin with a slash. */
function shortRoute(route: string): string {
  return route.replace(/^\/data\/[^/]+\/action\//, "");
}

interface Sum {
  readonly name: string;
  readonly requests: number;
  readonly failed: number;
  readonly byteMs: number;
  readonly bytes: number;
}

function sumBy(rows: readonly UsageDay[], nameOf: (row: UsageDay) => string): readonly Sum[] {
  const sums = new Map<string, Sum>();
  for (const row of rows) {
    const name = nameOf(row);
    const former = sums.get(name) ?? { name, requests: 0, failed: 0, byteMs: 0, bytes: 0 };
    sums.set(name, {
      name,
      requests: former.requests + row.request_count,
      failed: former.failed + row.failed_count,
      byteMs: former.byteMs + row.compute_byte_ms,
      bytes: former.bytes + row.data_out_bytes,
    });
  }
  return [...sums.values()].toSorted((a, b) => b.requests - a.requests).slice(0, 20);
}

function Sums({
  title,
  rows,
}: {
  readonly title: string;
  readonly rows: readonly Sum[];
}): ReactNode {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Title order={2} size="h5" mb="sm">
        {title}
      </Title>
      <Table.ScrollContainer minWidth={400}>
        <Table fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th ta="right">Requests</Table.Th>
              <Table.Th ta="right">Failed</Table.Th>
              <Table.Th ta="right">GB s</Table.Th>
              <Table.Th ta="right">kB</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.name}>
                <Table.Td className="mono break">{row.name}</Table.Td>
                <Table.Td ta="right">{row.requests.toLocaleString()}</Table.Td>
                <Table.Td ta="right">{row.failed.toLocaleString()}</Table.Td>
                <Table.Td ta="right">{(row.byteMs / byteMsPerGbS).toFixed(3)}</Table.Td>
                <Table.Td ta="right">{Math.round(row.bytes / 1024).toLocaleString()}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
