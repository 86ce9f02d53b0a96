/** Server-sent events as the original's clients read them. */

const percent = 0x25;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

const begin = Buffer.from("data: ");
const beginError = Buffer.from("event: error\ndata: ");
const end = Buffer.from("\n\n");

/** One event. Besides what ends a line only `%` is escaped, which is less than URLs want. */
export function toEvent(data: Uint8Array, kind: "message" | "error" = "message"): Buffer {
  return Buffer.concat([kind === "error" ? beginError : begin, escape(data), end]);
}

/** What nobody reads, and shows that the connection lives. */
export function toComment(): Buffer {
  return comment;
}

const comment = Buffer.from(":\n\n");

function escape(data: Uint8Array): Uint8Array {
  if (!data.some(isEscaped)) return data;
  return Buffer.from(
    Buffer.from(data)
      .toString("utf8")
      .replace(/[%\n\r]/g, (found) => encodeURIComponent(found)),
  );
}

function isEscaped(byte: number): boolean {
  return byte === percent || byte === lineFeed || byte === carriageReturn;
}
