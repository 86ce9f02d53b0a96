/** The `console` of one call: its lines end in the log entry, not on a terminal. */
import { inspect } from "node:util";
import { ejsonGlobal } from "./ejson.ts";
import { lazyObject } from "./lazy-object.ts";

/** Atlas: the first lines are kept, as one of the two pages that say so has it. */
const linesMax = 25;
const lineBytesMax = 512;

/** What one call writes. */
export class Lines {
  readonly console: object;
  #lines: string[] | undefined;

  constructor() {
    this.console = lazyObject((target) => {
      fill(target, (...given) => {
        this.#lines ??= [];
        if (this.#lines.length < linesMax) this.#lines.push(cut(given.map(textOf).join(" ")));
      });
    });
  }

  /** Undefined where there is nothing. */
  get written(): readonly string[] | undefined {
    return this.#lines;
  }
}

function fill(target: object, write: (...given: readonly unknown[]) => void): void {
  Object.assign(target, {
    log: write,
    info: write,
    debug: write,
    warn: write,
    error: write,
    trace: write,
    dir: write,
    table: write,
    assert: (condition: unknown, ...given: readonly unknown[]) => {
      if (!condition) write("Assertion failed", ...given);
    },
    time: nothing,
    timeEnd: nothing,
    timeLog: nothing,
    count: nothing,
    countReset: nothing,
    group: nothing,
    groupCollapsed: nothing,
    groupEnd: nothing,
    clear: nothing,
  });
}

const nothing = (): void => {};

/** At most so many bytes, and no half characters. */
function cut(text: string): string {
  if (text.length * 3 <= lineBytesMax) return text;
  const bytes = Buffer.from(text.slice(0, lineBytesMax));
  if (bytes.length <= lineBytesMax) return text.slice(0, lineBytesMax);
  let end = lineBytesMax;
  while (((bytes[end] as number) & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value.slice(0, lineBytesMax);
  if (value instanceof Error) return messageOf(value);
  if (typeof value !== "object" || value === null) return String(value);
  try {
    const { stringify } = ejsonGlobal as {
      readonly stringify: (...given: readonly unknown[]) => string;
    };
    return stringify(value, { relaxed: true });
  } catch {
    return inspect(value, { depth: 2, maxArrayLength: 20, maxStringLength: lineBytesMax });
  }
}

function messageOf(error: Error): string {
  return error.name === "Error" ? `Error: ${error.message}` : `${error.name}: ${error.message}`;
}
