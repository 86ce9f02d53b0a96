/** Work on one document that is too much for the event loop. */

/** From which size on, in bytes, a document is worked on by a thread: 20 to 30 ms of work at worst. */
export const heavyBytesMin = { match: 2 ** 20, change: 2 ** 17, project: 2 ** 18 } as const;

/**
 * Thrown by work that can not wait, on meeting a document which is too big for it. Who catches it waits for `settle` and
 * does the same again: what was worked out meanwhile is remembered.
 */
export class Postponed extends Error {
  readonly #settle: () => Promise<void>;

  constructor(settle: () => Promise<void>) {
    super("a document is too big to be worked on here");
    this.#settle = settle;
  }

  /** @throws {MongoError} what the work gives, 50 when the deadline passes */
  async settle(): Promise<void> {
    await this.#settle();
  }
}

/** Runs work until no part of it has to wait any more. */
export async function settling<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      return await work();
    } catch (cause) {
      if (!(cause instanceof Postponed)) throw cause;
      // oxlint-disable-next-line no-await-in-loop
      await cause.settle();
    }
  }
}

/** Answers kept per call: a document may be changed by somebody else between two tries, and then the next is asked for. */
const answersMax = 4;

/** Remembers, for one call, what the thread answered about whole documents. */
export interface Answers<T> {
  /** @throws {Postponed} when it is not known yet */
  of(bytes: Buffer): T;
}

/** For whole documents, by their bytes. @param ask gets bytes that stay as they are */
export function createAnswers<T>(ask: (bytes: Buffer) => Promise<T>): Answers<T> {
  const known: { readonly bytes: Buffer; readonly answer: T }[] = [];
  return {
    of(bytes) {
      // A buffer of LMDB's is longer than it says.
      const exact = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.readInt32LE(0));
      const found = known.find((each) => each.bytes.equals(exact));
      if (found !== undefined) return found.answer;
      // And it changes with the next read.
      const kept = Buffer.from(exact);
      throw new Postponed(async () => {
        const answer = await ask(kept);
        if (known.length >= answersMax) known.shift();
        known.push({ bytes: kept, answer });
      });
    },
  };
}
