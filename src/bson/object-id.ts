import { ObjectId } from "./value.ts";

const hexForm = /^[0-9a-f]{24}$/i;

/** Reads 24 hex digits; undefined for any other text. */
export function readObjectId(hex: string): ObjectId | undefined {
  return hexForm.test(hex) ? ObjectId.fromHex(hex) : undefined;
}

/**
 * Makes a generator of ObjectIds: seconds since 1970, five random bytes that stay, and a counter.
 *
 * @param environment.now milliseconds since 1970
 * @param environment.random that many random bytes; called once, for eight
 */
export function createObjectIdFactory(environment: {
  readonly now: () => number;
  readonly random: (count: number) => Uint8Array;
}): () => ObjectId {
  const seed = environment.random(8);
  const at = (index: number): number => seed[index] as number;
  const middle = ((at(0) << 24) | (at(1) << 16) | (at(2) << 8) | at(3)) >>> 0;
  const top = (at(4) << 24) >>> 0;
  let counter = (at(5) << 16) | (at(6) << 8) | at(7);
  return () => {
    counter = (counter + 1) & 0xff_ffff;
    const seconds = Math.floor(environment.now() / 1000) >>> 0;
    return new ObjectId(seconds, middle, (top | counter) >>> 0);
  };
}
