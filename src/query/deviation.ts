/** Standard deviations in one pass (Welford), as the server reckons them: in doubles, whatever the type. */
import type { NumberValue } from "../bson/compare.ts";
import { toDouble } from "./number.ts";

/** The spread of any number of numbers; fill it with `add`, read it any number of times. */
export class Deviation {
  #count = 0;
  #mean = 0;
  #squares = 0;

  add(value: NumberValue): void {
    const number = toDouble(value);
    this.#count += 1;
    const delta = number - this.#mean;
    if (delta === 0) return;
    this.#mean += delta / this.#count;
    this.#squares += delta * (number - this.#mean);
  }

  /** Of all values there are; undefined when there is none. */
  population(): number | undefined {
    return this.#count === 0 ? undefined : Math.sqrt(this.#squares / this.#count);
  }

  /** As estimated from a sample; undefined when there are less than two values. */
  sample(): number | undefined {
    return this.#count < 2 ? undefined : Math.sqrt(this.#squares / (this.#count - 1));
  }
}
