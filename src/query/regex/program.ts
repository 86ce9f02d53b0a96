/** Patterns as instructions for the machine, which runs what V8's engines can not run, or not within bounds. */
import { compileMembership, onlyMember, type CharSet } from "./char-set.ts";
import { fixedLengths } from "./fixed-length.ts";
import type { Assertion, Look, Pattern, RegexNode, Repeat } from "./node.ts";
import { minLength } from "./shape.ts";

/** The operations; what `a` to `d` of an instruction mean. */
export const operation = {
  /** Ends a run with success. */
  match: 0,
  /** Takes the character with the code `a`, which has 16 bits. */
  char: 1,
  /** Takes a character of set `a`. */
  set: 2,
  /** Goes on at `a`, and when that fails at `b`. */
  split: 3,
  /** Goes on at `a`. */
  jump: 4,
  /** Notes the place in slot `a`. */
  save: 5,
  /** Takes `b` to `c` characters of set `a`; `d`: 0 greedy, 1 lazy, 2 possessive. */
  loopSet: 6,
  /** Tests assertion `a`. */
  assert: 7,
  /** Takes what reference `a` has caught. */
  reference: 8,
  /** Tests look `a` (its code follows), then goes on at `b`. */
  look: 9,
  /** Takes what follows as a whole, then goes on at `a`. */
  atomic: 10,
  /** Sets register `a` to 0. */
  clear: 11,
  /** Chooses in loop `a`: one more turn, whose code follows, or on to `b`. */
  loop: 12,
  /** Notes the place in register `a`. */
  mark: 13,
  /** Goes on at `b` if this turn of loop `a` has taken nothing, and enough turns were made. */
  leaveIfEmpty: 14,
  fail: 15,
  /** Goes on at `b` unless one of the groups of reference `a` is set. */
  ifSet: 16,
  /** Runs the code of group `a`. */
  call: 17,
  /** Steps `a` characters back. */
  back: 18,
  /** Counts a turn in register `a`. */
  enter: 19,
} as const;

export interface Instruction {
  readonly op: number;
  a: number;
  b: number;
  readonly c: number;
  readonly d: number;
}

export interface Loop {
  readonly register: number;
  readonly min: number;
  readonly max: number;
  readonly mode: Repeat["mode"];
}

export interface Reference {
  readonly groups: readonly number[];
  readonly isCaseless: boolean;
}

export interface Program {
  readonly code: readonly Instruction[];
  readonly sets: readonly ((codePoint: number) => boolean)[];
  readonly assertions: readonly Assertion[];
  readonly references: readonly Reference[];
  readonly looks: readonly Look[];
  readonly loops: readonly Loop[];
  readonly registerCount: number;
  readonly groupCount: number;
  /** Where the code of a called group begins. */
  readonly entries: ReadonlyMap<number, number>;
}

interface Builder {
  readonly code: Instruction[];
  readonly sets: ((codePoint: number) => boolean)[];
  readonly setIndexes: Map<CharSet, number>;
  readonly assertions: Assertion[];
  readonly references: Reference[];
  readonly looks: Look[];
  readonly loops: Loop[];
  readonly groups: Map<number, RegexNode>;
  readonly called: Set<number>;
  registerCount: number;
}

export function buildProgram({ root, groupCount }: Pattern): Program {
  const builder: Builder = {
    code: [],
    sets: [],
    setIndexes: new Map(),
    assertions: [],
    references: [],
    looks: [],
    loops: [],
    groups: new Map([[0, root]]),
    called: new Set(),
    registerCount: 0,
  };
  add(root, builder);
  emit(builder, operation.match);
  const entries = new Map<number, number>();
  // Grows while it is gone through: a called group may call others.
  for (const group of builder.called) {
    entries.set(group, builder.code.length);
    add(builder.groups.get(group) as RegexNode, builder);
    emit(builder, operation.match);
  }
  return { ...builder, groupCount, entries };
}

function emit(builder: Builder, op: number, a = 0, b = 0, c = 0, d = 0): Instruction {
  const instruction = { op, a, b, c, d };
  builder.code.push(instruction);
  return instruction;
}

function add(node: RegexNode, builder: Builder): void {
  switch (node.kind) {
    case "set":
      addSet(node.set, builder);
      return;
    case "sequence":
      for (const item of node.items) add(item, builder);
      return;
    case "alternatives":
      addAlternatives(node.options, builder);
      return;
    case "repeat":
      addRepeat(node, builder);
      return;
    case "group":
      builder.groups.set(node.index, node);
      emit(builder, operation.save, 2 * node.index);
      add(node.item, builder);
      emit(builder, operation.save, 2 * node.index + 1);
      return;
    case "atomic":
      addAtomic(node.item, builder);
      return;
    case "look":
      addLook(node, builder);
      return;
    case "assert":
      emit(builder, operation.assert, builder.assertions.push(node.assertion) - 1);
      return;
    default:
      addRare(node, builder);
  }
}

type RareNode = Extract<
  RegexNode,
  { kind: "reference" | "keep" | "accept" | "fail" | "conditional" | "call" }
>;

