/** Values that are mostly at hand, and sometimes only after a function of the app was called. */

export type Eventual<T> = T | Promise<T>;

/** Goes on with a value: at once where it is at hand, since a promise per document would cost more than the work. */
export function chain<T, R>(value: Eventual<T>, next: (value: T) => Eventual<R>): Eventual<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** All of them, in their order. */
export function collect<T>(values: readonly Eventual<T>[]): Eventual<readonly T[]> {
  return values.some((each) => each instanceof Promise)
    ? Promise.all(values)
    : (values as readonly T[]);
}

/**
 * Whether `test` gives `wanted` for one of the items, asked in their order; what can not change the answer is not asked.
 */
export function someAnswer<T>(
  items: readonly T[],
  wanted: boolean,
  test: (item: T) => Eventual<boolean>,
): Eventual<boolean> {
  for (let index = 0; index < items.length; index += 1) {
    const answer = test(items[index] as T);
    if (answer instanceof Promise)
      return answer.then((later) =>
        later === wanted ? true : someAnswer(items.slice(index + 1), wanted, test),
      );
    if (answer === wanted) return true;
  }
  return false;
}
