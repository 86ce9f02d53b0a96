/** What `/metrics` shows of a server, gathered from its parts when somebody looks. */
import type { Auth } from "./auth/auth.ts";
import type { Functions } from "./functions/function-call.ts";
import type { Metrics, MetricsSources } from "./logs/metrics.ts";
import type { Figure } from "./logs/part-metrics.ts";
import type { DataSource } from "./sources/source.ts";
import type { State } from "./state.ts";

export interface MeasuredParts extends Omit<MetricsSources, "figures"> {
  readonly state: State;
  /** By name. */
  readonly sources: ReadonlyMap<string, DataSource>;
  readonly functions: Functions;
  readonly auth: Auth;
}

/** Makes what opens `/metrics` when somebody first looks: its library is not loaded before. */
export function createServerMetrics(parts: MeasuredParts): () => Promise<Metrics> {
  let opening: Promise<Metrics> | undefined;
  return async () => {
    opening ??= import("./logs/metrics.ts").then(({ createMetrics }) =>
      createMetrics({ ...parts, figures: () => readFigures(parts) }),
    );
    return opening;
  };
}

function readFigures({ state, sources, functions, auth }: MeasuredParts): readonly Figure[] {
  return [
    ...[...sources].flatMap(([name, source]) => figuresOfSource(name, source)),
    ...figuresOfSource("state", state.store.source),
    ...(functions.figures?.() ?? []).flatMap(({ app, hosts, running, waiting, deaths }) =>
      (
        [
          ["petiole_function_hosts", hosts],
          ["petiole_function_calls_running", running],
          ["petiole_function_calls_waiting", waiting],
          ["petiole_function_host_deaths_total", deaths],
        ] as const
      ).map(([metric, value]) => ({ metric, labels: [app], value })),
    ),
    ...[...auth.cacheSizes()].map(
      ([cache, value]) => ({ metric: "petiole_cache_entries", labels: [cache], value }) as const,
    ),
  ];
}

function figuresOfSource(name: string, source: DataSource): readonly Figure[] {
  const figures = source.figures?.();
  if (figures === undefined) return [];
  if (figures.kind === "embedded")
    return [
      { metric: "petiole_store_bytes", labels: [name], value: figures.bytes },
      { metric: "petiole_store_writes_waiting", labels: [name], value: figures.writesWaiting },
    ];
  const { open, inUse, waitedFor } = figures;
  return [
    { metric: "petiole_mongodb_connections", labels: [name, "in_use"], value: inUse },
    { metric: "petiole_mongodb_connections", labels: [name, "idle"], value: open - inUse },
    { metric: "petiole_mongodb_calls_waiting", labels: [name], value: waitedFor },
  ];
}
