/**
 * Intervals of longitudes, in radians: from `low` eastwards to `high`, across 180° where `low` is the greater one.
 *
 * Within an interval 180° is written π, never -π, but that the whole circle is [-π, π] and the empty one [π, -π].
 */

export interface Longitudes {
  readonly low: number;
  readonly high: number;
}

const { PI } = Math;

export const allLongitudes: Longitudes = { low: -PI, high: PI };
export const noLongitudes: Longitudes = { low: PI, high: -PI };

export function isAllLongitudes({ low, high }: Longitudes): boolean {
  return high - low === 2 * PI;
}

export function hasNoLongitudes({ low, high }: Longitudes): boolean {
  return low - high === 2 * PI;
}

function isInverted({ low, high }: Longitudes): boolean {
  return low > high;
}

/** The size in radians; negative for none. */
export function widthOf({ low, high }: Longitudes): number {
  const width = high - low;
  if (width >= 0) return width;
  return width + 2 * PI > 0 ? width + 2 * PI : -1;
}

function holds(interval: Longitudes, at: number): boolean {
  const { low, high } = interval;
  if (isInverted(interval)) return (at >= low || at <= high) && !hasNoLongitudes(interval);
  return at >= low && at <= high;
}

export function hasLongitude(interval: Longitudes, at: number): boolean {
  return holds(interval, at === -PI ? PI : at);
}

export function hasLongitudes(outer: Longitudes, inner: Longitudes): boolean {
  if (isInverted(outer)) {
    if (isInverted(inner)) return inner.low >= outer.low && inner.high <= outer.high;
    return (inner.low >= outer.low || inner.high <= outer.high) && !hasNoLongitudes(outer);
  }
  if (isInverted(inner)) return isAllLongitudes(outer) || hasNoLongitudes(inner);
  return inner.low >= outer.low && inner.high <= outer.high;
}

export function shareLongitudes(left: Longitudes, right: Longitudes): boolean {
  if (hasNoLongitudes(left) || hasNoLongitudes(right)) return false;
  if (isInverted(left))
    return isInverted(right) || right.low <= left.high || right.high >= left.low;
  if (isInverted(right)) return right.low <= left.high || right.high >= left.low;
  return right.low <= left.high && right.high >= left.low;
}

/** How far it is from a eastwards to b. */
function eastwards(a: number, b: number): number {
  const distance = b - a;
  return distance >= 0 ? distance : b + PI - (a - PI);
}

/** The shorter way between two longitudes. */
export function longitudesBetween(a: number, b: number): Longitudes {
  const [from, to] = [a === -PI ? PI : a, b === -PI ? PI : b];
  return eastwards(from, to) <= PI ? { low: from, high: to } : { low: to, high: from };
}

/** The smallest interval that holds both. */
export function joinLongitudes(left: Longitudes, right: Longitudes): Longitudes {
  if (hasNoLongitudes(right)) return left;
  if (holds(left, right.low)) {
    if (!holds(left, right.high)) return { low: left.low, high: right.high };
    return hasLongitudes(left, right) ? left : allLongitudes;
  }
  if (holds(left, right.high)) return { low: right.low, high: left.high };
  if (hasNoLongitudes(left) || holds(right, left.low)) return right;
  return eastwards(right.high, left.low) < eastwards(left.high, right.low)
    ? { low: right.low, high: left.high }
    : { low: left.low, high: right.high };
}

/** Grown by a margin at either end. */
export function widenLongitudes(interval: Longitudes, margin: number): Longitudes {
  if (hasNoLongitudes(interval)) return interval;
  if (widthOf(interval) + 2 * margin >= 2 * PI - 1e-15) return allLongitudes;
  const low = wrap(interval.low - margin);
  return { low: low <= -PI ? PI : low, high: wrap(interval.high + margin) };
}

/** Into -π to π. */
export function wrap(angle: number): number {
  if (angle > PI) return angle - 2 * PI;
  return angle < -PI ? angle + 2 * PI : angle;
}
