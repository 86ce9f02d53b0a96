/** Cursors of functions: nothing happens before the first document is wanted. */
import { cursorMark } from "./encode.ts";
import type { Ask, Target } from "./ask.ts";
import { sessionIdOf, withoutSession } from "./session.ts";

interface Query extends Target {
  readonly method: "find" | "aggregate";
  readonly input: unknown;
  readonly projection?: unknown;
  readonly options: unknown;
}

interface Batch {
  readonly cursor: number;
  readonly documents: readonly unknown[];
  readonly isLast: boolean;
}

export function createCursor(query: Query, ask: Ask): object {
  const settings: Record<string, unknown> = {};
  let held: readonly unknown[] = [];
  let at = 0;
  let cursor: number | undefined;
  let isLast = false;
  let isBegun = false;

  function fields(operation: "open" | "all"): Parameters<Ask>[0] {
    const { service, database, collection, method, input, projection, options } = query;
    return {
      operation,
      service,
      database,
      collection,
      method,
      arguments: method === "find" ? [input, projection] : [input],
      options: withoutSession(options),
      session: sessionIdOf(options),
      settings,
    };
  }

  function set(name: string, value: unknown): object {
    if (isBegun)
      throw new Error(`mongodb cursor: ${name} can not be called once documents were read`);
    settings[name] = value;
    return made;
  }

  async function next(): Promise<unknown> {
    while (at >= held.length) {
      if (isLast) return undefined;
      const batch = (await (isBegun && cursor !== undefined
        ? ask({ operation: "more", cursor })
        : ask(fields("open")))) as Batch;
      isBegun = true;
      ({ cursor, documents: held, isLast } = batch);
      at = 0;
    }
    const document = held[at];
    at += 1;
    return document;
  }

  async function rest(): Promise<readonly unknown[]> {
    if (!isBegun) {
      isBegun = true;
      isLast = true;
      return (await ask(fields("all"))) as readonly unknown[];
    }
    const found: unknown[] = [];
    for (let each = await next(); each !== undefined; each = await next()) found.push(each);
    return found;
  }

  async function close(): Promise<void> {
    if (cursor !== undefined && !isLast) await ask({ operation: "close", cursor });
    isLast = true;
    held = [];
  }

  const made = {
    [cursorMark]: true,
    next,
    toArray: rest,
    async hasNext() {
      const document = await next();
      if (document === undefined) return false;
      at -= 1;
      return true;
    },
    async forEach(visit: (document: unknown) => unknown) {
      for (const each of await rest()) visit(each);
    },
    async map(change: (document: unknown) => unknown) {
      return (await rest()).map((each) => change(each));
    },
    sort: (order: unknown) => set("sort", order),
    skip: (count: unknown) => set("skip", count),
    limit: (count: unknown) => set("limit", count),
    project: (projection: unknown) => set("projection", projection),
    collation: (collation: unknown) => set("collation", collation),
    hint: (hint: unknown) => set("hint", hint),
    close,
    async *[Symbol.asyncIterator]() {
      try {
        for (let each = await next(); each !== undefined; each = await next()) yield each;
      } finally {
        await close();
      }
    },
  };
  return made;
}
