/**
 * What `/metrics` shows of the parts of a server: each part has its numbers, and this is what they are called.
 *
 * To add one: a line here, where it is read (`server-metrics.ts`), and a row in docs/operations.md.
 */
import { Counter, Gauge, type Metric } from "prom-client";

export const partMetrics = {
  petiole_function_hosts: { help: "Processes for user code.", labels: ["app"] },
  petiole_function_calls_running: { help: "Calls that hosts work on.", labels: ["app"] },
  petiole_function_calls_waiting: { help: "Calls that wait for a host.", labels: ["app"] },
  petiole_function_host_deaths_total: {
    help: "Hosts that ended otherwise than by being idle.",
    labels: ["app"],
  },
  petiole_mongodb_connections: {
    help: "Connections to a MongoDB, by whether they are in use.",
    labels: ["store", "state"],
  },
  petiole_mongodb_calls_waiting: { help: "Calls that wait for a connection.", labels: ["store"] },
  petiole_store_bytes: { help: "Size of the data file of an embedded store.", labels: ["store"] },
  petiole_store_writes_waiting: {
    help: "Writes to an embedded store that wait for their turn.",
    labels: ["store"],
  },
  petiole_cache_entries: { help: "Entries that are remembered.", labels: ["cache"] },
} as const;

export type PartMetric = keyof typeof partMetrics;

/** A number of a part, read when somebody looks. */
export interface Figure {
  readonly metric: PartMetric;
  /** In the order of the metric's. */
  readonly labels: readonly string[];
  readonly value: number;
}

/** @param read called once per scrape, for the first of them */
export function createPartMetrics(read: () => readonly Figure[]): readonly Metric[] {
  let figures: readonly Figure[] = [];
  return Object.entries(partMetrics).map(([name, { help, labels }], at) => {
    const named = figuresOf(name);
    const isCounter = name.endsWith("_total");
    const options = { name, help, labelNames: [...labels], registers: [] };
    const refresh = (metric: { reset(): void; inc(labels: object, value: number): void }): void => {
      if (at === 0) figures = read();
      metric.reset();
      for (const { labels: values, value } of named())
        metric.inc(Object.fromEntries(labels.map((label, place) => [label, values[place]])), value);
    };
    return isCounter
      ? new Counter({
          ...options,
          collect() {
            refresh(this);
          },
        })
      : new Gauge({
          ...options,
          collect() {
            refresh(this);
          },
        });
  });

  function figuresOf(name: string): () => readonly Figure[] {
    return () => figures.filter(({ metric }) => metric === name);
  }
}
