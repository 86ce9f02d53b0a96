/**
 * Chooses who searches, so that no search takes long.
 *
 * V8's backtracking engine is the fastest, and runs what has a bound that we can afford for the text's length. All else
 * is for our machine, which counts its steps; where it runs out of them, V8's linear engine may still have the answer.
 */
import { BudgetError, Machine } from "./machine.ts";
import { compileLinear, compileNative } from "./native.ts";
import type { Pattern, RegexNode } from "./node.ts";
import { buildProgram, type Program } from "./program.ts";
import { costOf, firstSet, isAnchored, sizeOf } from "./shape.ts";
import { translate, type Manner } from "./translate.ts";

/** What a search found; places are UTF-16 units. */
export interface Found {
  readonly index: number;
  /** Behind the match. */
  readonly end: number;
  readonly match: string;
  /** `undefined` for a group that caught nothing. */
  readonly captures: readonly (string | undefined)[];
}

export interface Engine {
  /** @throws {BudgetError} */
  search(text: string, from: number): Found | null;
  /** @throws {BudgetError} */
  test(text: string): boolean;
}

/** Characters that V8's backtracking engine looks at in some 30 milliseconds. */
const nativeStepsMax = 3e7;
/** Instructions of a pattern that V8 compiles in some milliseconds. */
const nativeSizeMax = 2000;
/** Characters times instructions that the linear engine does in some 30 milliseconds. */
const linearStepsMax = 1e6;
/** Steps of our machine: the first try takes less than a millisecond, the last some 30. */
const firstStepsMax = 20_000;
const lastStepsMax = 600_000;
/** First tries in vain after which they are left out. */
const vainTriesMax = 4;

/** @param purpose `test` for an engine that is asked only whether, not where */
export function createEngine(pattern: Pattern, purpose: "test" | "search"): Engine {
  const isExact = purpose === "search";
  const plain = createVariant(pattern.root, { hasPairs: false, isExact, isUnrolled: false });
  const paired = createVariant(pattern.root, { hasPairs: true, isExact, isUnrolled: false });
  const machine = createMachineSearch(pattern);
  let vainTries = 0;
  const search = (text: string, from: number): Found | null => {
    const variant = surrogate.test(text) ? paired : plain;
    const native = variant.nativeFor(text.length);
    if (native !== undefined) return searchNative(native, text, from);
    const linear = variant.linearFor(text.length);
    if (linear === undefined) return machine(text, from, lastStepsMax);
    if (vainTries >= vainTriesMax) return searchNative(linear, text, from);
    try {
      return machine(text, from, firstStepsMax);
    } catch (cause) {
      if (!(cause instanceof BudgetError)) throw cause;
      vainTries += 1;
      return searchNative(linear, text, from);
    }
  };
  return {
    search,
    test(text): boolean {
      const variant = surrogate.test(text) ? paired : plain;
      const native = variant.nativeFor(text.length);
      if (native === undefined) return search(text, 0) !== null;
      native.lastIndex = 0;
      return native.test(text);
    },
  };
}

const surrogate = /[\ud800-\udfff]/;

function searchNative(regex: RegExp, text: string, from: number): Found | null {
  regex.lastIndex = from;
  const match = regex.exec(text);
  if (match === null) return null;
  const [whole = "", ...captures] = match as (string | undefined)[];
  const { index } = match;
  return { index, end: index + whole.length, match: whole, captures };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The pattern for V8, for texts with surrogates or for those without; each undefined where it can not be used. */
interface Variant {
  nativeFor(length: number): RegExp | undefined;
  linearFor(length: number): RegExp | undefined;
}

function createVariant(root: RegexNode, manner: Manner): Variant {
  const size = sizeOf(root);
  const source = once(() => (size > nativeSizeMax ? undefined : translate(root, manner)));
  const native = once(() => compiled(source(), compileNative));
  const linear = once(
    () =>
      compiled(source(), compileLinear) ??
      compiled(source() && translate(root, { ...manner, isUnrolled: true }), compileLinear),
  );
  const cost = costOf(root);
  const power = cost.power + (isAnchored(root) ? 0 : 1);
  return {
    nativeFor(length): RegExp | undefined {
      const isCheap = cost.work * Math.max(length, 1) ** power <= nativeStepsMax;
      return isCheap ? native() : undefined;
    },
    linearFor: (length) => (length * size <= linearStepsMax ? linear() : undefined),
  };
}

function compiled(
  source: string | undefined,
  compile: (source: string) => RegExp | undefined,
): RegExp | undefined {
  return source === undefined ? undefined : compile(source);
}

type MachineSearch = (text: string, from: number, stepsMax: number) => Found | null;

/** Our machine, tried from each place that a match can begin at. */
function createMachineSearch(pattern: Pattern): MachineSearch {
  const program = once(() => buildProgram(pattern));
  const nextStart = once(() => compileNextStart(pattern.root));
  const anchored = isAnchored(pattern.root);
  return (text, from, stepsMax) => {
    const machine = new Machine(program(), text, from, stepsMax);
    for (let at = nextStart()(text, from); at >= 0;) {
      if (machine.matchAt(at)) return foundBy(machine, program());
      if (anchored || at >= text.length) return null;
      at = nextStart()(text, at + ((text.codePointAt(at) as number) > 0xffff ? 2 : 1));
    }
    return null;
  };
}

/** Finds the next place that a match can begin at; -1 for none. */
function compileNextStart(root: RegexNode): (text: string, from: number) => number {
  const set = firstSet(root);
  const manner = { hasPairs: true, isExact: true, isUnrolled: false };
  const first = set && compiled(translate({ kind: "set", set }, manner), compileNative);
  if (first === undefined) return (text, from) => (from <= text.length ? from : -1);
  return (text, from) => {
    first.lastIndex = from;
    return first.exec(text)?.index ?? -1;
  };
}

function foundBy({ text, slots }: Machine, { groupCount }: Program): Found {
  const captures: (string | undefined)[] = [];
  for (let group = 1; group <= groupCount; group += 1) {
    const end = slots[2 * group + 1] as number;
    captures.push(end < 0 ? undefined : text.slice(slots[2 * group], end));
  }
  const index = slots[0] as number;
  const end = slots[1] as number;
  return { index, end, match: text.slice(index, end), captures };
}
