/**
 * The bound on the work for one request, with one timer for all of them.
 *
 * All have the same time, so that those that run out first stand first in order of their beginning.
 */
export interface Deadlines<T> {
  add(work: T): void;
  delete(work: T): void;
  /** Stops the timer. */
  close(): void;
}

/** How late the end may be noticed: a share of the bound, and never more than this. */
const lookMsMax = 250;

/** @param onExpired called once per work that was not deleted in time */
export function createDeadlines<T>(msMax: number, onExpired: (work: T) => void): Deadlines<T> {
  const startedAt = new Map<T, number>();
  const timer = setInterval(
    () => {
      const oldest = performance.now() - msMax;
      for (const [work, at] of startedAt) {
        if (at > oldest) return;
        startedAt.delete(work);
        onExpired(work);
      }
    },
    Math.min(lookMsMax, Math.max(5, msMax / 10)),
  );
  timer.unref();
  return {
    add(work) {
      startedAt.set(work, performance.now());
    },
    delete(work) {
      startedAt.delete(work);
    },
    close() {
      clearInterval(timer);
    },
  };
}
