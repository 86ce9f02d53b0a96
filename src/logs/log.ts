/**
 * What the server says about itself: one event per line, JSON for programs, plain words for people.
 *
 * Lines of one turn of the event loop leave in one write, so that a line per request costs little.
 */
import type { Writable } from "node:stream";

export type Level = "info" | "warning" | "error";

export type EventFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  /** @param event a word or two, e.g. `listening`; undefined fields are left out */
  write(level: Level, event: string, fields?: EventFields): void;
  /** Hands over what is still held back; before the process ends. */
  flush(): void;
}

export interface LogOptions {
  readonly stream: Writable;
  /** Plain words instead of JSON. */
  readonly isForPeople: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createLog(options: LogOptions): Log {
  const { stream, isForPeople, now } = options;
  let held = "";
  function flush(): void {
    if (held === "") return;
    const text = held;
    held = "";
    stream.write(text);
  }
  return {
    write(level, event, fields = {}) {
      const time = new Date(now()).toISOString();
      if (held === "") setImmediate(flush);
      held += isForPeople
        ? `${lineForPeople(time, level, event, fields)}\n`
        : `${JSON.stringify({ time, level, event, ...fields })}\n`;
    },
    flush,
  };
}

function lineForPeople(time: string, level: Level, event: string, fields: EventFields): string {
  const { message, ...others } = fields;
  const pairs = Object.entries(others)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${oneLine(String(value))}`);
  const mark = level === "info" ? "" : `${level}: `;
  const said = message === undefined ? "" : `: ${oneLine(String(message))}`;
  return `${time.slice(11, 19)} ${mark}${event}${said}${pairs.join("")}`;
}

/** A client's text must not forge lines or move the cursor of a terminal. */
function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (char) => JSON.stringify(char).slice(1, -1));
}
