/** Classes that code may call without `new`, and by their name alone. */

export type Class = abstract new (...given: never[]) => object;

/** @returns what stands for the class, in its prototype, too */
export function namedClass<T extends Class>(name: string, made: T): T {
  Object.defineProperty(made, "name", { value: name });
  const proxy = new Proxy(made, {
    apply: (target, _self, given: readonly unknown[]) => Reflect.construct(target, given) as object,
  });
  Object.defineProperties(made.prototype, {
    [Symbol.toStringTag]: { value: name },
    constructor: { value: proxy, configurable: true },
  });
  return proxy;
}

/** The text of whatever code has given. */
export function textOf(given: unknown): string {
  return "".concat(given as string);
}
