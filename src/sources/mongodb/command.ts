/** Commands and replies as they go over the wire: the `OP_MSG` of MongoDB's wire protocol. */
import type { ClientSession } from "mongodb";
import type { Doc } from "../../bson/doc.ts";

/** How a command may be repeated after a network failure or an election, and where it runs. */
export type CommandKind = "read" | "retryableRead" | "write" | "retryableWrite" | "next" | "plain";

export interface Command {
  readonly kind: CommandKind;
  readonly database: string;
  /** The first field, which names the command. */
  readonly name: string;
  /** The first field's value; undefined when the body begins with that field. */
  readonly target: string | number | bigint | undefined;
  /** All other fields: the elements of a BSON document, without its length and end. */
  readonly body: Uint8Array;
  /** Documents of an array field, which travel beside the body and may be bigger than a document. */
  readonly sequence?: Sequence | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly session?: ClientSession | undefined;
  /** With `next`: the server that holds the cursor. */
  readonly server?: object | undefined;
}

export interface Sequence {
  readonly field: string;
  readonly documents: readonly Uint8Array[];
}

export interface Reply {
  readonly document: Doc;
  /** The server that answered; a cursor lives there. */
  readonly server: object | undefined;
}

const headerLength = 16;
const opMsg = 2013;
/** After the header: flags, and the kind of the first section. */
const documentStart = headerLength + 4 + 1;
const moreToCome = 2;

/** The bytes of the elements of a document, without its length and end. */
export function elementsOf(document: Doc): Uint8Array {
  return document.toBytes().subarray(4, -1);
}

/** Length of a sequence's section: its kind, its length, the field's name, the documents one after another. */
export function sequenceLength({ field, documents }: Sequence): number {
  return documents.reduce((sum, each) => sum + each.length, 1 + 4 + field.length + 1);
}

/** Writes a sequence's section to the end of a message. */
export function writeSequence(
  message: Buffer,
  start: number,
  { field, documents }: Sequence,
): void {
  message[start] = 1;
  message.writeInt32LE(message.length - start - 1, start + 1);
  let at = start + 5;
  at += message.write(`${field}\0`, at, "latin1");
  for (const document of documents) {
    message.set(document, at);
    at += document.length;
  }
}

/**
 * A whole message.
 *
 * @param tail elements that follow those of the body, one list after another
 */
export function toMessage(
  requestId: number,
  { name, target, body, database, sequence }: Command & { readonly target: string },
  tail: readonly Uint8Array[],
): Buffer {
  const [targetLength, databaseLength] = [Buffer.byteLength(target), Buffer.byteLength(database)];
  let documentLength = 4 + (1 + name.length + 1 + 4 + targetLength + 1) + body.length;
  for (const each of tail) documentLength += each.length;
  documentLength += 1 + 4 + 4 + databaseLength + 1 + 1;
  const end = documentStart + documentLength;
  const message = Buffer.allocUnsafe(sequence === undefined ? end : end + sequenceLength(sequence));
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(requestId, 4);
  message.writeInt32LE(0, 8);
  message.writeInt32LE(opMsg, 12);
  message.fill(0, headerLength, documentStart);
  message.writeInt32LE(documentLength, documentStart);
  let at = writeText(message, documentStart + 4, name, target, targetLength);
  message.set(body, at);
  at += body.length;
  for (const each of tail) {
    message.set(each, at);
    at += each.length;
  }
  at = writeText(message, at, "$db", database, databaseLength);
  message[at] = 0;
  if (sequence !== undefined) writeSequence(message, end, sequence);
  return message;
}

function writeText(
  message: Buffer,
  start: number,
  name: string,
  text: string,
  length: number,
): number {
  message[start] = 2;
  let at = start + 1;
  at += message.write(`${name}\0`, at, "latin1");
  at = message.writeInt32LE(length + 1, at);
  at += message.write(text, at);
  message[at] = 0;
  return at + 1;
}

/** Length of the message that begins with these bytes; undefined while it is not known. */
export function messageLength(bytes: Buffer): number | undefined {
  return bytes.length < 4 ? undefined : bytes.readInt32LE(0);
}

/**
 * The document of a reply, as a view.
 *
 * @throws {RangeError} for what is no answer to the request
 */
export function replyBytes(message: Buffer, requestId: number): Buffer {
  const isReply =
    message.length > documentStart + 4 &&
    message.readInt32LE(8) === requestId &&
    message.readInt32LE(12) === opMsg &&
    (message.readInt32LE(headerLength) & moreToCome) === 0 &&
    message[documentStart - 1] === 0;
  const end = isReply ? documentStart + message.readInt32LE(documentStart) : 0;
  if (end <= documentStart || end > message.length) throw new RangeError("not the reply");
  return message.subarray(documentStart, end);
}
