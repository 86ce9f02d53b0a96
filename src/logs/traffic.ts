import { durationBoundsMs, durationPlaceOf } from "./durations.ts";

/** Requests since this node started, by app, what was called and status: what `/metrics` shows. */
export interface Traffic {
  /** Cheap; once per request. @param name of an action, a route, a function: bounded by what apps define */
  count(app: string, name: string, status: number, ms: number): void;
  rows(): Iterable<TrafficRow>;
}

export interface TrafficRow {
  readonly app: string;
  readonly name: string;
  readonly status: number;
  readonly count: number;
  readonly sumMs: number;
  /** Requests that took at most so long, by `durationBoundsMs`; the last: all. */
  readonly buckets: readonly number[];
}

/** Beyond so many, what is new counts as `other`: a scrape must not grow without end. */
const rowsMax = 10_000;

interface Row {
  readonly app: string;
  readonly name: string;
  readonly status: number;
  count: number;
  sumMs: number;
  /** Not yet added up: the requests between two bounds. */
  readonly between: number[];
}

export function createTraffic(): Traffic {
  const apps = new Map<string, Map<string, Map<number, Row>>>();
  let size = 0;

  function rowOf(app: string, name: string, status: number): Row {
    let names = apps.get(app);
    if (names === undefined) apps.set(app, (names = new Map()));
    let statuses = names.get(name);
    if (statuses === undefined) names.set(name, (statuses = new Map()));
    let row = statuses.get(status);
    if (row === undefined) {
      const between = Array.from({ length: durationBoundsMs.length + 1 }, () => 0);
      row = { app, name, status, count: 0, sumMs: 0, between };
      statuses.set(status, row);
      size += 1;
    }
    return row;
  }

  return {
    count(app, name, status, ms) {
      const isKnown = size < rowsMax || apps.get(app)?.get(name)?.has(status) === true;
      const row = isKnown ? rowOf(app, name, status) : rowOf("", "other", status);
      row.count += 1;
      row.sumMs += ms;
      const place = durationPlaceOf(ms);
      row.between[place] = (row.between[place] ?? 0) + 1;
    },
    *rows() {
      for (const names of apps.values())
        for (const statuses of names.values())
          for (const { between, ...row } of statuses.values()) {
            let sum = 0;
            yield { ...row, buckets: between.map((count) => (sum += count)) };
          }
    },
  };
}
