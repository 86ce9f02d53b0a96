/** How two loops lie to each other. */
import { createCrosser } from "./crossing.ts";
import { findPoint, type Loop, loopHasPoint, pointAt } from "./loop.ts";
import { isOrdered } from "./orientation.ts";
import { hasRectangle, isWholeEarth, join, overlap } from "./rectangle.ts";
import { isSame, type Vector } from "./vector.ts";

/** The corners of two loops at a point that they share: what comes before and after it on either. */
interface Corners {
  readonly at: Vector;
  readonly beforeA: Vector;
  readonly afterA: Vector;
  readonly beforeB: Vector;
  readonly afterB: Vector;
}

/**
 * Looks for edges that cross.
 *
 * @param onShared called for each corner that the loops share; ends the search by true
 * @returns whether there are such edges, as far as it was looked
 */
function haveCrossing(a: Loop, b: Loop, onShared: (corners: Corners) => boolean): boolean {
  const count = b.points.length;
  let isCrossing = false;
  for (let j = 0; j < count; j += 1) {
    const [from, to] = [pointAt(b, j), pointAt(b, j + 1)];
    let isDone = false;
    const crosser = createCrosser(from, to, pointAt(a, 0));
    let chainAt = 0;
    a.edges.visit(from, to, (i) => {
      if (i !== chainAt) crosser.restart(pointAt(a, i));
      chainAt = i + 1;
      const end = pointAt(a, i + 1);
      const crossing = crosser.cross(end);
      isCrossing = crossing > 0;
      isDone = isCrossing;
      // Each shared corner comes up several times: it counts where an edge of either ends in it.
      if (crossing === 0 && isSame(end, to))
        isDone = onShared({
          at: end,
          beforeA: pointAt(a, i),
          afterA: pointAt(a, i + 2),
          beforeB: from,
          afterB: pointAt(b, j + 2),
        });
      return !isDone;
    });
    if (isDone) return isCrossing;
  }
  return false;
}

function cornerHasCorner({ at, beforeA, afterA, beforeB, afterB }: Corners): boolean {
  return isOrdered(afterA, afterB, beforeB, at) && isOrdered(beforeB, beforeA, afterA, at);
}

function cornersOverlap({ at, beforeA, afterA, beforeB, afterB }: Corners): boolean {
  return !(isOrdered(beforeA, afterB, beforeB, at) && isOrdered(beforeB, afterA, beforeA, at));
}

/** Whether all of b is inside a. */
export function loopHasLoop(a: Loop, b: Loop): boolean {
  if (!hasRectangle(a.bound, b.bound)) return false;
  const [start] = b.points as readonly [Vector];
  if (!loopHasPoint(a, start) && findPoint(a, start) < 0) return false;
  let hasAll = true;
  const isCrossing = haveCrossing(a, b, (corners) => {
    hasAll = cornerHasCorner(corners);
    return !hasAll;
  });
  if (isCrossing || !hasAll) return false;
  // Two loops that together cover the sphere have each other's borders inside.
  if (!isWholeEarth(join(a.bound, b.bound))) return true;
  const [own] = a.points as readonly [Vector];
  return !(loopHasPoint(b, own) && findPoint(b, own) < 0);
}

/** Whether the insides have a point in common. */
export function loopsOverlap(left: Loop, right: Loop): boolean {
  const [a, b] = right.points.length > left.points.length ? [right, left] : [left, right];
  if (!overlap(a.bound, b.bound)) return false;
  const [start] = b.points as readonly [Vector];
  if (loopHasPoint(a, start) && findPoint(a, start) < 0) return true;
  let doOverlap = false;
  const isCrossing = haveCrossing(a, b, (corners) => {
    doOverlap = cornersOverlap(corners);
    return doOverlap;
  });
  if (isCrossing || doOverlap) return true;
  if (!hasRectangle(b.bound, a.bound)) return false;
  const [own] = a.points as readonly [Vector];
  return loopHasPoint(b, own) && findPoint(b, own) < 0;
}

type CornerRelation = "equal" | "contains" | "contained" | "crosses" | "apart";

function relationOfCorners(corners: Corners): CornerRelation {
  const { at, beforeA, afterA, beforeB, afterB } = corners;
  if (isSame(beforeA, beforeB) && isSame(afterA, afterB)) return "equal";
  if (isOrdered(beforeA, afterA, afterB, at)) {
    if (isOrdered(afterB, beforeB, beforeA, at)) return "contains";
    return isSame(afterA, afterB) ? "contained" : "crosses";
  }
  if (isOrdered(beforeA, beforeB, afterB, at)) return "contained";
  return isOrdered(beforeA, beforeB, afterA, at) ? "apart" : "crosses";
}

/** Of two loops of one polygon: "crosses" where borders do, "inside" when b is in a, else "outside". */
export function relationOfLoops(a: Loop, b: Loop): "crosses" | "inside" | "outside" {
  if (!overlap(a.bound, b.bound)) return "outside";
  const seen = new Set<CornerRelation>();
  const isCrossing = haveCrossing(a, b, (corners) => {
    seen.add(relationOfCorners(corners));
    return seen.has("crosses") || (seen.has("contains") && seen.has("contained"));
  });
  if (isCrossing || seen.has("crosses")) return "crosses";
  if (seen.has("contains") && seen.has("contained")) return "crosses";
  if (seen.has("apart") || seen.has("contained")) return "outside";
  if (!hasRectangle(a.bound, b.bound)) return "outside";
  const [start] = b.points as readonly [Vector];
  return loopHasPoint(a, start) || findPoint(a, start) >= 0 ? "inside" : "outside";
}

/** Whether b is in a, of loops that are known not to cross. */
export function loopNests(a: Loop, b: Loop): boolean {
  if (!hasRectangle(a.bound, b.bound)) return false;
  const [before, at, after] = b.points as readonly [Vector, Vector, Vector];
  const own = findPoint(a, at);
  if (own < 0) return loopHasPoint(a, at);
  return cornerHasCorner({
    at,
    beforeA: pointAt(a, own - 1),
    afterA: pointAt(a, own + 1),
    beforeB: before,
    afterB: after,
  });
}
