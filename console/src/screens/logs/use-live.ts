import { useEffect, useState } from "react";
import { follow } from "../../api/client.ts";
import { messageOf } from "../../api/failure.ts";
import { type LogEntry, type LogFilter, toQuery } from "../../api/logs.ts";

/** Rows that a live view keeps. */
const liveMax = 500;

export interface LiveLog {
  /** The newest first. */
  readonly entries: readonly LogEntry[];
  /** Those that came while it was paused; at most as many as are kept. */
  readonly waiting: number;
  /** Why nothing comes at the moment, while it is tried again. */
  readonly trouble: string | undefined;
}

/** Entries as they come, while it is wanted; those that come while it is paused wait, and are shown afterwards. */
export function useLive(
  path: string,
  filter: LogFilter,
  { isLive, isPaused }: { readonly isLive: boolean; readonly isPaused: boolean },
): LiveLog {
  const [come, setCome] = useState<readonly LogEntry[]>([]);
  const [held, setHeld] = useState<readonly LogEntry[]>();
  const [trouble, setTrouble] = useState<string>();
  const asked = JSON.stringify(toQuery(filter));
  useEffect(() => {
    setCome([]);
    setHeld(undefined);
    setTrouble(undefined);
    if (!isLive) return undefined;
    const controller = new AbortController();
    void followOn(path, JSON.parse(asked) as Query, {
      signal: controller.signal,
      onEntry(entry) {
        setTrouble(undefined);
        setCome((former) =>
          former.some(({ _id }) => _id === entry._id)
            ? former
            : [entry, ...former].slice(0, liveMax),
        );
      },
      onTrouble: setTrouble,
    });
    return () => {
      controller.abort();
    };
  }, [path, asked, isLive]);
  const isHeld = isLive && isPaused;
  // What is in sight when it is paused stays.
  if (isHeld && held === undefined) setHeld(come);
  if (!isHeld && held !== undefined) setHeld(undefined);
  const entries = isHeld ? (held ?? come) : come;
  const newest = entries[0];
  const at = newest === undefined ? come.length : come.indexOf(newest);
  return { entries, waiting: at < 0 ? come.length : at, trouble };
}

type Query = Readonly<Record<string, string>>;

const againMs = 2000;

/** Follows until the signal ends it: a server that restarts, or a proxy that has enough, ends the stream, not the view. */
async function followOn(
  path: string,
  query: Query,
  {
    signal,
    onEntry,
    onTrouble,
  }: {
    readonly signal: AbortSignal;
    readonly onEntry: (entry: LogEntry) => void;
    readonly onTrouble: (why: string | undefined) => void;
  },
): Promise<void> {
  let last = query["start_date"];
  while (!signal.aborted) {
    const since = last === undefined ? query : { ...query, start_date: last };
    try {
      // oxlint-disable-next-line no-await-in-loop
      await follow(
        { path: `${path}/logs/follow`, query: since, signal },
        (data) => {
          const entry = data as LogEntry;
          // Those of the same millisecond come again, and are known by their ids.
          last = new Date(Date.parse(entry.completed) - 1).toISOString();
          onEntry(entry);
        },
        () => {
          onTrouble(undefined);
        },
      );
      onTrouble("the server ended the stream");
    } catch (cause) {
      onTrouble(messageOf(cause));
    }
    if (signal.aborted) return;
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => {
      setTimeout(resolve, againMs);
    });
  }
}
