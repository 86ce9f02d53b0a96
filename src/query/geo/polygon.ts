/** Polygons: loops in loops, by turns a shell and a hole in it. */
import { boundOfCell, type Cell } from "./cell.ts";
import { distanceToEdge, closestOnEdge } from "./edge.ts";
import { type Loop, loopHasPoint, loopOfCell, pointAt } from "./loop.ts";
import { loopHasLoop, loopNests, loopsOverlap, relationOfLoops } from "./loop-relation.ts";
import { keyOf } from "./loop-validity.ts";
import { isAllLongitudes, joinLongitudes } from "./longitudes.ts";
import { hasPoint, hasRectangle, join, nowhere, overlap, type Rectangle } from "./rectangle.ts";
import { angleBetween, type Vector } from "./vector.ts";

export interface Ring {
  readonly loop: Loop;
  /** 0 for a shell, 1 for a hole in it, 2 for a shell in that … */
  readonly depth: number;
}

export interface Polygon {
  /** Each before those within it. */
  readonly rings: readonly Ring[];
  readonly bound: Rectangle;
  readonly hasHoles: boolean;
}

/** @param loops each taking up at most half of the sphere, none crossing another */
export function createPolygon(loops: readonly Loop[]): Polygon {
  const roots: Nested[] = [];
  for (const loop of loops) nest({ loop, within: [] }, roots);
  const rings: Ring[] = [];
  list(roots, 0, rings);
  let bound = nowhere;
  for (const { loop, depth } of rings) if (depth % 2 === 0) bound = join(bound, loop.bound);
  return { rings, bound, hasHoles: rings.some(({ depth }) => depth % 2 === 1) };
}

interface Nested {
  readonly loop: Loop;
  within: Nested[];
}

function nest(added: Nested, siblings: Nested[]): void {
  let level = siblings;
  for (;;) {
    const parent = level.find((each) => loopNests(each.loop, added.loop));
    if (parent === undefined) break;
    level = parent.within;
  }
  const inner = level.filter((each) => loopNests(added.loop, each.loop));
  for (const each of inner) added.within.push(each);
  const others = level.filter((each) => !inner.includes(each));
  level.splice(0, level.length, ...others, added);
}

function list(nested: readonly Nested[], depth: number, rings: Ring[]): void {
  for (const { loop, within } of nested) {
    rings.push({ loop, depth });
    list(within, depth + 1, rings);
  }
}

/** The number of the ring around ring `index`; -1 for an outermost one. */
export function parentOf({ rings }: Polygon, index: number): number {
  const { depth } = rings[index] as Ring;
  for (let at = index - 1; at >= 0; at -= 1) if ((rings[at] as Ring).depth < depth) return at;
  return -1;
}

/** The number of a ring that has more than one corner in common with the ring around it. */
export function findTouchingRing(polygon: Polygon): number | undefined {
  const corners = new Map<number, ReadonlySet<string>>();
  for (const [index, { loop, depth }] of polygon.rings.entries()) {
    if (depth === 0) continue;
    const parent = parentOf(polygon, index);
    let known = corners.get(parent);
    if (known === undefined) {
      known = new Set((polygon.rings[parent] as Ring).loop.points.map(keyOf));
      corners.set(parent, known);
    }
    const around = known;
    if (loop.points.filter((each) => around.has(keyOf(each))).length > 1) return index;
  }
  return undefined;
}

function onlyLoop({ rings }: Polygon): Loop | undefined {
  return rings.length === 1 ? rings[0]?.loop : undefined;
}

export function polygonHasPoint(polygon: Polygon, point: Vector): boolean {
  const only = onlyLoop(polygon);
  if (only !== undefined) return loopHasPoint(only, point);
  if (!hasPoint(polygon.bound, point)) return false;
  let isInside = false;
  for (const { loop } of polygon.rings) {
    if (loopHasPoint(loop, point)) isInside = !isInside;
    if (isInside && !polygon.hasHoles) break;
  }
  return isInside;
}

