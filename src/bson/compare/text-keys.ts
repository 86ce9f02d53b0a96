/** Keys for texts that may be equal without being the same. */

/** The same for texts that are equal, and only for those. */
export type KeyOfText = (text: string) => string;

/** Texts in one list of a sorted list of lists: insertion moves at most so many. */
const listLength = 512;

/**
 * Makes keys by an order of texts: the key of a text is the first one that was seen of those equal to it.
 *
 * Each new text costs as many comparisons as a search in a sorted list of those before it.
 */
export function createTextKeys(compare: (left: string, right: string) => number): KeyOfText {
  const known = new Map<string, string>();
  const lists: string[][] = [];
  return (text) => {
    const present = known.get(text);
    if (present !== undefined) return present;
    const key = place(lists, text, compare);
    known.set(text, key);
    return key;
  };
}

function place(
  lists: string[][],
  text: string,
  compare: (left: string, right: string) => number,
): string {
  const at = Math.max(0, firstIndex(lists, (list) => compare(list[0] as string, text) > 0) - 1);
  const list = lists[at];
  if (list === undefined) {
    lists.push([text]);
    return text;
  }
  const index = firstIndex(list, (each) => compare(each, text) >= 0);
  const found = list[index];
  if (found !== undefined && compare(found, text) === 0) return found;
  list.splice(index, 0, text);
  if (list.length > listLength) lists.splice(at + 1, 0, list.splice(listLength / 2));
  return text;
}

/** Where `isFrom` begins to hold, in a list where it holds from some place on. */
function firstIndex<T>(items: readonly T[], isFrom: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isFrom(items[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}
