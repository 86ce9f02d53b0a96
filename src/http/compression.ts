/** Compressing answers: only when asked, only when it is worth it, and never on the event loop. */
import { brotliCompress, constants, gzip } from "node:zlib";
import { weightOf } from "./negotiation.ts";

export type Coding = "gzip" | "br";

/** Below it the headers weigh as much as what is saved. */
export const compressedBytesMin = 2048;

/** Fast levels: an answer is compressed once and read once. */
const gzipOptions = { level: 2 };
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } };

/** The coding that a client prefers; gzip where it likes both alike. */
export function readAcceptEncoding(header: string | undefined): Coding | undefined {
  if (header === undefined) return undefined;
  let best: Coding | undefined;
  let bestWeight = 0;
  for (const part of header.split(",")) {
    const name = part.split(";", 1)[0]?.trim().toLowerCase();
    if (name !== "gzip" && name !== "br") continue;
    const weight = weightOf(part);
    if (weight < bestWeight || weight === 0 || (weight === bestWeight && name === "br")) continue;
    best = name;
    bestWeight = weight;
  }
  return best;
}

export async function compress(body: Buffer, coding: Coding): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, compressed: Buffer): void => {
      if (error === null) resolve(compressed);
      else reject(error);
    };
    if (coding === "gzip") gzip(body, gzipOptions, done);
    else brotliCompress(body, brotliOptions, done);
  });
}
