/** What a body is called whose function does not say what it is. */
import { isUtf8 } from "node:buffer";

const marks: readonly (readonly [type: string, offset: number, mark: Buffer])[] = [
  ["image/png", 0, Buffer.from("\x89PNG\r\n\x1a\n", "latin1")],
  ["image/jpeg", 0, Buffer.from("\xff\xd8\xff", "latin1")],
  ["image/gif", 0, Buffer.from("GIF8", "latin1")],
  ["image/webp", 8, Buffer.from("WEBP", "latin1")],
  ["application/pdf", 0, Buffer.from("%PDF-", "latin1")],
  ["application/zip", 0, Buffer.from("PK\x03\x04", "latin1")],
  ["application/x-gzip", 0, Buffer.from("\x1f\x8b\x08", "latin1")],
];

/** So much is looked at, as Go does. */
const lookBytes = 512;

/**
 * Text, one of a few well-known kinds of files, or just bytes.
 *
 * Atlas: the original's default is not known. Its server was written in Go, whose servers guess: text is `text/plain`, in
 * JSON too. Go would also recognise HTML; here a function has to say so, so that nothing that a caller sent becomes a page
 * under this origin by mistake.
 */
export function contentTypeOfBytes(body: Uint8Array): string {
  const start = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, lookBytes));
  for (const [type, offset, mark] of marks)
    if (start.subarray(offset, offset + mark.length).equals(mark)) return type;
  return isText(start, body.length > start.length) ? textType : "application/octet-stream";
}

const textType = "text/plain; charset=utf-8";

function isText(start: Buffer, isCut: boolean): boolean {
  // oxlint-disable-next-line no-control-regex
  if (/[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]/.test(start.toString("latin1"))) return false;
  if (isUtf8(start)) return true;
  // The last character may have been cut in two.
  return isCut && [1, 2, 3].some((cut) => isUtf8(start.subarray(0, start.length - cut)));
}
