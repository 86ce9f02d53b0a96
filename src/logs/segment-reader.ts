/** From a segment of an app's log back to its entries. */
import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import type { LogType } from "./log-entry.ts";
import {
  type Head,
  type Kind,
  momentsPerRow,
  rowBytes,
  type Segment,
  type SegmentEntry,
  wordsPerRow,
} from "./segment.ts";

const expand = promisify(inflateRaw);
/** What a segment may hold once it is unpacked. */
const expandedBytesMax = 64 * 2 ** 20;

/** Unpacks a segment's entries. Takes some milliseconds: await a turn between two of them. */
export async function readSegment({
  data,
  isPacked,
}: Pick<Segment, "data" | "isPacked">): Promise<readonly SegmentEntry[]> {
  const whole = isPacked ? await expand(data, { maxOutputLength: expandedBytesMax }) : data;
  const end = whole.indexOf(10);
  const head = JSON.parse(whole.toString("utf8", 0, end)) as Head;
  const kinds = head.kinds.map((kind) => readKind(kind, head.texts));
  const count = Math.floor((whole.length - end - 1) / rowBytes);
  const momentsAt = end + 1;
  const wordsAt = momentsAt + count * momentsPerRow * 8;
  return Array.from({ length: count }, (_, row) => {
    const moment = momentsAt + row * momentsPerRow * 8;
    const word = (place: number): number =>
      whole.readUInt32LE(wordsAt + (row * wordsPerRow + place) * 4);
    const rare = word(5);
    return {
      coId: (head.prefixes[word(0)] ?? "") + word(1).toString(16).padStart(8, "0"),
      startedAt: whole.readDoubleLE(moment),
      ms: whole.readDoubleLE(moment + 8),
      requestBytes: word(2),
      responseBytes: word(3),
      ...(kinds[word(4)] ?? noKind),
      rare: (rare === 0 ? undefined : head.rares[rare - 1]) ?? {},
    };
  });
}

function readKind(kind: string, texts: readonly string[]): Kind {
  const [status = 0, ...numbers] = kind.split(",").map(Number);
  const [type, method = "", url = "", headers = "", userId = "", ...others] = numbers.map(
    (number) => texts[number],
  );
  const [keyId = "", address = "", route = "", functionName = ""] = others;
  return {
    status,
    type: (type ?? noKind.type) as LogType,
    method,
    url,
    headers,
    userId,
    keyId,
    address,
    route,
    functionName,
  };
}

const noKind: Kind = {
  status: 0,
  type: "API",
  method: "",
  url: "",
  headers: "",
  userId: "",
  keyId: "",
  address: "",
  route: "",
  functionName: "",
};
