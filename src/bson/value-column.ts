/**
 * Many values, held as the bytes that they have in documents: what is not a JavaScript object costs the garbage
 * collector nothing, and only what is asked for is decoded.
 */
import { compare, rankOf, rankOfType } from "./compare.ts";
import { readInt32, skipValue } from "./decode.ts";
import { readValue } from "./doc.ts";
import { copyBytes } from "./slab.ts";
import { BsonSymbol, type Value } from "./value.ts";

/** Stands for a value that is held as it is, since it came without bytes. */
const plainType = 126;
const missingType = 0;
const nullType = 10;

const firstBytes = 1024;
const firstCount = 256;

export class ValueColumn {
  /** Per value: its type in one byte, its bytes. */
  #heap = Buffer.allocUnsafeSlow(firstBytes);
  #heapEnd = 0;
  #starts = new Uint32Array(firstCount);
  #count = 0;
  readonly #plain = new Map<number, Value>();

  get count(): number {
    return this.#count;
  }

  /** Adds the value of a type whose bytes begin at `at`; type 0 for a missing one. @returns how many bytes it has */
  addBytes(bytes: Buffer, type: number, at: number): number {
    const length = type === missingType ? 0 : skipValue(bytes, type, at) - at;
    this.#begin(type, length);
    copyBytes(bytes, at, at + length, this.#heap, this.#heapEnd);
    this.#heapEnd += length;
    return length;
  }

  /** A column of some of the values. */
  only(positions: Uint32Array): ValueColumn {
    const some = new ValueColumn();
    for (const each of positions) {
      const type = this.#typeAt(each);
      if (type === plainType) some.add(this.at(each));
      else some.addBytes(this.#heap, type, (this.#starts[each] as number) + 1);
    }
    return some;
  }

  add(value: Value | undefined): void {
    if (typeof value === "string") this.#addText(2, value);
    else if (value instanceof BsonSymbol) this.#addText(14, value.text);
    else {
      if (value !== undefined) this.#plain.set(this.#count, value);
      this.#begin(value === undefined ? missingType : plainType, 0);
    }
  }

  /** Texts are always held as bytes, so that all of them compare alike. */
  #addText(type: number, text: string): void {
    const length = Buffer.byteLength(text) + 1;
    this.#begin(type, 4 + length);
    this.#heapEnd = this.#heap.writeInt32LE(length, this.#heapEnd);
    this.#heap.write(text, this.#heapEnd);
    this.#heapEnd += length;
    this.#heap[this.#heapEnd - 1] = 0;
  }

  /** Makes room for a value, and notes where it begins. */
  #begin(type: number, length: number): void {
    const need = this.#heapEnd + 1 + length;
    if (need > this.#heap.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(need, this.#heap.length * 2));
      grown.set(this.#heap.subarray(0, this.#heapEnd));
      this.#heap = grown;
    }
    if (this.#count === this.#starts.length) {
      const grown = new Uint32Array(this.#count * 2);
      grown.set(this.#starts);
      this.#starts = grown;
    }
    this.#starts[this.#count] = this.#heapEnd;
    this.#heap[this.#heapEnd] = type;
    this.#heapEnd += 1;
    this.#count += 1;
  }

  /** The value, decoded; undefined for a missing one. */
  at(index: number): Value | undefined {
    const type = this.#typeAt(index);
    if (type === missingType) return undefined;
    if (type === plainType) return this.#plain.get(index);
    return readValue(this.#heap, type, (this.#starts[index] as number) + 1);
  }

  /** `rankOf` the value; a missing one counts as null, here and below. */
  rankAt(index: number): number {
    const type = this.#typeAt(index);
    return type === plainType ? rankOf(this.at(index) ?? null) : rankOfType(type || nullType);
  }

  /** The order of `compare`. */
  compareAt(left: number, right: number): number {
    if (!this.#isText(left) || !this.#isText(right))
      return this.#isSame(left, right) ? 0 : compare(this.at(left) ?? null, this.at(right) ?? null);
    const heap = this.#heap;
    const [leftAt, rightAt] = [this.#textAt(left), this.#textAt(right)];
    const [leftLength, rightLength] = [this.#textLength(left), this.#textLength(right)];
    const most = Math.min(leftLength, rightLength);
    for (let index = 0; index < most; index += 1) {
      const difference = (heap[leftAt + index] as number) - (heap[rightAt + index] as number);
      if (difference !== 0) return difference;
    }
    return leftLength - rightLength;
  }

  /** How many bytes two texts have in common at their beginning, up to `most`; 0 for what is held as no text. */
  commonBytes(left: number, right: number, most: number): number {
    if (!this.#isText(left) || !this.#isText(right)) return 0;
    const heap = this.#heap;
    const [leftAt, rightAt] = [this.#textAt(left), this.#textAt(right)];
    const end = Math.min(most, this.#textLength(left), this.#textLength(right));
    let length = 0;
    while (length < end && heap[leftAt + length] === heap[rightAt + length]) length += 1;
    return length;
  }

  /** `count` bytes of a text from `start` on as one number, the first the most significant; undefined for no text. */
  textDigits(index: number, start: number, count: number): number | undefined {
    if (!this.#isText(index)) return undefined;
    const heap = this.#heap;
    const at = this.#textAt(index);
    const length = this.#textLength(index);
    let digits = 0;
    for (let place = start; place < start + count; place += 1)
      digits = digits * 256 + (place < length ? (heap[at + place] as number) : 0);
    return digits;
  }

  #typeAt(index: number): number {
    return this.#heap[this.#starts[index] as number] as number;
  }

  /** Whether both have the same bytes: of many equal ones none has to be decoded. */
  #isSame(left: number, right: number): boolean {
    const type = this.#typeAt(left);
    if (type === plainType || type !== this.#typeAt(right)) return false;
    if (type === missingType) return true;
    const heap = this.#heap;
    const [leftAt, rightAt] = [this.#starts[left] as number, this.#starts[right] as number];
    const length = skipValue(heap, type, leftAt + 1) - leftAt;
    for (let index = 1; index < length; index += 1)
      if (heap[leftAt + index] !== heap[rightAt + index]) return false;
    return true;
  }

  /** Strings and symbols. */
  #isText(index: number): boolean {
    const type = this.#typeAt(index);
    return type === 2 || type === 14;
  }

  #textAt(index: number): number {
    return (this.#starts[index] as number) + 5;
  }

  #textLength(index: number): number {
    return readInt32(this.#heap, (this.#starts[index] as number) + 1) - 1;
  }
}
