/** Writing the answer of a custom endpoint. */
import { Doc } from "../bson/doc.ts";
import { type OutputFormat, writeDocText } from "../bson/stringify.ts";
import { TextWriter } from "../bson/text-writer.ts";
import { Undefined, type Value } from "../bson/value.ts";
import { type EndpointAnswer, hasHeader } from "../endpoints/answer.ts";
import { Fault } from "../kit/fault.ts";
import type { Exchange } from "./exchange.ts";
import { heavyBytesMin } from "./heavy-text.ts";
import { contentTypeOf } from "./negotiation.ts";
import { type ResultReply, send, sendCompressed, sendEmpty } from "./reply.ts";

/** @throws what printing the answer throws; nothing is sent then */
export async function replyWithAnswer(
  exchange: Exchange,
  { status, headers, body }: EndpointAnswer,
  options: Omit<ResultReply, "status">,
): Promise<void> {
  // A function that speaks of origins itself is left to it.
  if (hasHeader(headers, "access-control-allow-origin")) exchange.allowedOrigin = undefined;
  if (body.kind === "none") {
    sendEmpty(exchange, status, headers);
    return;
  }
  if (body.kind === "bytes") {
    if (body.bytes.length > options.bytesMax) throw tooLarge();
    const bytes = toBuffer(body.bytes);
    if (isCompressible(headers)) await sendCompressed(exchange, status, [...headers], bytes);
    else send(exchange, status, [...headers], bytes);
    return;
  }
  const text = await printValue(body.value, options);
  const type = hasHeader(headers, "content-type")
    ? []
    : ["Content-Type", contentTypeOf[options.format]];
  await sendCompressed(exchange, status, [...headers, ...type], text);
}

/**
 * A document whose one field holds the value: its text begins with `{"":` and ends with `}`.
 *
 * Atlas: what the original answered where a function returned nothing is not known; as a function's own result, EJSON
 * showed it as undefined.
 */
async function printValue(
  value: Value | undefined,
  { format, bytesMax, heavyText }: Omit<ResultReply, "status">,
): Promise<Buffer> {
  // One that is still its bytes tells at once how large it is; most are, and are small.
  if (
    value instanceof Doc &&
    (value.viewLength ?? heavyBytesMin) < Math.min(heavyBytesMin, bytesMax)
  )
    return print(value, format);
  const holder = Doc.fromParts([""], [value === undefined ? Undefined : value]);
  const { length } = holder.toBytes();
  if (length > bytesMax) throw tooLarge();
  const text =
    length < heavyBytesMin ? print(holder, format) : await heavyText.print(holder, format);
  return text.subarray(4, -1);
}

function print(doc: Doc, format: OutputFormat): Buffer {
  const out = new TextWriter();
  writeDocText(out, doc, format);
  return out.take();
}

const compressible =
  /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:e?json|xml|javascript)\b|image\/svg)/i;

/** Pictures and archives are so already, and what a function has encoded is not to be touched. */
function isCompressible(headers: readonly string[]): boolean {
  const type = headers.findIndex((each, at) => at % 2 === 0 && /^content-type$/i.test(each));
  return !hasHeader(headers, "content-encoding") && compressible.test(headers[type + 1] ?? "");
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function tooLarge(): Fault {
  return new Fault("ReadSizeLimitExceeded", "the answer is larger than the limit of a response");
}
