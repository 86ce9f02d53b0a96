/**
 * A backtracking machine with a budget: it gives up with an error instead of running on.
 *
 * One machine serves one search at a time; nothing in it is shared between calls.
 */
import { takeAssertion, takeReference } from "./machine-probe.ts";
import type { Assertion, Look } from "./node.ts";
import { operation, type Instruction, type Loop, type Program, type Reference } from "./program.ts";

/** The search has used up its steps; becomes the server's error in `regex.ts`. */
export class BudgetError extends Error {
  override readonly name = "BudgetError";
}

/** Runs within runs: atomic groups, assertions, calls. */
const nestingMax = 200;

/** Kinds of frames on the stack; each takes four numbers. */
const frame = {
  /** Goes on at instruction x from place y. */
  alternative: 0,
  /** Sets slot x back to y. */
  slot: 1,
  /** Sets register x back to y. */
  register: 2,
  /** Gives back one character: instruction x, not before place y, now at z. */
  greedy: 3,
  /** Takes one more character: instruction x, from place y, at most z. */
  lazy: 4,
} as const;

export class Machine {
  readonly text: string;
  /** Start and end of the match and of each group; -1 where it caught nothing. */
  readonly slots: Int32Array;
  /** Where the search began: `\G`. */
  readonly searchStart: number;
  readonly #program: Program;
  readonly #registers: Int32Array;
  #stack: number[] = [];
  #steps = 0;
  readonly #stepsMax: number;
  #nesting = 0;

  /** @param stepsMax instructions of one search; a few characters of a loop count for one */
  constructor(program: Program, text: string, searchStart: number, stepsMax: number) {
    this.#stepsMax = stepsMax;
    this.#program = program;
    this.text = text;
    this.searchStart = searchStart;
    this.slots = new Int32Array(2 * (program.groupCount + 1)).fill(-1);
    this.#registers = new Int32Array(program.registerCount);
  }

