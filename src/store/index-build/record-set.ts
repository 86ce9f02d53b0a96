/** A set of record ids in little memory: a bit each, in pages. */

export interface RecordSet {
  has(record: number): boolean;
  /** @returns whether it was not there before */
  add(record: number): boolean;
  delete(record: number): void;
}

const pageBytes = 4096;
const pageRecords = pageBytes * 8;

export function createRecordSet(): RecordSet {
  const pages = new Map<number, Uint8Array>();
  const pageOf = (record: number): Uint8Array | undefined =>
    pages.get(Math.floor(record / pageRecords));

  return {
    has(record) {
      const page = pages.size === 0 ? undefined : pageOf(record);
      if (page === undefined) return false;
      const bit = record % pageRecords;
      return ((page[bit >> 3] as number) & (1 << (bit & 7))) !== 0;
    },
    add(record) {
      const bit = record % pageRecords;
      let page = pageOf(record);
      if (page === undefined) {
        page = new Uint8Array(pageBytes);
        pages.set(Math.floor(record / pageRecords), page);
      }
      const before = page[bit >> 3] as number;
      page[bit >> 3] = before | (1 << (bit & 7));
      return before !== page[bit >> 3];
    },
    delete(record) {
      const page = pageOf(record);
      if (page === undefined) return;
      const bit = record % pageRecords;
      page[bit >> 3] = (page[bit >> 3] as number) & ~(1 << (bit & 7));
    },
  };
}
