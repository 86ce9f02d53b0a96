/**
 * `/metrics` in Prometheus' text form. Loaded when it is first asked for; what it shows is counted elsewhere, and read
 * when somebody looks.
 */
import { collectDefaultMetrics, Counter, Gauge, type Metric, Registry } from "prom-client";
import { durationBoundsMs } from "./durations.ts";
import type { Logs } from "./logs.ts";
import { createPartMetrics, type Figure } from "./part-metrics.ts";

export interface MetricsSources {
  readonly logs: Logs;
  /** Requests that are worked on. */
  readonly inFlight: () => number;
  /** Of requests' bodies that are in memory. */
  readonly bodyBytes: () => number;
  /** Of what is inside the server: hosts of functions, entries of caches, connections. */
  readonly figures: () => readonly Figure[];
  /** Name of a data source's store → whether it can serve. */
  readonly stores: () => Promise<ReadonlyMap<string, boolean>>;
}

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
}

export function createMetrics(sources: MetricsSources): Metrics {
  const { logs, inFlight, bodyBytes, figures, stores } = sources;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const labelNames = ["app", "name", "status"] as const;
  registry.registerMetric(
    new Counter({
      name: "petiole_requests_total",
      help: "Requests that were answered.",
      labelNames,
      registers: [],
      collect() {
        this.reset();
        for (const { app, name, status, count } of logs.traffic.rows())
          this.inc({ app, name, status }, count);
      },
    }),
  );
  registry.registerMetric(durations(logs));
  gauge(registry, "petiole_requests_in_flight", "Requests that are worked on.", inFlight);
  gauge(registry, "petiole_request_body_bytes", "Bodies of requests in memory.", bodyBytes);
  gauge(registry, "petiole_log_bytes", "Size of the request log.", () => logs.store.bytes);
  counter(registry, "petiole_log_segments_pruned_total", {
    help: "Segments of the request log that had to go before their time.",
    read: () => logs.store.prunedCount,
  });
  counter(registry, "petiole_log_segments_lost_total", {
    help: "Segments of the request log that the state store did not take.",
    read: () => logs.recorder.lostCount,
  });
  registry.registerMetric(
    new Gauge({
      name: "petiole_store_up",
      help: "Whether a store can serve.",
      labelNames: ["store"],
      registers: [],
      async collect() {
        this.reset();
        for (const [store, isUp] of await stores()) this.set({ store }, isUp ? 1 : 0);
      },
    }),
  );
  for (const metric of createPartMetrics(figures)) registry.registerMetric(metric);
  return { contentType: registry.contentType, text: async () => registry.metrics() };
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  registry.registerMetric(
    new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(read());
      },
    }),
  );
}

function counter(
  registry: Registry,
  name: string,
  { help, read }: { readonly help: string; readonly read: () => number },
): void {
  registry.registerMetric(
    new Counter({
      name,
      help,
      registers: [],
      collect() {
        this.reset();
        this.inc(read());
      },
    }),
  );
}

/**
 * The library's own histogram wants every single duration; here they are counted already. What it asks of a metric is
 * this one function.
 */
function durations({ traffic }: Logs): Metric {
  const name = "petiole_request_duration_seconds";
  const bounds = [...durationBoundsMs.map((ms) => String(ms / 1000)), "+Inf"];
  const get = async (): Promise<object> => ({
    name,
    help: "From the request's first line to its answer.",
    type: "histogram",
    aggregator: "sum",
    values: [...traffic.rows()].flatMap(({ app, name: called, status, buckets, sumMs, count }) => {
      const labels = { app, name: called, status };
      return [
        ...bounds.map((le, at) => ({
          labels: { ...labels, le },
          value: buckets[at] ?? count,
          metricName: `${name}_bucket`,
        })),
        { labels, value: sumMs / 1000, metricName: `${name}_sum` },
        { labels, value: count, metricName: `${name}_count` },
      ];
    }),
  });
  return { name, get, reset: () => {} } as unknown as Metric;
}
