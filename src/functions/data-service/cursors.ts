/** Cursors that are open in one call. */
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { Fault } from "../../kit/fault.ts";
import type { Batches } from "../../sources/source.ts";

export interface Cursors {
  /** Opens one, and reads its first batch. */
  add(batches: Batches): Promise<Doc>;
  more(id: number): Promise<Doc>;
  end(id: number): Promise<void>;
  /** All documents at once. @throws {Fault} `ReadSizeLimitExceeded` */
  all(batches: Batches, bytesMax: number): Promise<readonly Value[]>;
  close(): void;
}

const openMax = 1000;

export function createCursors(): Cursors {
  const open = new Map<number, AsyncIterator<readonly Doc[]>>();
  let count = 0;
  let isClosed = false;

  async function read(id: number, iterator: AsyncIterator<readonly Doc[]>): Promise<Doc> {
    const { value, done } = await iterator.next();
    const isLast = done === true;
    if (isLast) open.delete(id);
    return Doc.of({ cursor: id, documents: isLast ? [] : value, isLast });
  }

  async function end(id: number): Promise<void> {
    const iterator = open.get(id);
    open.delete(id);
    await iterator?.return?.();
  }

  return {
    async add(batches) {
      if (open.size >= openMax || isClosed)
        throw new Fault("FunctionExecutionError", "too many cursors are open");
      const id = (count += 1);
      const iterator = batches[Symbol.asyncIterator]();
      open.set(id, iterator);
      return read(id, iterator);
    },
    async more(id) {
      const iterator = open.get(id);
      if (iterator === undefined) throw new Fault("FunctionExecutionError", "the cursor is closed");
      return read(id, iterator);
    },
    end,
    async all(batches, bytesMax) {
      const found: Doc[] = [];
      let bytes = 0;
      for await (const batch of batches)
        for (const each of batch) {
          bytes += each.toBytes().length;
          if (bytes > bytesMax)
            throw new Fault(
              "ReadSizeLimitExceeded",
              `the documents have more than ${bytesMax} bytes: read them one by one, with next()`,
            );
          found.push(each);
        }
      return found;
    },
    close() {
      isClosed = true;
      for (const id of open.keys()) end(id).catch(() => {});
    },
  };
}
