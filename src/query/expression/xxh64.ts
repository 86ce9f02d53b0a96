/** The 64-bit hash of the xxHash family, with seed 0. */

const mask = 2n ** 64n - 1n;
const prime1 = 0x9e3779b185ebca87n;
const prime2 = 0xc2b2ae3d27d4eb4fn;
const prime3 = 0x165667b19e3779f9n;
const prime4 = 0x85ebca77c2b2ae63n;
const prime5 = 0x27d4eb2f165667c5n;

/** Bytes of one step. */
const stripe = 32;

const times = (left: bigint, right: bigint): bigint => (left * right) & mask;
const rotate = (value: bigint, bits: bigint): bigint =>
  ((value << bits) | (value >> (64n - bits))) & mask;
const round = (sum: bigint, lane: bigint): bigint =>
  times(rotate((sum + times(lane, prime2)) & mask, 31n), prime1);
const merge = (sum: bigint, lane: bigint): bigint =>
  (times(sum ^ round(0n, lane), prime1) + prime4) & mask;

/** @param onStep called for every 32 bytes: the work is done on a client's data */
export function xxh64(bytes: Buffer, onStep: () => void): bigint {
  let at = 0;
  let hash = prime5;
  if (bytes.length >= stripe) {
    const lanes = [(prime1 + prime2) & mask, prime2, 0n, -prime1 & mask];
    for (; at + stripe <= bytes.length; at += stripe) {
      onStep();
      for (let lane = 0; lane < 4; lane += 1)
        lanes[lane] = round(lanes[lane] as bigint, bytes.readBigUInt64LE(at + lane * 8));
    }
    const turns = [1n, 7n, 12n, 18n];
    hash =
      lanes.reduce((sum, lane, index) => sum + rotate(lane, turns[index] as bigint), 0n) & mask;
    for (const lane of lanes) hash = merge(hash, lane);
  }
  return finish((hash + BigInt(bytes.length)) & mask, bytes, at);
}

function finish(begun: bigint, bytes: Buffer, from: number): bigint {
  let hash = begun;
  let at = from;
  for (; at + 8 <= bytes.length; at += 8) {
    const mixed = hash ^ round(0n, bytes.readBigUInt64LE(at));
    hash = (times(rotate(mixed, 27n), prime1) + prime4) & mask;
  }
  for (; at + 4 <= bytes.length; at += 4) {
    const mixed = hash ^ times(BigInt(bytes.readUInt32LE(at)), prime1);
    hash = (times(rotate(mixed, 23n), prime2) + prime3) & mask;
  }
  for (; at < bytes.length; at += 1)
    hash = times(rotate(hash ^ times(BigInt(bytes[at] as number), prime5), 11n), prime1);
  hash = times(hash ^ (hash >> 33n), prime2);
  hash = times(hash ^ (hash >> 29n), prime3);
  return hash ^ (hash >> 32n);
}