function addRare(node: RareNode, builder: Builder): void {
  switch (node.kind) {
    case "reference":
      emit(builder, operation.reference, builder.references.push(node) - 1);
      return;
    case "keep":
      emit(builder, operation.save, 0);
      return;
    case "accept":
      emit(builder, operation.match);
      return;
    case "fail":
      emit(builder, operation.fail);
      return;
    case "conditional":
      addConditional(node, builder);
      return;
    case "call":
      builder.called.add(node.group);
      emit(builder, operation.call, node.group);
  }
}

function indexOfSet(set: CharSet, builder: Builder): number {
  const known = builder.setIndexes.get(set);
  if (known !== undefined) return known;
  const index = builder.sets.push(compileMembership(set)) - 1;
  builder.setIndexes.set(set, index);
  return index;
}

function addSet(set: CharSet, builder: Builder): void {
  const member = onlyMember(set);
  if (member >= 0 && member <= 0xffff) emit(builder, operation.char, member);
  else emit(builder, operation.set, indexOfSet(set, builder));
}

function addAlternatives(options: readonly RegexNode[], builder: Builder): void {
  const jumps: Instruction[] = [];
  for (const [index, option] of options.entries()) {
    if (index === options.length - 1) add(option, builder);
    else {
      const split = emit(builder, operation.split, builder.code.length + 1);
      add(option, builder);
      jumps.push(emit(builder, operation.jump));
      split.b = builder.code.length;
    }
  }
  for (const jump of jumps) jump.a = builder.code.length;
}

const modeNumber: Readonly<Record<Repeat["mode"], number>> = { greedy: 0, lazy: 1, possessive: 2 };

function addRepeat(node: Repeat, builder: Builder): void {
  const { item, min, max, mode } = node;
  if (max === 0) {
    noteGroups(item, builder);
    return;
  }
  if (item.kind === "set") {
    emit(builder, operation.loopSet, indexOfSet(item.set, builder), min, max, modeNumber[mode]);
    return;
  }
  if (mode === "possessive") {
    addAtomic({ ...node, mode: "greedy" }, builder);
    return;
  }
  // One register counts the turns, the next has the place where the turn began.
  const counter = builder.registerCount;
  builder.registerCount += 2;
  emit(builder, operation.clear, counter);
  const loopIndex = builder.loops.push({ register: counter, min, max, mode }) - 1;
  const at = builder.code.length;
  const loop = emit(builder, operation.loop, loopIndex);
  emit(builder, operation.enter, counter);
  const mayBeEmpty = minLength(item) === 0;
  if (mayBeEmpty) emit(builder, operation.mark, counter + 1);
  add(item, builder);
  const check = mayBeEmpty ? emit(builder, operation.leaveIfEmpty, loopIndex) : undefined;
  emit(builder, operation.jump, at);
  loop.b = builder.code.length;
  if (check !== undefined) check.b = builder.code.length;
}

/** Groups within what is repeated 0 times can be called all the same. */
function noteGroups(node: RegexNode, builder: Builder): void {
  const { length } = builder.code;
  add(node, builder);
  builder.code.length = length;
}

function addAtomic(item: RegexNode, builder: Builder): void {
  const atomic = emit(builder, operation.atomic);
  add(item, builder);
  emit(builder, operation.match);
  atomic.a = builder.code.length;
}

function addLook(node: Look, builder: Builder): void {
  const look = emit(builder, operation.look, builder.looks.push(node) - 1);
  if (node.isAhead) add(node.item, builder);
  else addBehind(node.item, builder);
  emit(builder, operation.match);
  look.b = builder.code.length;
}

/** Each alternative is tried from as far back as it is long. */
function addBehind(item: RegexNode, builder: Builder): void {
  const lengths = fixedLengths(item) ?? [];
  const options = item.kind === "alternatives" ? item.options : [item];
  const jumps: Instruction[] = [];
  for (const [index, option] of options.entries()) {
    const isLast = index === options.length - 1;
    const split = isLast ? undefined : emit(builder, operation.split, builder.code.length + 1);
    emit(builder, operation.back, lengths[index] ?? 0);
    add(option, builder);
    if (split !== undefined) {
      jumps.push(emit(builder, operation.jump));
      split.b = builder.code.length;
    }
  }
  for (const jump of jumps) jump.a = builder.code.length;
}

type Conditional = Extract<RegexNode, { kind: "conditional" }>;

function addConditional({ condition, yes, no }: Conditional, builder: Builder): void {
  if (condition === "never") {
    noteGroups(yes, builder);
    add(no, builder);
    return;
  }
  if (!isGroups(condition)) {
    // Either the assertion holds and `yes` follows, or its opposite and `no`.
    const opposite = { ...condition, isNegated: !condition.isNegated };
    addAlternatives(
      [
        { kind: "sequence", items: [condition, yes] },
        { kind: "sequence", items: [opposite, no] },
      ],
      builder,
    );
    return;
  }
  const reference = { groups: condition, isCaseless: false };
  const test = emit(builder, operation.ifSet, builder.references.push(reference) - 1);
  add(yes, builder);
  const jump = emit(builder, operation.jump);
  test.b = builder.code.length;
  add(no, builder);
  jump.a = builder.code.length;
}

function isGroups(
  condition: Exclude<Conditional["condition"], "never">,
): condition is readonly number[] {
  return Array.isArray(condition);
}
