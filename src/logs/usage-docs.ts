/** Sums of usage as documents of the state store: what is added to them, and how they are read. */
import { Doc } from "../bson/doc.ts";
import { DateTime, ObjectId } from "../bson/value.ts";
import { durationBoundsMs } from "./durations.ts";
import type { CountedRow, Stretch, UsageGroup, UsageRow } from "./usage.ts";
import { addSums, emptySums, type Sums } from "./usage-sums.ts";

export const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const stretches: readonly (readonly [name: Stretch, ms: number, keptMs: number])[] = [
  ["minute", minuteMs, 2 * dayMs],
  ["hour", hourMs, 100 * dayMs],
  ["day", dayMs, 400 * dayMs],
];
interface Added {
  readonly id: string;
  readonly fields: Doc;
  readonly sums: Sums;
}

/** One addition per document: a minute and an hour per group, a day per group, key and route. */
export function sumUp(rows: readonly CountedRow[]): ReadonlyMap<string, Added> {
  const added = new Map<string, Added>();
  for (const row of rows)
    for (const [stretch, ms, keptMs] of stretches) {
      const { appId, group } = row;
      const at = Math.floor((row.minute * minuteMs) / ms) * ms;
      const parts = stretch === "day" ? { key_id: row.keyId, route: row.route } : {};
      const id = [appId, stretch, at, group, ...Object.values(parts)].join(" ");
      const known = added.get(id);
      if (known !== undefined) {
        addSums(known.sums, row);
        continue;
      }
      const fields = Doc.of({
        app_id: ObjectId.fromHex(appId),
        stretch,
        at: new DateTime(at),
        group,
        ...parts,
        expires_at: new DateTime(at + keptMs),
      });
      const sums = emptySums();
      addSums(sums, row);
      added.set(id, { id, fields, sums });
    }
  return added;
}

/** As int64: sums of byte-milliseconds pass the bounds of 32 bits within a second. */
export function toDoc(sums: Sums): Doc {
  return Doc.of({
    succeeded: BigInt(sums.succeeded),
    failed: BigInt(sums.failed),
    compute: BigInt(Math.round(sums.computeByteMs)),
    egress: BigInt(sums.egressBytes),
    // Microseconds, so that no request counts as nothing.
    response: BigInt(Math.round(sums.responseMs * 1000)),
    logins: BigInt(sums.logins),
    ...Object.fromEntries(
      [...sums.durations.entries()]
        .filter(([, count]) => count > 0)
        .map(([place, count]) => [`durations.${place}`, BigInt(count)]),
    ),
  });
}

export function readRow(doc: Doc): UsageRow {
  const number = (name: string): number => Number(doc.get(name) ?? 0);
  const text = (name: string): string => {
    const value = doc.get(name);
    return typeof value === "string" ? value : "";
  };
  const at = doc.get("at");
  const durations = doc.get("durations");
  const counts = durations instanceof Doc ? durations : Doc.empty;
  return {
    at: at instanceof DateTime ? Number(at.ms) : 0,
    group: text("group") as UsageGroup,
    keyId: text("key_id"),
    route: text("route"),
    succeeded: number("succeeded"),
    failed: number("failed"),
    computeByteMs: number("compute"),
    egressBytes: number("egress"),
    responseMs: number("response") / 1000,
    logins: number("logins"),
    durations: Array.from({ length: durationBoundsMs.length + 1 }, (_, place) =>
      Number(counts.get(String(place)) ?? 0),
    ),
  };
}
