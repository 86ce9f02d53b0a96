/**
 * What comes and goes with each call, by tickets.
 *
 * In place of a `Map`: V8 gives a map that entries come to and leave a new table again and again, and the old one goes
 * on pointing at what was in it. One that has become old keeps all that from being collected with the young, which costs
 * a busy server more than the calls themselves. Here, places are used again.
 */

/** A ticket is a place, and how often the place was taken: one that is over finds nothing. */
const placesMax = 2 ** 20;
const turns = 2 ** 12;

/** What stands under tickets that somebody else's `Slots` have given. */
export class TicketTable<T> {
  readonly #items: (T | undefined)[] = [];
  /** Of each place, the last. */
  readonly #tickets: number[] = [];

  get(ticket: number): T | undefined {
    const place = ticket % placesMax;
    return this.#tickets[place] === ticket ? this.#items[place] : undefined;
  }

  set(ticket: number, item: T): void {
    const place = ticket % placesMax;
    this.#items[place] = item;
    this.#tickets[place] = ticket;
  }

  /** @returns what it was; undefined where it had gone before */
  delete(ticket: number): T | undefined {
    const item = this.get(ticket);
    if (item !== undefined) this.#items[ticket % placesMax] = undefined;
    return item;
  }

  /** Those that are there now: what comes and goes meanwhile does no harm. */
  values(): readonly T[] {
    return this.#items.filter((each) => each !== undefined);
  }
}

export class Slots<T> {
  readonly #table = new TicketTable<T>();
  /** The last ticket of each place that is free. */
  readonly #free: number[] = [];
  #places = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns its ticket, 32 bits without a sign @throws {RangeError} when there are a million already */
  add(item: T): number {
    const ticket = this.#nextTicket();
    this.#table.set(ticket, item);
    this.#size += 1;
    return ticket;
  }

  #nextTicket(): number {
    const former = this.#free.pop();
    if (former !== undefined) return (former + placesMax) % (placesMax * turns);
    if (this.#places >= placesMax) throw new RangeError("too many at once");
    this.#places += 1;
    return this.#places - 1;
  }

  get(ticket: number): T | undefined {
    return this.#table.get(ticket);
  }

  /** @returns what it was; undefined where it had gone before */
  delete(ticket: number): T | undefined {
    const item = this.#table.delete(ticket);
    if (item === undefined) return undefined;
    this.#free.push(ticket);
    this.#size -= 1;
    return item;
  }

  /** Those that are there now. */
  values(): readonly T[] {
    return this.#table.values();
  }
}
