/** What a session adds to a command, as BSON elements. */
import type { ClientSession } from "mongodb";

/** Of a session, what is not in its type. */
interface ServerSession {
  readonly id: { readonly id: { readonly buffer: Uint8Array } };
  /** Of the session's last numbered write. */
  txnNumber: number;
}

const idLength = 16;
const sessionHead = "\u0003lsid\0\u001e\0\0\0\u0005id\0\u0010\0\0\0\u0004";
const numberHead = "\u0012txnNumber\0";

/** `lsid: {id: UUID}` */
export function sessionElement(session: ClientSession): Uint8Array {
  const { buffer } = serverSessionOf(session).id.id;
  const element = Buffer.alloc(sessionHead.length + idLength + 1);
  element.write(sessionHead, "latin1");
  element.set(buffer.subarray(0, idLength), sessionHead.length);
  return element;
}

/** `txnNumber: Int64`, by which the server knows a write that is sent again: one more than the session's last. */
export function numberElement(session: ClientSession): Uint8Array {
  const serverSession = serverSessionOf(session);
  serverSession.txnNumber += 1;
  const element = Buffer.allocUnsafe(numberHead.length + 8);
  element.write(numberHead, "latin1");
  element.writeBigInt64LE(BigInt(serverSession.txnNumber), numberHead.length);
  return element;
}

function serverSessionOf(session: ClientSession): ServerSession {
  return (session as unknown as { readonly serverSession: ServerSession }).serverSession;
}
