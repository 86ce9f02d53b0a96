/**
 * Makes what all calls of a host share unchangeable: JavaScript's own objects, and the global object.
 *
 * A prototype that one call pollutes would be seen by every other. Freezing alone would break ordinary code, since a
 * frozen property also forbids assignment on every object that inherits it (`this.name = "MyError"`): where that is
 * usual, the property becomes an accessor whose setter gives the inheriting object its own.
 *
 * Atlas: a function there had a realm of its own, and could extend `Array.prototype` for itself. A context per call
 * costs 0.3 ms and tells apart the `Array` of a function from that of its packages, so here it is refused instead.
 */

const asyncFunction = async (): Promise<void> => {};
// oxlint-disable-next-line no-empty-function
const generatorFunction = function* (): Generator {};
// oxlint-disable-next-line no-empty-function
const asyncGeneratorFunction = async function* (): AsyncGenerator {};

/** Names of globals that are JavaScript's own. */
const intrinsics = [
  "Object",
  "Function",
  "Array",
  "Number",
  "Boolean",
  "String",
  "Symbol",
  "Date",
  "Promise",
  "RegExp",
  "BigInt",
  "Map",
  "Set",
  "WeakMap",
  "WeakSet",
  "WeakRef",
  "FinalizationRegistry",
  "Proxy",
  "ArrayBuffer",
  "SharedArrayBuffer",
  "DataView",
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
  "Iterator",
  "Error",
  "AggregateError",
  "EvalError",
  "RangeError",
  "ReferenceError",
  "SyntaxError",
  "TypeError",
  "URIError",
  "Math",
  "JSON",
  "Reflect",
  "Atomics",
  "Intl",
  "WebAssembly",
  "parseInt",
  "parseFloat",
  "isNaN",
  "isFinite",
  "decodeURI",
  "decodeURIComponent",
  "encodeURI",
  "encodeURIComponent",
  "escape",
  "unescape",
  "eval",
] as const;

type Global = Record<PropertyKey, unknown>;

/** Where inheriting objects often have properties of the same name; all others are frozen as they are. */
function overridables(): readonly (readonly [target: object, names: "all" | readonly string[]])[] {
  const usual = ["constructor", "name", "message", "toString", "valueOf", "toJSON"];
  const errors = intrinsics.filter((name) => name.endsWith("Error"));
  const iterator: unknown = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
  return [
    [Object.prototype, "all"],
    [Function.prototype, "all"],
    ...errors
      .map(
        (name) =>
          [(globalThis as unknown as Global)[name] as { prototype: object }, usual] as const,
      )
      .map(([made, names]) => [made.prototype, names] as const),
    [Promise.prototype, "all"],
    [iterator as object, "all"],
    ...[Date, RegExp, Map, Set, Boolean, Number, String].map(
      ({ prototype }) => [prototype, usual] as const,
    ),
    // Not its constructor: with an accessor there, every `map` and `filter` takes six times as long.
    [Array.prototype, ["toString", "push", "concat"]],
  ];
}

/** Freezes JavaScript's own objects. Before user code runs, and after everything that has to change them. */
export function freezeIntrinsics(): void {
  for (const [target, names] of overridables()) allowOverrides(target, names);
  const seen = new Set<object>();
  for (const name of intrinsics) freezeDeep((globalThis as unknown as Global)[name], seen);
  for (const hidden of [
    asyncFunction,
    generatorFunction,
    asyncGeneratorFunction,
    [][Symbol.iterator](),
    new Map()[Symbol.iterator](),
    new Set()[Symbol.iterator](),
    ""[Symbol.iterator](),
    "".matchAll(/./g),
  ])
    freezeDeep(Object.getPrototypeOf(hidden), seen);
}

/** What is set here changes how stacks are printed, for all calls; packages can not do without. */
const openObjects: ReadonlySet<unknown> = new Set([Error]);

function freezeDeep(value: unknown, seen: Set<object>): void {
  if (!isObject(value) || seen.has(value)) return;
  seen.add(value);
  freezeDeep(Object.getPrototypeOf(value), seen);
  for (const key of Reflect.ownKeys(value)) {
    const property = Object.getOwnPropertyDescriptor(value, key) ?? {};
    // Its value, or its getter and setter.
    for (const each of Object.values(property)) freezeDeep(each, seen);
  }
  if (!openObjects.has(value)) Object.freeze(value);
}

