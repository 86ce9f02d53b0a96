/** Work on one document that is too much for the event loop, or that needs code of the sender's to be run. */

/** From which size on, in bytes, a document is worked on by a thread: 20 to 30 ms of work at worst. */
export const heavyBytesMin = { match: 2 ** 20, change: 2 ** 17, project: 2 ** 18 } as const;

/**
 * Thrown by work that can not wait, on meeting a document which is not for it. Who catches it waits for `settle` and
 * does the same again: what was worked out meanwhile is remembered.
 */
export class Postponed extends Error {
  readonly #settle: () => Promise<void>;

  constructor(settle: () => Promise<void>) {
    super("a document is not to be worked on here");
    this.#settle = settle;
  }

  /** @throws {MongoError} what the work gives, 50 when the deadline passes */
  async settle(): Promise<void> {
    await this.#settle();
  }
}

/** Runs work until no part of it has to wait any more. */
export async function settling<T>(work: () => T | Promise<T>): Promise<T> {
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
const answersMax = 1000;
const answeredBytesMax = 64 * 2 ** 20;

/** Remembers, for one call, what was answered about whole documents. */
export interface Answers<T> {
  /** @throws {Postponed} when it is not known yet */
  of(bytes: Buffer): T;
}

/**
 * For whole documents, by their bytes.
 *
 * @param ask gets bytes that stay as they are: those of all documents that were met since it was asked last
 */
export function createAnswers<T>(
  ask: (documents: readonly Buffer[]) => Promise<readonly T[]>,
): Answers<T> {
  const known = new Map<string, { readonly bytes: Buffer; readonly answer: T }>();
  let knownBytes = 0;
  let met = new Map<string, Buffer>();
  let asking: Promise<void> = Promise.resolve();
  // One for all: making it costs more than all else that is done about a document.
  const postponed = new Postponed(() => (asking = asking.then(askAboutMet)));

  async function askAboutMet(): Promise<void> {
    if (met.size === 0) return;
    const asked = met;
    met = new Map();
    const answers = await ask([...asked.values()]);
    let index = 0;
    for (const [key, bytes] of asked) remember(key, bytes, answers[index++] as T);
  }

  function remember(key: string, bytes: Buffer, answer: T): void {
    known.delete(key);
    known.set(key, { bytes, answer });
    knownBytes += bytes.length;
    for (const [oldest, former] of known) {
      const isTooMuch = known.size > answersMax || knownBytes > answeredBytesMax;
      if (!isTooMuch || oldest === key) break;
      known.delete(oldest);
      knownBytes -= former.bytes.length;
    }
  }

  return {
    of(bytes) {
      // A buffer of LMDB's is longer than it says.
      const exact = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.readInt32LE(0));
      const key = keyOf(exact);
      const found = known.get(key);
      if (found?.bytes.equals(exact) === true) return found.answer;
      // And it changes with the next read.
      met.set(key, Buffer.from(exact));
      throw postponed;
    },
  };
}

/** Of a big document only the beginning, with its `_id`, stands in the key: hashing it would take too long. */
const keyBytesMax = 4096;

function keyOf(bytes: Buffer): string {
  return `${bytes.length} ${bytes.toString("latin1", 0, keyBytesMax)}`;
}
