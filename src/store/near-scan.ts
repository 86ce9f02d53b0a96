/**
 * Visits documents in the order of their distance.
 *
 * Pieces of space wait by how near they can be, documents by how near they are: what is nearest of both is next. A
 * piece with few keys is read, one with more is divided; so only what is about as near as what is wanted is looked at.
 */
import { Doc } from "../bson/doc.ts";
import { printBson } from "../bson/print.ts";
import { Double } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import {
  compileDistance,
  isOnGrid,
  planeAround,
  reachOf,
  type SpacePiece,
  sphereAround,
} from "../query/geo-distance.ts";
import { notOnGrid } from "../query/geo-index.ts";
import type { StoredCollection, StoredIndex } from "./catalog.ts";
import type { Environment } from "./environment.ts";
import { createHeap } from "./heap.ts";
import { copyKey, type KeyBuffer } from "./key-buffer.ts";
import { geoPartOf } from "./planner/geo-intervals.ts";
import { type KeyRange, toRange } from "./planner/index-plan.ts";
import { successor } from "./planner/intervals.ts";
import type { NearPlan } from "./planner/near-plan.ts";
import type { Scan, ScanCounts, VisitDocument } from "./scan.ts";

/** A piece with no more keys than this is read at once. */
const keysPerPiece = 32;
/** Keys of a piece that can not be divided are read so many at a time. */
const keysPerLook = 256;

interface Pending {
  readonly nearest: number;
  readonly range: KeyRange;
  readonly piece: SpacePiece | undefined;
  readonly prefix: Buffer;
  /** Where reading stopped. */
  readonly after?: KeyBuffer;
}

interface Found {
  readonly record: number;
  readonly distance: number;
}

/** @param isDue asked now and then: true when others are to have their turn */
export function startNearScan(
  environment: Environment,
  collection: StoredCollection,
  plan: NearPlan,
  { mustBeThere, isDue }: { mustBeThere: (index: StoredIndex) => void; isDue: () => boolean },
): Scan {
  const { index, node } = plan;
  const { near } = node;
  const { records, entries } = environment;
  const grid = gridOf(plan);
  const reach = reachOf(near, grid === undefined ? undefined : 1.5 * (grid.high - grid.low));
  const measure = compileDistance(node.path, near, reach);
  const counts: ScanCounts = { keysExamined: 0, docsExamined: 0 };
  const seen = new Set<number>();
  const pending = createHeap<Pending>((left, right) => left.nearest < right.nearest);
  const found = createHeap<Found>(
    (left, right) =>
      left.distance < right.distance ||
      (left.distance === right.distance && left.record < right.record),
  );

  function push(prefix: Buffer, piece: SpacePiece): void {
    if (piece.nearest > reach.most) return;
    const range = rangeOf(index, prefix, piece.first, piece.last);
    pending.push({ nearest: piece.nearest, range, piece, prefix });
  }

  function start(): void {
    if (!plan.isSearchable) {
      const range = toRange(index, Buffer.alloc(0), Buffer.alloc(0), Buffer.from([0xff]));
      pending.push({ nearest: 0, range, piece: undefined, prefix: Buffer.alloc(0) });
      return;
    }
    const whole = grid === undefined ? sphereAround(near) : planeAround(near, grid);
    for (const prefix of plan.prefixes) for (const piece of whole) push(prefix, piece);
  }

  function look(record: number): void {
    if (seen.has(record)) return;
    seen.add(record);
    const bytes = records.view(collection.id, record);
    if (bytes === undefined) return;
    counts.docsExamined += 1;
    const distance = measure(Doc.fromBytes(bytes))?.distance;
    if (distance !== undefined) found.push({ record, distance });
  }

  /** Reads the keys of a piece, up to so many. @returns where it stopped; undefined at the end */
  function read({ range, after }: Pending, most: number, into: number[]): KeyBuffer | undefined {
    let stoppedAt: KeyBuffer | undefined;
    const asked = { ...range, isReverse: false, ...(after !== undefined && { after }) };
    entries.scan(asked, (record, key) => {
      counts.keysExamined += 1;
      into.push(record);
      if (into.length < most) return true;
      stoppedAt = copyKey(key);
      return false;
    });
    return stoppedAt;
  }

  function goThrough(next: Pending): void {
    const { piece, prefix } = next;
    const parts = piece?.parts;
    const keys: number[] = [];
    const stoppedAt = read(next, parts === undefined ? keysPerLook : keysPerPiece + 1, keys);
    if (parts === undefined || stoppedAt === undefined) {
      for (const record of keys) look(record);
      if (stoppedAt !== undefined) pending.push({ ...next, after: stoppedAt });
      return;
    }
    for (const part of parts()) push(prefix, part);
    // Larger shapes have the piece itself as their key: only such an index is multikey.
    const own = piece?.own;
    if (own === undefined || !index.multikey.includes(true)) return;
    const range = rangeOf(index, prefix, own, own);
    pending.push({ nearest: next.nearest, range, piece: undefined, prefix });
  }

  start();
  const scan: Scan = {
    counts,
    isTired: false,
    measure,
    run(visit: VisitDocument) {
      scan.isTired = false;
      mustBeThere(index);
      for (;;) {
        const best = found.peek();
        const next = pending.peek();
        if (best !== undefined && (next === undefined || best.distance <= next.nearest)) {
          found.pop();
          const bytes = records.view(collection.id, best.record);
          if (bytes !== undefined && !visit(best.record, bytes)) return false;
        } else if (next === undefined) return true;
        else {
          pending.pop();
          goThrough(next);
          scan.isTired = isDue();
          if (scan.isTired) return false;
        }
      }
    },
  };
  return scan;
}

/** @throws {MongoError} 16433 when the center is not on the grid */
function gridOf({
  index,
  node,
}: NearPlan): { low: number; high: number; bits: number } | undefined {
  const { geo } = index.definition;
  if (geo?.kind !== "2d") return undefined;
  const { center } = node.near;
  if (!isOnGrid(geo.grid, center)) {
    const shown = [center.x, center.y].map((each, at) => `${at}: ${printCoordinate(each)}`);
    throw new MongoError(16_433, `${notOnGrid(geo.grid)} :: caused by :: { ${shown.join(", ")} }`);
  }
  return geo.grid;
}

function printCoordinate(value: number): string {
  return printBson(new Double(value));
}

function rangeOf(
  index: StoredIndex,
  prefix: Buffer,
  first: SpacePiece["first"],
  last: SpacePiece["last"],
): KeyRange {
  return toRange(index, prefix, geoPartOf(first), successor(geoPartOf(last)));
}
