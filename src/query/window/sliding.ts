/** Functions over the values in a window: what comes in is added, and what falls out removed. */
import type { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import type { Accumulator } from "../accumulator.ts";
import type { QueryEnvironment } from "../environment.ts";
import { weightOf } from "../weight.ts";
import type { WindowBounds } from "./bounds.ts";
import { compileEndpoints, type Endpoints } from "./endpoints.ts";
import { createList } from "./list.ts";
import type { Evaluation, Partition, WindowFunction } from "./window-function.ts";

/** The values of a window that loses its first ones. */
export interface WindowState {
  add(value: Value | undefined): void;
  /** Takes back what was added first of all that is there still. */
  remove(value: Value | undefined): void;
  /** May be called at any time, and may not be changed afterwards. */
  result(): Value | undefined;
}

export interface Windowed {
  /** What a document contributes. */
  evaluate(doc: Doc): Value | undefined;
  /** For windows that never lose anything, which the server reckons in another way. */
  startGrowing(): Accumulator;
  startSliding(): WindowState;
  /** Whether a growing window holds on to its values. */
  readonly keepsValues: boolean;
}

/** What it takes to hold a value beside its own size. */
const valueBytes = 24;

export function windowed(
  bounds: WindowBounds,
  environment: QueryEnvironment,
  over: Windowed,
): WindowFunction {
  const startEndpoints = compileEndpoints(bounds, environment);
  const isGrowing =
    bounds.kind === "documents" ? bounds.lower === undefined : bounds.lower === "unbounded";
  return {
    start(partition): Evaluation {
      const endpoints = startEndpoints(partition);
      return isGrowing
        ? startGrowing(over, partition, endpoints)
        : startSliding(over, partition, endpoints);
    },
  };
}

/** Remembers a result as long as nothing changes. */
function remembered(compute: () => Value | undefined): {
  change(): void;
  value(): Value | undefined;
} {
  let isKnown = false;
  let known: Value | undefined;
  return {
    change(): void {
      isKnown = false;
    },
    value(): Value | undefined {
      if (!isKnown) known = compute();
      isKnown = true;
      return known;
    },
  };
}

function startGrowing(over: Windowed, partition: Partition, endpoints: Endpoints): Evaluation {
  const { docs, pacer } = partition;
  const accumulator = over.startGrowing();
  const result = remembered(() => {
    const value = accumulator.result();
    // An accumulator goes on filling the array that it gave.
    return isArray(value) ? [...value] : value;
  });
  let next: number | undefined;
  return {
    reach(index): boolean {
      if (!endpoints.reach(index)) return false;
      const { lower, upper } = endpoints;
      if (lower > upper) return true;
      next ??= lower;
      while (next <= upper) {
        const value = over.evaluate(docs[next] as Doc);
        accumulator.add(value);
        if (over.keepsValues) partition.hold(weigh(value));
        result.change();
        next += 1;
        if (pacer.due()) return false;
      }
      return true;
    },
    value: () => result.value(),
  };
}

function weigh(value: Value | undefined): number {
  return value === undefined ? valueBytes : valueBytes + weightOf(value);
}

function startSliding(over: Windowed, partition: Partition, endpoints: Endpoints): Evaluation {
  const { docs, pacer } = partition;
  const state = over.startSliding();
  const result = remembered(() => state.result());
  const held = createList<Value | undefined>();
  /** Positions of what has been added and not removed: from `first` to before `next`. */
  let first = 0;
  let next = 0;
  return {
    reach(index): boolean {
      if (!endpoints.reach(index)) return false;
      const isEmpty = endpoints.lower > endpoints.upper;
      // All of an empty window falls out; where the next one begins is not known yet.
      const lower = isEmpty ? next : endpoints.lower;
      const upper = isEmpty ? next - 1 : endpoints.upper;
      if (first === next && lower > next) first = next = lower;
      while (next <= upper) {
        const value = over.evaluate(docs[next] as Doc);
        state.add(value);
        held.push(value);
        partition.hold(weigh(value));
        result.change();
        next += 1;
        if (pacer.due()) return false;
      }
      while (first < lower && first < next) {
        const value = held.shift();
        state.remove(value);
        partition.hold(-weigh(value));
        result.change();
        first += 1;
        if (pacer.due()) return false;
      }
      return true;
    },
    value: () => result.value(),
  };
}
