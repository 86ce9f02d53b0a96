/**
 * Makes a queue: each piece of work begins when the one before it has ended, well or not.
 *
 * Used where a check and the write that relies on it must not interleave with another of the same kind.
 */
export function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return async <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    // The queue outlives a failure; the caller alone hears of it.
    last = mine.catch(() => null);
    return mine;
  };
}