/** Whether a polygon and a cell of level 1 or above have a point in common. */
export function polygonTouchesCell(polygon: Polygon, cell: Cell): boolean {
  const only = onlyLoop(polygon);
  if (!overlap(only?.bound ?? polygon.bound, boundOfCell(cell))) return false;
  const loop = loopOfCell(cell);
  if (only !== undefined) return loopsOverlap(loop, only);
  const rings = [{ loop, depth: 0 }];
  return polygonsOverlap(polygon, { rings, bound: loop.bound, hasHoles: false });
}

/** Whether all of b is in a. */
export function polygonHasPolygon(a: Polygon, b: Polygon): boolean {
  const [onlyA, onlyB] = [onlyLoop(a), onlyLoop(b)];
  if (onlyA !== undefined && onlyB !== undefined) return loopHasLoop(onlyA, onlyB);
  if (!hasRectangle(a.bound, b.bound)) {
    const longitudes = joinLongitudes(a.bound.longitudes, b.bound.longitudes);
    if (!isAllLongitudes(longitudes)) return false;
  }
  if (!a.hasHoles && !b.hasHoles)
    return b.rings.every((inner) => a.rings.some((outer) => loopHasLoop(outer.loop, inner.loop)));
  // Every shell of b must be in a, and every hole of a outside of b.
  return (
    b.rings.every(({ loop, depth }) => depth % 2 === 1 || relationTo(a, loop) === "inside") &&
    a.rings.every(({ loop, depth }) => depth % 2 === 0 || relationTo(b, loop) === "outside")
  );
}

function relationTo({ rings }: Polygon, other: Loop): "crosses" | "inside" | "outside" {
  let isInside = false;
  for (const { loop } of rings) {
    const relation = relationOfLoops(loop, other);
    if (relation === "crosses") return relation;
    if (relation === "inside") isInside = !isInside;
  }
  return isInside ? "inside" : "outside";
}

/** Whether the insides have a point in common. */
export function polygonsOverlap(a: Polygon, b: Polygon): boolean {
  const [onlyA, onlyB] = [onlyLoop(a), onlyLoop(b)];
  if (onlyA !== undefined && onlyB !== undefined) return loopsOverlap(onlyA, onlyB);
  if (!overlap(a.bound, b.bound)) return false;
  if (!a.hasHoles && !b.hasHoles)
    return a.rings.some((one) => b.rings.some((other) => loopsOverlap(one.loop, other.loop)));
  return overlapsAnyShell(a, b) || overlapsAnyShell(b, a);
}

function overlapsAnyShell(a: Polygon, b: Polygon): boolean {
  return b.rings.some(({ loop, depth }) => depth % 2 === 0 && overlapsShell(a, loop));
}

function overlapsShell({ rings }: Polygon, shell: Loop): boolean {
  let isInside = false;
  for (const { loop } of rings) {
    if (loopHasLoop(loop, shell)) isInside = !isInside;
    // Where one loop is within the other, a hole may be in the way; otherwise they overlap for sure.
    else if (!loopHasLoop(shell, loop) && loopsOverlap(loop, shell)) return true;
  }
  return isInside;
}

/** In radians; 0 within the polygon. */
export function distanceToPolygon(polygon: Polygon, point: Vector): number {
  if (polygonHasPoint(polygon, point)) return 0;
  let least = 10;
  let nearest: readonly [Vector, Vector] | undefined;
  for (const { loop } of polygon.rings)
    for (let index = 0; index < loop.points.length; index += 1) {
      const [from, to] = [pointAt(loop, index), pointAt(loop, index + 1)];
      const distance = distanceToEdge(point, from, to);
      if (distance >= least) continue;
      least = distance;
      nearest = [from, to];
    }
  return nearest === undefined ? least : angleBetween(point, closestOnEdge(point, ...nearest));
}
