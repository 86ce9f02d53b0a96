/**
 * The bound on the work for one request, with one timer for all of them.
 *
 * All are looked at each time: there are never more than requests at once, and apps give them different times.
 */
export interface Deadlines<T> {
  /** @param endsAt in milliseconds of `performance.now()` */
  add(work: T, endsAt: number): void;
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
export function createDeadlines<T>(msMax: number, onExpired: (work: T) => void): Deadlines<T> {
  const ends = new Map<T, number>();
  const timer = setInterval(
    () => {
      const now = performance.now();
      for (const [work, endsAt] of ends) {
        if (endsAt > now) continue;
        ends.delete(work);
        onExpired(work);
      }
    },
    Math.min(lookMsMax, Math.max(5, msMax / 10)),
  );
  timer.unref();
  return {
    add(work, endsAt) {
      ends.set(work, endsAt);
    },
    delete(work) {
      ends.delete(work);
    },
    close() {
      clearInterval(timer);
    },
  };
}
