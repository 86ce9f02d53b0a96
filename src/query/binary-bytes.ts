import type { Binary } from "../bson/value.ts";

/** The bytes as the server counts them: those of the old subtype 2 begin with their own length. */
export function serverBytes({ subType, bytes }: Binary): Uint8Array {
  if (subType !== 2) return bytes;
  const whole = Buffer.alloc(4 + bytes.length);
  whole.writeInt32LE(bytes.length, 0);
  whole.set(bytes, 4);
  return whole;
}
