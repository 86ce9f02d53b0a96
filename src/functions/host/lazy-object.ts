/** Objects whose fields are made when somebody looks at the first of them: most of what a call is given it never uses. */

type Fields = Record<PropertyKey, unknown>;

/**
 * An object like any other, as far as its user can tell.
 *
 * @param fill puts the fields into it
 * @param find gives what a field is that is not there
 */
export function lazyObject(
  fill: (target: Fields) => void,
  { prototype, find }: { readonly prototype?: null; readonly find?: FindField } = {},
): object {
  const target = (prototype === null ? Object.create(null) : {}) as Fields;
  return new Proxy(target, new LazyFields(fill, find));
}

export type FindField = (target: Fields, key: PropertyKey) => unknown;

class LazyFields implements ProxyHandler<Fields> {
  #fill: ((target: Fields) => void) | undefined;
  readonly #find: FindField | undefined;

  constructor(fill: (target: Fields) => void, find: FindField | undefined) {
    this.#fill = fill;
    this.#find = find;
  }

  #filled(target: Fields): Fields {
    const fill = this.#fill;
    this.#fill = undefined;
    fill?.(target);
    return target;
  }

  get(target: Fields, key: PropertyKey): unknown {
    const value = this.#filled(target)[key];
    return value === undefined && this.#find !== undefined ? this.#find(target, key) : value;
  }

  set(target: Fields, key: PropertyKey, value: unknown): boolean {
    return Reflect.set(this.#filled(target), key, value);
  }

  has(target: Fields, key: PropertyKey): boolean {
    return Reflect.has(this.#filled(target), key);
  }

  deleteProperty(target: Fields, key: PropertyKey): boolean {
    return Reflect.deleteProperty(this.#filled(target), key);
  }

  defineProperty(target: Fields, key: PropertyKey, property: PropertyDescriptor): boolean {
    return Reflect.defineProperty(this.#filled(target), key, property);
  }

  getOwnPropertyDescriptor(target: Fields, key: PropertyKey): PropertyDescriptor | undefined {
    return Reflect.getOwnPropertyDescriptor(this.#filled(target), key);
  }

  ownKeys(target: Fields): (string | symbol)[] {
    return Reflect.ownKeys(this.#filled(target));
  }

  preventExtensions(target: Fields): boolean {
    return Reflect.preventExtensions(this.#filled(target));
  }
}
