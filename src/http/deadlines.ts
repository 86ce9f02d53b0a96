/**
 * The bound on the work for one request, with one timer for all of them.
 *
 * All are looked at each time: there are never more than requests at once, and apps give them different times.
 */
import { Slots } from "../kit/slots.ts";

/** What has a bound. */
export interface Timed {
  /** When its time is up, in milliseconds of `performance.now()`; undefined: never. */
  readonly endsAt: number | undefined;
  /** Its ticket here; undefined while it has none. */
  deadline: number | undefined;
}

export interface Deadlines<T extends Timed> {
  /** From now on until `delete`. */
  add(work: T): void;
  delete(work: T): void;
  /** Stops the timer. */
  close(): void;
}

/** How late the end may be noticed: a share of the usual bound, and never more than this. */
const lookMsMax = 250;

/**
 * @param msMax the usual time that work has
 * @param onExpired called once per work that was not deleted in time
 */
export function createDeadlines<T extends Timed>(
  msMax: number,
  onExpired: (work: T) => void,
): Deadlines<T> {
  const works = new Slots<T>();
  function remove(work: T): void {
    if (work.deadline !== undefined) works.delete(work.deadline);
    work.deadline = undefined;
  }
  const timer = setInterval(
    () => {
      const now = performance.now();
      for (const work of works.values()) {
        if ((work.endsAt ?? Infinity) > now) continue;
        remove(work);
        onExpired(work);
      }
    },
    Math.min(lookMsMax, Math.max(5, msMax / 10)),
  );
  timer.unref();
  return {
    add(work) {
      work.deadline = works.add(work);
    },
    delete: remove,
    close() {
      clearInterval(timer);
    },
  };
}
