/** The one file in a body of `multipart/form-data`, as the original's tool sends it. */
import { Fault } from "../kit/fault.ts";

export interface SentFile {
  /** Without folders. */
  readonly name: string;
  readonly bytes: Buffer;
}

const headBytesMax = 8192;

/**
 * @param contentType of the request
 * @throws {Fault} `BadRequest` when there is no file in it
 */
export function readSentFile(contentType: string, body: Buffer): SentFile {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  const mark = Buffer.from(`--${boundary?.[1] ?? boundary?.[2] ?? ""}`);
  if (boundary === null) throw noFile();
  let at = body.indexOf(mark);
  while (at >= 0) {
    const start = at + mark.length;
    if (body.toString("latin1", start, start + 2) !== "\r\n") throw noFile();
    const headEnd = body.indexOf("\r\n\r\n", start);
    const end = headEnd < 0 ? -1 : body.indexOf(Buffer.concat([lineFeed, mark]), headEnd);
    if (end < 0 || headEnd - start > headBytesMax) throw noFile();
    const head = body.toString("utf8", start, headEnd);
    const name = /^content-disposition:[^\r\n]*;\s*filename="([^"\r\n]+)"/im.exec(head)?.[1];
    if (name !== undefined)
      return { name: name.replace(/^.*[/\\]/, ""), bytes: body.subarray(headEnd + 4, end) };
    at = end + lineFeed.length;
  }
  throw noFile();
}

const lineFeed = Buffer.from("\r\n");

function noFile(): Fault {
  return new Fault("BadRequest", "the body must hold one file as multipart/form-data");
}
