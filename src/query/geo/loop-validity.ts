/** What makes a loop, or the loops of a polygon, invalid: in the server's words. */
import { createCrosser } from "./crossing.ts";
import { latitudeOf, longitudeOf, toDegrees } from "./lat-lng.ts";
import { isNormal, type Loop, pointAt } from "./loop.ts";
import { relationOfLoops } from "./loop-relation.ts";
import type { Vector } from "./vector.ts";

/** A point as a key of maps: exact. */
export function keyOf({ x, y, z }: Vector): string {
  // Adding 0 makes one key of 0 and -0.
  return `${x + 0},${y + 0},${z + 0}`;
}

/** @returns what is wrong; undefined for a valid loop */
export function faultOfLoop(loop: Loop): string | undefined {
  const seen = new Map<string, number>();
  for (const [index, point] of loop.points.entries()) {
    const key = keyOf(point);
    const first = seen.get(key);
    if (first !== undefined) return `Duplicate vertices: ${first} and ${index}`;
    seen.set(key, index);
  }
  const crossing = findCrossing(loop);
  if (crossing === undefined) return undefined;
  const [i, other] = crossing;
  const place = (index: number): string => printPlace(pointAt(loop, index));
  return (
    `Edges ${i} and ${other} cross. Edge locations in degrees: ` +
    `${place(i)}-${place(i + 1)} and ${place(other)}-${place(other + 1)}`
  );
}

/** The first two edges of a loop that cross. */
function findCrossing(loop: Loop): readonly [number, number] | undefined {
  const count = loop.points.length;
  for (let i = 0; i < count; i += 1) {
    const [from, to] = [pointAt(loop, i), pointAt(loop, i + 1)];
    const crosser = createCrosser(from, to, from);
    let chainAt = -1;
    let found: number | undefined;
    loop.edges.visit(from, to, (other) => {
      // Each pair is tested once; edges that follow each other do not cross.
      if (other <= i + 1) return true;
      if (other !== chainAt) crosser.restart(pointAt(loop, other));
      chainAt = other + 1;
      if (crosser.cross(pointAt(loop, other + 1)) > 0) found = other;
      return found === undefined;
    });
    if (found !== undefined) return [i, found];
  }
  return undefined;
}

function printPlace(point: Vector): string {
  // Latitude first, unlike everywhere else: so the server prints it.
  return `[${printDegrees(latitudeOf(point))}, ${printDegrees(longitudeOf(point))}]`;
}

function printDegrees(radians: number): string {
  const degrees = toDegrees(radians);
  return Object.is(degrees, -0) ? "-0.0000000" : degrees.toFixed(7);
}

/** @param loops each valid by itself @returns what is wrong between them */
export function faultOfLoops(loops: readonly Loop[]): string | undefined {
  if (loops.length > 1) {
    const shared = findSharedEdge(loops);
    if (shared !== undefined) return shared;
  }
  for (const [index, loop] of loops.entries()) {
    if (!isNormal(loop)) return `Loop ${index} encloses more than half the sphere`;
    for (let other = index + 1; other < loops.length; other += 1)
      if (relationOfLoops(loop, loops[other] as Loop) === "crosses")
        return `Loop ${index} crosses loop ${other}`;
  }
  return undefined;
}

function findSharedEdge(loops: readonly Loop[]): string | undefined {
  const edges = new Map<string, readonly [loop: number, edge: number]>();
  for (const [index, loop] of loops.entries())
    for (let edge = 0; edge < loop.points.length; edge += 1) {
      const [from, to] = [keyOf(pointAt(loop, edge)), keyOf(pointAt(loop, edge + 1))];
      // Either direction counts.
      const other = edges.get(`${from} ${to}`) ?? edges.get(`${to} ${from}`);
      if (other !== undefined)
        return `Duplicate edge: loop ${index}, edge ${edge} and loop ${other[0]}, edge ${other[1]}`;
      edges.set(`${from} ${to}`, [index, edge]);
      edges.set(`${to} ${from}`, [index, edge]);
    }
  return undefined;
}