  /** @throws {BudgetError} when the search has taken too many steps */
  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > this.#stepsMax) throw new BudgetError("too many steps");
  }

  /** Tries to match at one place; the slots tell what was caught. */
  matchAt(start: number): boolean {
    this.slots.fill(-1);
    this.slots[0] = start;
    this.#stack.length = 0;
    const end = this.#run(0, start);
    if (end < 0) return false;
    this.slots[1] = end;
    return true;
  }

  /** Runs from an instruction until a `match`; the place it got to, or -1. Undo frames of what it did stay. */
  #run(from: number, start: number): number {
    this.#nesting += 1;
    if (this.#nesting > nestingMax) throw new BudgetError("nested too deeply");
    const base = this.#stack.length;
    const { code } = this.#program;
    let pc = from;
    let at = start;
    for (;;) {
      this.spend(1);
      const instruction = code[pc] as Instruction;
      if (instruction.op === operation.match) {
        this.#keepUndo(base);
        this.#nesting -= 1;
        return at;
      }
      at = this.#step(instruction, pc, at);
      if (at >= 0) pc = this.#next;
      else {
        at = this.#backtrack(base);
        if (at < 0) {
          this.#nesting -= 1;
          return -1;
        }
        pc = this.#next;
      }
    }
  }

  /** Where the last step goes on. */
  #next = 0;

  /** Does one instruction; the new place, or -1 when it failed. */
  #step(instruction: Instruction, pc: number, at: number): number {
    const { a, b } = instruction;
    this.#next = pc + 1;
    switch (instruction.op) {
      case operation.char:
        return this.text.charCodeAt(at) === a ? at + 1 : -1;
      case operation.set:
        return this.#takeOne(a, at);
      case operation.split:
        this.#push(frame.alternative, b, at);
        this.#next = a;
        return at;
      case operation.jump:
        this.#next = a;
        return at;
      case operation.save:
        this.#push(frame.slot, a, this.slots[a] as number);
        this.slots[a] = at;
        return at;
      case operation.loopSet:
        return this.#takeLoop(instruction, pc, at);
      case operation.loop:
        return this.#turn(instruction, at);
      default:
        return this.#stepRare(instruction, at);
    }
  }

  #stepRare({ op, a, b }: Instruction, at: number): number {
    const program = this.#program;
    switch (op) {
      case operation.assert:
        return takeAssertion(program.assertions[a] as Assertion, this, at);
      case operation.reference:
        return takeReference(program.references[a] as Reference, this, at);
      case operation.look:
        return this.#takeLook(a, b, at);
      case operation.atomic: {
        const end = this.#run(this.#next, at);
        this.#next = a;
        return end;
      }
      case operation.clear:
        this.#setRegister(a, 0);
        return at;
      case operation.enter:
        this.#setRegister(a, (this.#registers[a] as number) + 1);
        return at;
      case operation.mark:
        this.#setRegister(a, at);
        return at;
      case operation.leaveIfEmpty:
        if (this.#isEmptyTurn(program.loops[a] as Loop, at)) this.#next = b;
        return at;
      case operation.ifSet: {
        const groups = program.references[a]?.groups ?? [];
        if (!groups.some((group) => (this.slots[2 * group + 1] as number) >= 0)) this.#next = b;
        return at;
      }
      case operation.call:
        return this.#call(a, at);
      case operation.back:
        return this.#stepBack(a, at);
      default:
        return -1;
    }
  }

  #push(kind: number, x: number, y: number, z = 0): void {
    this.#stack.push(kind, x, y, z);
  }

  #setRegister(register: number, value: number): void {
    this.#push(frame.register, register, this.#registers[register] as number);
    this.#registers[register] = value;
  }

  /** Goes back to the last choice above `base`; its place, or -1 when there is none. */
  #backtrack(base: number): number {
    const stack = this.#stack;
    while (stack.length > base) {
      this.spend(1);
      const z = stack.pop() as number;
      const y = stack.pop() as number;
      const x = stack.pop() as number;
      const kind = stack.pop() as number;
      if (kind === frame.slot) this.slots[x] = y;
      else if (kind === frame.register) this.#registers[x] = y;
      else if (kind === frame.alternative) {
        this.#next = x;
        return y;
      } else {
        const at = kind === frame.greedy ? this.#giveBack(x, y, z) : this.#takeMore(x, y, z);
        if (at >= 0) {
          this.#next = x + 1;
          return at;
        }
      }
    }
    return -1;
  }

  /** Drops the choices above `base`, keeps what undoes slots and registers. */
  #keepUndo(base: number): void {
    const stack = this.#stack;
    let kept = base;
    for (let at = base; at < stack.length; at += 4) {
      const kind = stack[at];
      if (kind !== frame.slot && kind !== frame.register) continue;
      stack.copyWithin(kept, at, at + 4);
      kept += 4;
    }
    this.spend((stack.length - base) >> 3);
    stack.length = kept;
  }

  /** Undoes all above `base`. */
  #undo(base: number): void {
    this.#keepUndo(base);
    while (this.#backtrack(base) >= 0);
  }

  #takeOne(set: number, at: number): number {
    const codePoint = this.text.codePointAt(at);
    if (codePoint === undefined) return -1;
    const isIn = this.#program.sets[set] as (codePoint: number) => boolean;
    if (!isIn(codePoint)) return -1;
    return at + (codePoint > 0xffff ? 2 : 1);
  }

  #takeLoop({ a, b: min, c: max, d: mode }: Instruction, pc: number, at: number): number {
    const first = this.#takeUpTo(a, at, min);
    if (first < 0) return -1;
    if (mode === 1) {
      if (max > min) this.#push(frame.lazy, pc, first, max - min);
      return first;
    }
    const last = this.#takeUpTo(a, first, max - min, { isEnough: true });
    if (mode === 0 && last > first) this.#push(frame.greedy, pc, first, last);
    return last;
  }

  /** Takes so many characters of a set: all of them, or -1, unless fewer are enough. */
  #takeUpTo(
    set: number,
    start: number,
    count: number,
    options?: { readonly isEnough: true },
  ): number {
    let at = start;
    for (let taken = 0; taken < count; taken += 1) {
      if ((taken & 3) === 3) this.spend(1);
      const next = this.#takeOne(set, at);
      if (next < 0) return options === undefined ? -1 : at;
      at = next;
    }
    return at;
  }

  #giveBack(pc: number, min: number, last: number): number {
    const unit = this.text.charCodeAt(last - 1);
    const at = last - (unit >= 0xdc00 && unit <= 0xdfff && last - 1 > min ? 2 : 1);
    if (at > min) this.#push(frame.greedy, pc, min, at);
    return at;
  }

  #takeMore(pc: number, from: number, most: number): number {
    const { a } = this.#program.code[pc] as Instruction;
    const at = this.#takeOne(a, from);
    if (at >= 0 && most > 1) this.#push(frame.lazy, pc, at, most - 1);
    return at;
  }

  #isEmptyTurn({ register, min }: Loop, at: number): boolean {
    return this.#registers[register + 1] === at && (this.#registers[register] as number) >= min;
  }

  /** Chooses between one more turn, whose code follows, and the way out. */
  #turn({ a, b: exit }: Instruction, at: number): number {
    const { register, min, max, mode } = this.#program.loops[a] as Loop;
    const count = this.#registers[register] as number;
    const body = this.#next;
    if (count >= max) this.#next = exit;
    else if (count >= min) {
      const isLazy = mode === "lazy";
      this.#push(frame.alternative, isLazy ? body : exit, at);
      this.#next = isLazy ? exit : body;
    }
    return at;
  }

  #takeLook(index: number, behind: number, at: number): number {
    const { isNegated } = this.#program.looks[index] as Look;
    const base = this.#stack.length;
    const holds = this.#run(this.#next, at) >= 0;
    if (holds && isNegated) this.#undo(base);
    this.#next = behind;
    return holds === isNegated ? -1 : at;
  }

  /** A called group is taken as a whole, and what it caught is forgotten. */
  #call(group: number, at: number): number {
    const behind = this.#next;
    const base = this.#stack.length;
    const end = this.#run(this.#program.entries.get(group) as number, at);
    if (end >= 0) this.#undo(base);
    this.#next = behind;
    return end;
  }

  #stepBack(count: number, start: number): number {
    let at = start;
    for (let taken = 0; taken < count; taken += 1) {
      at -= 1;
      const unit = this.text.charCodeAt(at);
      if (unit >= 0xdc00 && unit <= 0xdfff) at -= 1;
      if (at < 0) return -1;
    }
    return at;
  }
}
