/** Functions that run by themselves. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "./client.ts";

export const triggerTypes = ["SCHEDULED", "DATABASE", "AUTHENTICATION"] as const;

export interface TriggerChange {
  readonly name: string;
  readonly type: (typeof triggerTypes)[number];
  readonly disabled: boolean;
  readonly config: Readonly<Record<string, unknown>>;
  readonly function_name: string;
}

export interface Trigger extends TriggerChange {
  readonly _id: string;
  /** Whether this server runs it. */
  readonly runs: boolean;
}

export function triggersQuery(path: string) {
  return queryOptions({
    queryKey: [path, "triggers"],
    queryFn: async () => call<readonly Trigger[]>({ path: `${path}/triggers` }),
  });
}

/** The next five moments at which a schedule fires, as ISO 8601; fails where it is none. */
export function nextRunsQuery(path: string, schedule: string) {
  return queryOptions({
    queryKey: [path, "next-runs", schedule],
    retry: false,
    queryFn: async ({ signal }) => {
      const { next_runs: found } = await call<{ readonly next_runs: readonly string[] }>({
        path: `${path}/triggers/next_runs`,
        query: { schedule },
        signal,
      });
      return found;
    },
  });
}

export function scheduleOf({ config }: Pick<Trigger, "config">): string {
  const { schedule } = config;
  return typeof schedule === "string" ? schedule : "";
}
