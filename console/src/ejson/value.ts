/**
 * EJSON as it was written: names in their order, twice where they come twice, numbers as their text.
 *
 * JavaScript's own objects would move names that are numbers to the front, and its numbers know one type.
 */
export type Ejson = null | boolean | string | EjsonNumber | EjsonObject | readonly Ejson[];

export class EjsonNumber {
  /** As JSON writes it. */
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export class EjsonObject {
  readonly names: readonly string[];
  readonly values: readonly Ejson[];
  constructor(names: readonly string[], values: readonly Ejson[]) {
    this.names = names;
    this.values = values;
  }

  get size(): number {
    return this.names.length;
  }

  /** The first of that name. */
  get(name: string): Ejson | undefined {
    const at = this.names.indexOf(name);
    return at < 0 ? undefined : this.values[at];
  }

  without(name: string): EjsonObject {
    const isKept = (_: unknown, at: number): boolean => this.names[at] !== name;
    return new EjsonObject(this.names.filter(isKept), this.values.filter(isKept));
  }

  with(name: string, value: Ejson): EjsonObject {
    const at = this.names.indexOf(name);
    if (at < 0) return new EjsonObject([...this.names, name], [...this.values, value]);
    return new EjsonObject(this.names, this.values.with(at, value));
  }
}

export function isEjsonArray(value: Ejson | undefined): value is readonly Ejson[] {
  return Array.isArray(value);
}

export type Plain =
  | Ejson
  | number
  | readonly Plain[]
  | { readonly [name: string]: Plain | undefined };

/** From literals of the program: what is undefined is left out. Numbers are whole ones. */
export function toEjson(value: Plain): Ejson {
  if (typeof value === "number") return new EjsonNumber(String(value));
  if (value === null || typeof value !== "object") return value;
  if (value instanceof EjsonObject || value instanceof EjsonNumber) return value;
  if (Array.isArray(value)) return (value as readonly Plain[]).map(toEjson);
  const given = Object.entries(value as Readonly<Record<string, Plain | undefined>>).filter(
    (entry): entry is [string, Plain] => entry[1] !== undefined,
  );
  return new EjsonObject(
    given.map(([name]) => name),
    given.map(([, each]) => toEjson(each)),
  );
}

/** A text out of an answer; empty where it is none. */
export function textOf(value: Ejson | undefined): string {
  return typeof value === "string" ? value : "";
}

/** A count out of an answer, whatever type it has; 0 for what is none. */
export function countOf(value: Ejson | undefined): number {
  if (value instanceof EjsonNumber) return Number(value.text);
  const inner = value instanceof EjsonObject ? value.values[0] : undefined;
  return typeof inner === "string" ? Number(inner) : 0;
}
