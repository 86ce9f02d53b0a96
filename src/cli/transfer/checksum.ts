/** What two copies of a collection are compared by: how many documents, and a sum over them in any order. */
import { hash } from "node:crypto";

export interface Tally {
  readonly count: number;
  /** Bytes of BSON. */
  readonly bytes: number;
  /** 64 hex digits: the SHA-256 of every document's BSON, added up in four lanes of 64 bits. */
  readonly checksum: string;
}

export interface Tallier {
  add(document: Uint8Array): void;
  tally(): Tally;
}

/** Adding, unlike chaining, gives the same for any order; and unlike XOR, two equal documents do not vanish. */
export function createTallier(): Tallier {
  const lanes = new BigUint64Array(4);
  let count = 0;
  let bytes = 0;
  return {
    add(document) {
      const digest = hash("sha256", document, "buffer");
      for (let lane = 0; lane < 4; lane += 1)
        lanes[lane] = (lanes[lane] ?? 0n) + digest.readBigUInt64BE(lane * 8);
      count += 1;
      bytes += document.length;
    },
    tally: () => ({
      count,
      bytes,
      checksum: [...lanes].map((lane) => lane.toString(16).padStart(16, "0")).join(""),
    }),
  };
}
