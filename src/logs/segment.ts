/**
 * A stretch of an app's log: up to a second of entries, kept as one document.
 *
 * A document per request would cost more than the request. So an entry is a row of a few numbers, written when the
 * request ends: what it has in common with others (URL, headers, user, status) is written once, as a kind, and named by
 * its number. Rows are so short that packing them costs more than it saves; texts are packed, off the event loop.
 */
import { promisify } from "node:util";
import { deflateRaw } from "node:zlib";
import type { LogType } from "./log-entry.ts";

/** What entries have in common. */
export interface Kind {
  readonly type: LogType;
  /** 0 where there was no answer to give. */
  readonly status: number;
  readonly method: string;
  readonly url: string;
  /** JSON. */
  readonly headers: string;
  readonly userId: string;
  /** Of the server API key that was shown. */
  readonly keyId: string;
  readonly address: string;
  readonly route: string;
  readonly functionName: string;
}

/** What an entry has of its own. */
export interface RowFields {
  /** 24 hex digits. */
  readonly coId: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** What few entries have, under the names of the admin API. */
export type RareFields = Readonly<Record<string, unknown>>;

export interface SegmentEntry extends Kind, RowFields {
  readonly ms: number;
  readonly rare: RareFields;
}

/** A segment that is complete: what can be looked for without unpacking it, and the entries. */
export interface Segment {
  /** 24 hex digits. */
  readonly appId: string;
  /** When its first and its last entry ended: milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly errors: number;
  readonly types: readonly LogType[];
  /** Whose entries are in it; undefined where they are too many to tell. */
  readonly users: readonly string[] | undefined;
  readonly data: Buffer;
  readonly isPacked: boolean;
}

export interface SegmentWriter {
  /** The number of a kind within this segment. */
  kindOf(kind: Kind): number;
  /** @param kind as `kindOf` gave it */
  add(row: RowFields, ms: number, kind: number, rare?: RareFields): void;
  /** About so many, before they are packed. */
  readonly bytes: number;
  readonly count: number;
  finish(): Promise<Segment>;
}

const usersMax = 64;
const rareCharsMax = 256 * 1024;
const rowsMin = 256;
/** Of a row: when it began and how long it took; its id, bytes, kind and what is rare of it. */
export const momentsPerRow = 2;
export const wordsPerRow = 6;
export const rowBytes = momentsPerRow * 8 + wordsPerRow * 4;
/** Seconds, and what is the same for all ids of a process. */
const prefixLength = 16;
/** A segment with more than this beside its rows has texts in it. */
const textBytesMin = 2048;

const compress = promisify(deflateRaw);
/** The fastest: what more would save is small, and it runs beside the requests. */
const level = 1;
/** The tables that rows point into. */
export interface Head {
  readonly texts: readonly string[];
  readonly kinds: readonly string[];
  readonly prefixes: readonly string[];
  readonly rares: readonly RareFields[];
}

export function createSegment(appId: string): SegmentWriter {
  let moments = new Float64Array(rowsMin * momentsPerRow);
  let words = new Uint32Array(rowsMin * wordsPerRow);
  let count = 0;
  let errors = 0;
  let from = Infinity;
  let to = 0;
  const texts = createTable();
  const kinds = createTable();
  const prefixes = createTable();
  const rares: string[] = [];
  let rareBytes = 0;
  const types = new Set<LogType>();
  let users: Set<string> | undefined = new Set();
  let prefix = "";
  let prefixNumber = 0;

  function noteUser(userId: string): void {
    if (users === undefined || userId === "" || users.has(userId)) return;
    if (users.size >= usersMax) users = undefined;
    else users.add(userId);
  }

  function makeRoom(): void {
    if ((count + 1) * wordsPerRow <= words.length) return;
    const moreMoments = new Float64Array(moments.length * 2);
    moreMoments.set(moments);
    moments = moreMoments;
    const moreWords = new Uint32Array(words.length * 2);
    moreWords.set(words);
    words = moreWords;
  }

  /** @returns 0 where there is nothing rare */
  function rareOf(rare: RareFields | undefined): number {
    if (rare === undefined) return 0;
    if ("error" in rare) errors += 1;
    const text = textOf(rare);
    rareBytes += text.length;
    return rares.push(text);
  }

  return {
    kindOf(kind) {
      const { numberOf } = texts;
      types.add(kind.type);
      noteUser(kind.userId);
      const { status, type, method, url, headers, userId, keyId } = kind;
      return kinds.numberOf(
        [
          status,
          ...[type, method, url, headers, userId, keyId].map(numberOf),
          ...[kind.address, kind.route, kind.functionName].map(numberOf),
        ].join(","),
      );
    },
    add({ coId, startedAt, requestBytes, responseBytes }, ms, kind, rare) {
      makeRoom();
      const endedAt = startedAt + ms;
      if (endedAt < from) from = endedAt;
      if (endedAt > to) to = endedAt;
      if (!coId.startsWith(prefix) || prefix === "") {
        prefix = coId.slice(0, prefixLength);
        prefixNumber = prefixes.numberOf(prefix);
      }
      const moment = count * momentsPerRow;
      moments[moment] = startedAt;
      moments[moment + 1] = ms;
      const word = count * wordsPerRow;
      words[word] = prefixNumber;
      words[word + 1] = Number.parseInt(coId.slice(prefixLength), 16);
      words[word + 2] = requestBytes;
      words[word + 3] = responseBytes;
      words[word + 4] = kind;
      words[word + 5] = rareOf(rare);
      count += 1;
    },
    get bytes() {
      return count * rowBytes + texts.bytes + kinds.bytes + rareBytes;
    },
    get count() {
      return count;
    },
    async finish() {
      const lists = [texts, kinds, prefixes].map((table) => JSON.stringify(table.list()));
      const head = Buffer.from(
        `{"texts":${lists[0]},"kinds":${lists[1]},"prefixes":${lists[2]},"rares":[${rares.join(",")}]}\n`,
      );
      const whole = Buffer.concat([
        head,
        bytesOf(moments.subarray(0, count * momentsPerRow)),
        bytesOf(words.subarray(0, count * wordsPerRow)),
      ]);
      const isPacked = rareBytes > textBytesMin;
      return {
        appId,
        from,
        to,
        count,
        errors,
        types: [...types],
        users: users === undefined ? undefined : [...users],
        data: isPacked ? await compress(whole, { level }) : whole,
        isPacked,
      };
    },
  };
}

function textOf(rare: RareFields): string {
  const text = JSON.stringify(rare);
  if (text.length <= rareCharsMax) return text;
  return JSON.stringify({ error: rare["error"], error_code: rare["error_code"], cut: true });
}

/** In the order of this machine's bytes, which is that of every machine that Node runs on. */
function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | Uint32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

interface Table {
  readonly numberOf: (text: string) => number;
  readonly bytes: number;
  list(): readonly string[];
}

function createTable(): Table {
  const numbers = new Map<string, number>();
  let bytes = 0;
  return {
    numberOf(text) {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      const number = numbers.size;
      numbers.set(text, number);
      bytes += text.length + 4;
      return number;
    },
    get bytes() {
      return bytes;
    },
    list: () => [...numbers.keys()],
  };
}
