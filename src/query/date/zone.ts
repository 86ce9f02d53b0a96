/**
 * Time zones: names of the tz database, and offsets such as `+02:00`.
 *
 * Agrees with what a mongod makes of local times that a change of offset skips or repeats.
 */
import { MongoError } from "../../kit/mongo-error.ts";
import { type Moment, secondsPerDay, secondsOf, toMoment } from "./calendar.ts";
import { isZoneName } from "./zone-name.ts";
import { createZoneOffsets, type ZoneOffsets } from "./zone-offset.ts";

export interface Zone {
  /** UTC by default, or asked for as an offset of zero, but not by name: a text may then hold a zone of its own. */
  readonly isUtc: boolean;
  /** Seconds east of Greenwich. @param moment in UTC */
  offsetAt(moment: Moment): number;
  /**
   * The moment of a local time. A skipped one is taken as if the clock had not been changed; of the two moments
   * of a repeated one the later is taken.
   *
   * @param before a moment that the local time was reckoned from: if it is in daylight-saving time, so is what is
   *   returned for a repeated local time
   */
  toUtc(local: Moment, before?: Moment): Moment;
}

export const utc: Zone = fixedZone(0);

/** Names used in the last requests; far more than any of them needs. */
const zonesMax = 64;
const zones = new Map<string, Zone>();

/**
 * Finds a time zone by its identifier, e.g. `Europe/Berlin`, `+01`, `-0330`, `+05:30`.
 *
 * @throws {MongoError} 40485 for any other text
 */
export function findZone(identifier: string): Zone {
  const known = zones.get(identifier);
  if (known !== undefined) return known;
  const zone = makeZone(identifier);
  if (zones.size >= zonesMax) zones.clear();
  zones.set(identifier, zone);
  return zone;
}

const offsetForm = /^([+-])(\d\d)(?::?(\d\d))?$/;

function makeZone(identifier: string): Zone {
  const match = offsetForm.exec(identifier);
  if (match !== null) {
    const size = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60;
    return fixedZone(match[1] === "-" ? -size : size);
  }
  if (!isZoneName(identifier))
    throw new MongoError(40485, `unrecognized time zone identifier: "${identifier}"`);
  if (identifier === "UTC" || identifier === "GMT") return { ...utc, isUtc: false };
  return namedZone(createZoneOffsets(identifier));
}

/** A zone that never changes. @param offset in seconds east of Greenwich */
export function fixedZone(offset: number): Zone {
  return {
    isUtc: offset === 0,
    offsetAt: () => offset,
    toUtc: (local) => shift(local, -offset),
  };
}

/** Moves a moment. */
export function shift({ days, ms }: Moment, seconds: number): Moment {
  return toMoment(days, ms + seconds * 1000);
}

/** The local time as if it were a moment in UTC. */
export function toLocal(zone: Zone, moment: Moment): Moment {
  const offset = zone.offsetAt(moment);
  return offset === 0 ? moment : shift(moment, offset);
}

function namedZone(offsets: ZoneOffsets): Zone {
  return {
    isUtc: false,
    offsetAt: (moment) => offsets.offsetAt(secondsOf(moment)),
    toUtc(local, before): Moment {
      const seconds = secondsOf(local);
      const wasSaving = (): boolean =>
        offsets.isDaylightSaving(before === undefined ? 0 : secondsOf(before));
      return shift(local, -localOffset(offsets, seconds, wasSaving));
    },
  };
}

/** How far apart the server supposes daylight-saving time and standard time to be, at most. */
const twoHours = secondsPerDay / 12;

/** The offset that holds at a local time. @param local seconds since 1970 on the local clock */
function localOffset(offsets: ZoneOffsets, local: number, wasSaving: () => boolean): number {
  // The server's way: read the local time as UTC, and with the offset found look a second time.
  const first = offsets.offsetAt(local);
  const second = offsets.offsetAt(local - first);
  const change = offsets.changeBefore(local - first);
  if (first !== second) return local - second < change ? first : second;
  const earlier = offsets.offsetAt(local - first - twoHours);
  if (first >= 0 && earlier !== first && local - earlier < change) {
    // The later moment of a repeated local time, east of Greenwich.
    if (wasSaving() && !offsets.isDaylightSaving(local)) return earlier;
  }
  const later = offsets.offsetAt(local - first + twoHours);
  if (first <= 0 && later !== first) {
    // Its earlier moment, west of Greenwich.
    const isRepeated = local - later >= offsets.changeBefore(local - first + twoHours);
    if (isRepeated && offsets.isDaylightSaving(local) && !wasSaving()) return later;
  }
  return first;
}
