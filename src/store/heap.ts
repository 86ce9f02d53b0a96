/** A heap: gives the least of what is in it first. */

export interface Heap<T> {
  readonly size: number;
  peek(): T | undefined;
  push(item: T): void;
  pop(): T | undefined;
  /** To be called when the least has become greater. */
  settle(): void;
}

/** @param isLess a strict order; what it does not tell apart comes in any order */
export function createHeap<T>(isLess: (left: T, right: T) => boolean): Heap<T> {
  const items: T[] = [];
  const swap = (a: number, b: number): void => {
    const item = items[a] as T;
    items[a] = items[b] as T;
    items[b] = item;
  };
  function sink(): void {
    for (let at = 0; ;) {
      let next = 2 * at + 1;
      if (next >= items.length) return;
      if (next + 1 < items.length && isLess(items[next + 1] as T, items[next] as T)) next += 1;
      if (!isLess(items[next] as T, items[at] as T)) return;
      swap(at, next);
      at = next;
    }
  }
  return {
    get size() {
      return items.length;
    },
    peek: () => items[0],
    push(item) {
      items.push(item);
      let at = items.length - 1;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!isLess(items[at] as T, items[parent] as T)) return;
        swap(at, parent);
        at = parent;
      }
    },
    pop() {
      const least = items[0];
      const last = items.pop();
      if (items.length === 0) return least;
      items[0] = last as T;
      sink();
      return least;
    },
    settle: sink,
  };
}
