/** The entries of requests that a framework answers, which hands nothing along but its own objects. */
import type { IncomingMessage } from "node:http";
import { LogEntry } from "./log-entry.ts";

export interface Entries {
  set(request: IncomingMessage, entry: LogEntry): void;
  /** One that nobody will look at for a request that did not come through `handle.ts`: the server's own. */
  of(request: IncomingMessage): LogEntry;
}

export function createEntries(): Entries {
  const entries = new WeakMap<IncomingMessage, LogEntry>();
  return {
    set(request, entry) {
      entries.set(request, entry);
    },
    of(request) {
      return entries.get(request) ?? new LogEntry("0".repeat(24), 0);
    },
  };
}
