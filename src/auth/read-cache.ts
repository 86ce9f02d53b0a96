/** A bounded cache in front of a store that others change too. */

export interface ReadCache<T> {
  /** At once when it is known. What is not there is not remembered. */
  get(id: string): T | undefined | Promise<T | undefined>;
  /** To be called when it was changed, here or elsewhere: what is being read at that moment is not remembered. */
  drop(id: string): void;
  clear(): void;
  /** Entries that are remembered. */
  readonly size: number;
}

export function createReadCache<T extends object>(options: {
  readonly entriesMax: number;
  readonly load: (id: string) => Promise<T | undefined>;
}): ReadCache<T> {
  const { entriesMax, load } = options;
  const known = new Map<string, T>();
  const loading = new Map<string, Promise<T | undefined>>();

  async function read(id: string): Promise<T | undefined> {
    // Not in the map yet when `load` begins; nothing between here and there waits.
    const reading = load(id);
    loading.set(id, reading);
    try {
      const found = await reading;
      if (found !== undefined && loading.get(id) === reading) remember(id, found);
      return found;
    } finally {
      if (loading.get(id) === reading) loading.delete(id);
    }
  }

  function remember(id: string, value: T): void {
    const [oldest] = known.keys();
    if (known.size >= entriesMax && oldest !== undefined) known.delete(oldest);
    known.set(id, value);
  }

  return {
    get: (id) => known.get(id) ?? loading.get(id) ?? read(id),
    drop(id) {
      known.delete(id);
      loading.delete(id);
    },
    clear() {
      known.clear();
      loading.clear();
    },
    get size() {
      return known.size;
    },
  };
}
