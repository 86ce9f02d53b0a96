/**
 * What changes in the collections that somebody watches, told when it is on disk.
 *
 * Per watched collection there is one bounded history, which its listeners read at their own pace: one that falls too
 * far behind is told so, and nobody waits for it. Nothing is kept of a collection that nobody watches, apart from a
 * while after its last listener has left, so that one who comes back can go on.
 */
import { randomBytes } from "node:crypto";
import { Doc } from "../bson/doc.ts";
import type { Timestamp, Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { closedFault } from "./environment.ts";
import type { StoredCollection } from "./catalog.ts";
import { describeUpdate, type UpdateDescription } from "./update-description.ts";

export type ChangeKind = "insert" | "update" | "replace" | "delete" | "drop";

export interface Change {
  readonly kind: ChangeKind;
  readonly before?: Doc;
  readonly after?: Doc;
}

export interface FeedEvent {
  /** Grows by one with each change of any watched collection. */
  readonly sequence: number;
  readonly kind: ChangeKind;
  /** Undefined for the drop of the collection. */
  readonly id: Value | undefined;
  readonly after: Doc | undefined;
  readonly description: UpdateDescription | undefined;
  readonly clusterTime: Timestamp;
  /** Milliseconds since 1970. */
  readonly ms: number;
}

export interface FeedListener {
  /**
   * The next changes, at least one; waits for it.
   *
   * @throws {MongoError} 286 when changes have been forgotten before they were read; the signal's reason
   */
  next(signal: AbortSignal | undefined): Promise<readonly FeedEvent[]>;
  close(): void;
}

export interface ChangeFeed {
  /** 16 hex digits: tells the numbers of this feed from those of an earlier one. */
  readonly id: string;
  /** Within a job, as part of the change. Costs nothing where nobody watches. */
  note(collection: StoredCollection, change: Change): void;
  /** @param after goes on behind the change of this number @throws {MongoError} 286 when that is forgotten */
  listen(database: string, name: string, after?: number): FeedListener;
  /** Ends all waits. */
  close(): void;
}

/** How much of the history of one collection is kept. */
const eventsMax = 10_000;
const bytesMax = 16 * 2 ** 20;
/** How long it is kept after the last listener has left, in milliseconds. */
const keepMs = 60_000;
const batchMax = 500;

interface History {
  readonly events: FeedEvent[];
  /** The number of the last change that is not there any more. */
  forgotten: number;
  bytes: number;
  listeners: number;
  /** Wakes those who wait. */
  readonly waiters: Set<() => void>;
  timer: NodeJS.Timeout | undefined;
}

interface Environment {
  onUndo(undo: () => void): void;
  onCommit(before: () => void, after: () => void): void;
}

export function createChangeFeed(
  environment: Environment,
  stamps: { readonly now: () => number; readonly newTimestamp: () => Timestamp },
): ChangeFeed {
  /** By namespace. */
  const histories = new Map<string, History>();
  let pending: (Change & { readonly history: History })[] = [];
  let sequence = 0;
  let isClosed = false;

  environment.onCommit(() => {}, publish);

  function publish(): void {
    if (pending.length === 0) return;
    const told = new Set<History>();
    const stamp = { clusterTime: stamps.newTimestamp(), ms: stamps.now() };
    for (const { history, kind, before, after } of pending) {
      sequence += 1;
      const event: FeedEvent = {
        sequence,
        kind,
        id: (after ?? before)?.get("_id"),
        after,
        description:
          kind === "update" && before !== undefined && after !== undefined
            ? describeUpdate(before, after)
            : undefined,
        ...stamp,
      };
      append(history, event);
      told.add(history);
    }
    pending = [];
    for (const { waiters } of told) for (const wake of waiters) wake();
  }

  function append(history: History, event: FeedEvent): void {
    history.events.push(event);
    history.bytes += bytesOf(event);
    let excess = 0;
    while (
      history.events.length - excess > eventsMax ||
      (history.bytes > bytesMax && history.events.length - excess > 1)
    ) {
      const oldest = history.events[excess] as FeedEvent;
      history.bytes -= bytesOf(oldest);
      history.forgotten = oldest.sequence;
      excess += 1;
    }
    if (excess > 0) history.events.splice(0, excess);
  }

  function open(namespace: string): History {
    const present = histories.get(namespace);
    if (present !== undefined) return present;
    // So that a number from before, when nothing was noted, is known to be too old.
    sequence += 1;
    const made: History = {
      events: [],
      forgotten: sequence,
      bytes: 0,
      listeners: 0,
      waiters: new Set(),
      timer: undefined,
    };
    histories.set(namespace, made);
    return made;
  }

  function leave(namespace: string, history: History): void {
    history.listeners -= 1;
    if (history.listeners > 0) return;
    history.timer = setTimeout(() => histories.delete(namespace), keepMs).unref();
  }

  return {
    id: randomBytes(8).toString("hex").toUpperCase(),
    note(collection, { kind, before, after }) {
      if (histories.size === 0) return;
      const history = histories.get(`${collection.database}.${collection.name}`);
      if (history === undefined) return;
      const count = pending.length;
      environment.onUndo(() => {
        pending.length = Math.min(pending.length, count);
      });
      pending.push({
        history,
        kind,
        ...(before && { before }),
        ...(after && { after: ownCopy(after) }),
      });
    },
    listen(database, name, after) {
      if (isClosed) throw closedFault();
      const namespace = `${database}.${name}`;
      const isKnown =
        after === undefined ||
        (after >= (histories.get(namespace)?.forgotten ?? Number.POSITIVE_INFINITY) &&
          after <= sequence);
      if (!isKnown) throw historyLost();
      const history = open(namespace);
      history.listeners += 1;
      clearTimeout(history.timer);
      let position = after ?? sequence;
      let isOpen = true;
      return {
        async next(signal) {
          for (;;) {
            if (isClosed) throw closedFault();
            if (position < history.forgotten) throw historyLost();
            const found = eventsAfter(history.events, position);
            position = found.at(-1)?.sequence ?? position;
            if (found.length > 0) return found;
            signal?.throwIfAborted();
            await wait(history.waiters, signal);
          }
        },
        close() {
          if (isOpen) leave(namespace, history);
          isOpen = false;
        },
      };
    },
    close() {
      isClosed = true;
      for (const { waiters, timer } of histories.values()) {
        clearTimeout(timer);
        for (const wake of waiters) wake();
      }
    },
  };
}

/** Kept for long: not as a part of something bigger. */
function ownCopy(doc: Doc): Doc {
  const bytes = doc.toBytes();
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return Doc.fromBytes(copy);
}

/** @param position a number below which none is wanted */
function eventsAfter(events: readonly FeedEvent[], position: number): readonly FeedEvent[] {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle] as FeedEvent).sequence <= position) low = middle + 1;
    else high = middle;
  }
  return events.slice(low, low + batchMax);
}

async function wait(waiters: Set<() => void>, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const wake = (): void => {
      waiters.delete(wake);
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    waiters.add(wake);
    signal?.addEventListener("abort", wake);
  });
}

/** About what it takes in memory. */
function bytesOf({ after, description }: FeedEvent): number {
  const changed = description?.updatedFields.toBytes().length ?? 0;
  return 200 + (after?.toBytes().length ?? 0) + changed;
}

function historyLost(): MongoError {
  return new MongoError(
    286,
    "Resume of change stream was not possible, as the resume point may no longer be in the oplog.",
  );
}
