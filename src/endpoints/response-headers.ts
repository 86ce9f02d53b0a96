/** The headers that a function sets. */
import { Fault } from "../kit/fault.ts";

const namePattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,256}$/;
/** Visible characters, blanks and tabs; Latin-1, as they go over the wire. */
const valuePattern = /^[\t\x20-\x7e\x80-\xff]*$/;
const headersMax = 200;
const bytesMax = 64 * 1024;

/** The connection is ours, and how long the body is, nobody knows better: what functions say of these goes nowhere. */
const ours: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Names and values in turn, as they were set; a name that was set twice stands there twice.
 *
 * @throws {Fault} `FunctionExecutionError` for what would break the answer apart
 */
export function readHeaders(
  given: readonly (readonly [name: string, value: string])[],
): readonly string[] {
  const headers: string[] = [];
  let bytes = 0;
  for (const [name, value] of given) {
    if (!namePattern.test(name)) throw refused("a header's name must be a token");
    if (!valuePattern.test(value)) throw refused(`the value of the header ${name} can not be sent`);
    if (ours.has(name.toLowerCase())) continue;
    bytes += name.length + value.length;
    headers.push(name, value);
  }
  if (headers.length > 2 * headersMax || bytes > bytesMax)
    throw refused(`more than ${headersMax} headers, or ${bytesMax} bytes of them`);
  return headers;
}

function refused(message: string): Fault {
  return new Fault("FunctionExecutionError", message);
}
