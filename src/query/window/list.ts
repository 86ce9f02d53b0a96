/** A list that grows at its end and loses its first values. */
import type { Value } from "../../bson/value.ts";

export interface List<T> {
  readonly length: number;
  push(value: T): void;
  /** Only when there is one. */
  shift(): T;
  first(count: number): T[];
  last(count: number): T[];
}

/** Places that may stay empty before the array is cut. */
const slackMax = 1024;

/** An array's own `shift` moves all that is behind. */
export function createList<T = Value>(): List<T> {
  const values: (T | undefined)[] = [];
  let head = 0;
  return {
    get length() {
      return values.length - head;
    },
    push(value): void {
      values.push(value);
    },
    shift(): T {
      const value = values[head] as T;
      values[head] = undefined;
      head += 1;
      if (head > slackMax && head * 2 > values.length) {
        values.splice(0, head);
        head = 0;
      }
      return value;
    },
    first: (count) => values.slice(head, head + count) as T[],
    last: (count) => values.slice(Math.max(head, values.length - count)) as T[],
  };
}