/** Freezes a class of Node's, with the same leave for classes that extend it. */
export function freezeClass(made: unknown): void {
  if (typeof made !== "function") return;
  const prototype: unknown = made.prototype;
  if (typeof prototype !== "object" || prototype === null || !Object.isExtensible(prototype))
    return;
  allowOverrides(prototype, "all");
  Object.preventExtensions(prototype);
  // What Node declared unchangeable but writable can not be made an accessor, and must stay assignable below.
}

function allowOverrides(target: object, names: "all" | readonly string[]): void {
  const keys = names === "all" ? Reflect.ownKeys(target) : names;
  for (const key of keys) allowOverride(target, key);
}

function allowOverride(target: object, key: PropertyKey): void {
  const property = Object.getOwnPropertyDescriptor(target, key);
  if (property === undefined || !("value" in property) || property.configurable !== true) return;
  const value: unknown = property.value;
  Object.defineProperty(target, key, {
    get() {
      return value;
    },
    set(this: unknown, next: unknown) {
      if (this === target || !isObject(this))
        throw new TypeError(`Cannot assign to read only property '${String(key)}' of object`);
      Object.defineProperty(this, key, {
        value: next,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
    enumerable: property.enumerable === true,
    configurable: false,
  });
}

/**
 * Locks the global object.
 *
 * @param given globals that functions get instead of Node's, or beside them
 */
export function lockGlobals(given: Readonly<Record<string, unknown>>): void {
  const nodeFetch = globalThis.fetch.bind(globalThis);
  const replacements = {
    ...given,
    fetch: async (...request: Parameters<typeof fetch>) =>
      withDispatchers(async () => nodeFetch(...request)),
  };
  for (const [name, value] of Object.entries(replacements))
    Object.defineProperty(globalThis, name, {
      value,
      writable: false,
      enumerable: false,
      configurable: false,
    });
  reserveDispatchers();
  Object.preventExtensions(globalThis);
  for (const key of Reflect.ownKeys(globalThis)) {
    const property = Object.getOwnPropertyDescriptor(globalThis, key);
    if (property?.configurable !== true || dispatchers.includes(key as symbol)) continue;
    if (property.get === undefined)
      Object.defineProperty(globalThis, key, { writable: false, configurable: false });
    else lockLazy(key, property.get.bind(globalThis));
  }
}

/** Through which every `fetch` of the process goes; Node defines them when they are first needed. */
const dispatchers: readonly symbol[] = [1, 2, 3].map((version) =>
  Symbol.for(`undici.globalDispatcher.${version}`),
);

/** Whatever a call may have put in their place is gone then. */
function reserveDispatchers(): void {
  for (const key of dispatchers)
    // Unless they are there already: a module of Node's has loaded them on its own.
    if (Object.getOwnPropertyDescriptor(globalThis, key)?.configurable !== false)
      Object.defineProperty(globalThis, key, {
        value: undefined,
        writable: true,
        enumerable: false,
        configurable: true,
      });
}

let areDispatchersLocked = false;
/** What is loaded may itself read a global that is loaded when it is read. */
let isLoading = false;

function withDispatchers<T>(load: () => T): T {
  if (areDispatchersLocked || isLoading) return load();
  reserveDispatchers();
  isLoading = true;
  let loaded: T;
  try {
    loaded = load();
  } finally {
    isLoading = false;
  }
  const global = globalThis as unknown as Global;
  const made = dispatchers.filter((key) => global[key] !== undefined);
  for (const key of made) Object.defineProperty(globalThis, key, { writable: false });
  areDispatchersLocked = made.length > 0;
  return loaded;
}

/** Node loads some of its globals when they are first read, and would then define them anew. */
function lockLazy(key: PropertyKey, get: () => unknown): void {
  let value: unknown;
  const read = (): unknown => {
    try {
      return get();
    } catch {
      // It has loaded and could not be defined: from now on it only gives what it has.
      return get();
    }
  };
  Object.defineProperty(globalThis, key, {
    get: () => (value ??= withDispatchers(read)),
    enumerable: false,
    configurable: false,
  });
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
