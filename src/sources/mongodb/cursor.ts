/** Cursors of the server as batches. */
import type { ClientSession } from "mongodb";
import { Doc } from "../../bson/doc.ts";
import { isArray } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { Batches } from "../source.ts";
import type { Answer, Call, Link } from "./link.ts";

interface Cursor {
  readonly id: bigint;
  /** Part of `ns` after the database. */
  readonly collection: string;
  readonly documents: readonly Doc[];
}

/** Runs a command that opens a cursor, and gives every batch of it; leaving the loop closes the cursor. */
export async function* readCursor(link: Link, call: Call): Batches {
  const session = link.startSession();
  try {
    const answer = await link.call({ ...call, session });
    const first = readReply(answer, "firstBatch");
    if (first.id !== 0n) {
      yield* readRest(link, call, session, answer.server, first);
      return;
    }
    if (first.documents.length > 0) yield first.documents;
  } finally {
    await session.endSession();
  }
}

/** Runs a command whose cursor is known to end with its first batch. */
export async function readSingleBatch(link: Link, call: Call): Promise<readonly Doc[]> {
  return readReply(await link.call(call), "firstBatch").documents;
}

async function* readRest(
  link: Link,
  call: Call,
  session: ClientSession,
  server: object | undefined,
  first: Cursor,
): Batches {
  const { database, signal } = call;
  const { collection } = first;
  let cursor = first;
  // Set while the server knows that it is done with the cursor, or is to be asked.
  let isOpen = true;
  try {
    for (;;) {
      if (cursor.documents.length > 0) yield cursor.documents;
      if (cursor.id === 0n) {
        isOpen = false;
        return;
      }
      const next: Call = {
        kind: "next",
        database,
        name: "getMore",
        target: cursor.id,
        fields: [["collection", collection]],
        signal,
        session,
        server,
      };
      cursor = readReply(await link.call(next), "nextBatch");
    }
  } catch (error) {
    // The server closes a cursor that fails.
    if (error instanceof MongoError && signal?.aborted !== true) isOpen = false;
    throw error;
  } finally {
    if (isOpen) await killCursor(link, { database, collection, id: first.id, session, server });
  }
}

async function killCursor(
  link: Link,
  cursor: {
    readonly database: string;
    readonly collection: string;
    readonly id: bigint;
    readonly session: ClientSession;
    readonly server: object | undefined;
  },
): Promise<void> {
  const { database, collection, id, session, server } = cursor;
  await link
    .call({
      kind: "next",
      database,
      name: "killCursors",
      target: collection,
      fields: [["cursors", [id]]],
      session,
      server,
    })
    // The server drops an idle cursor by itself.
    .catch(() => undefined);
}

function readReply({ reply }: Answer, batch: "firstBatch" | "nextBatch"): Cursor {
  const cursor = reply.get("cursor");
  if (!(cursor instanceof Doc)) throw new TypeError("the reply has no cursor");
  const documents = cursor.get(batch);
  const id = cursor.get("id");
  const namespace = cursor.get("ns") as string;
  return {
    id: typeof id === "bigint" ? id : 0n,
    collection: namespace.slice(namespace.indexOf(".") + 1),
    documents: isArray(documents) ? documents.filter((each) => each instanceof Doc) : [],
  };
}
