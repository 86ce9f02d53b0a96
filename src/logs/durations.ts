/** How long requests took, in classes: enough to tell a percentile, without keeping every request. */
export const durationBoundsMs: readonly number[] = [
  1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 90_000,
];

/** The place of the first bound that is not passed; one more than there are for what passes them all. */
export function durationPlaceOf(ms: number): number {
  let place = 0;
  while (place < durationBoundsMs.length && ms > (durationBoundsMs[place] ?? 0)) place += 1;
  return place;
}

/**
 * The duration below which a share of all requests stayed, in milliseconds; 0 where there were none.
 *
 * @param counts requests by place @param share from 0 to 1
 */
export function percentileOf(counts: readonly number[], share: number): number {
  const total = counts.reduce((sum, each) => sum + each, 0);
  let below = 0;
  for (const [place, count] of counts.entries()) {
    const upper = durationBoundsMs[place];
    if (count === 0 || below + count < total * share) {
      below += count;
      continue;
    }
    const lower = durationBoundsMs[place - 1] ?? 0;
    // Within a class, requests are taken to be spread evenly.
    return upper === undefined
      ? lower
      : lower + ((total * share - below) / count) * (upper - lower);
  }
  return 0;
}
