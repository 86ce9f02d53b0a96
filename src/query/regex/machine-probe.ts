/** The machine's steps that only look at the text: assertions and references. */
import type { Assertion } from "./node.ts";

interface Place {
  readonly text: string;
  readonly slots: Int32Array;
  readonly searchStart: number;
}

/** The same place when the assertion holds there, else -1. */
export function takeAssertion(assertion: Assertion, place: Place, at: number): number {
  return holds(assertion, place, at) ? at : -1;
}

const newline = 10;

function holds(assertion: Assertion, { text, searchStart }: Place, at: number): boolean {
  const { length } = text;
  switch (assertion) {
    case "textStart":
      return at === 0;
    case "textEnd":
      return at === length;
    case "lastLineEnd":
      return at === length || (at === length - 1 && text.charCodeAt(at) === newline);
    case "lineEnd":
      return at === length || text.charCodeAt(at) === newline;
    case "lineStart":
      return at === 0 || (at < length && text.charCodeAt(at - 1) === newline);
    case "wordBoundary":
      return isWord(text, at - 1) !== isWord(text, at);
    case "notWordBoundary":
      return isWord(text, at - 1) === isWord(text, at);
    case "searchStart":
      return at === searchStart;
  }
}

function isWord(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return (
    (unit >= 0x61 && unit <= 0x7a) ||
    (unit >= 0x41 && unit <= 0x5a) ||
    (unit >= 0x30 && unit <= 0x39) ||
    unit === 0x5f
  );
}

interface Reference {
  readonly groups: readonly number[];
  readonly isCaseless: boolean;
}

/** The place behind what the group caught, if the same follows; -1 if not, or if it caught nothing. */
export function takeReference({ groups, isCaseless }: Reference, place: Place, at: number): number {
  const { text, slots } = place;
  const group = groups.find((each) => (slots[2 * each + 1] as number) >= 0);
  if (group === undefined) return -1;
  const caught = text.slice(slots[2 * group], slots[2 * group + 1]);
  if (!isCaseless) return text.startsWith(caught, at) ? at + caught.length : -1;
  let end = at;
  for (const char of caught) {
    const codePoint = text.codePointAt(end);
    if (codePoint === undefined || !isSameButForCase(char, String.fromCodePoint(codePoint)))
      return -1;
    end += codePoint > 0xffff ? 2 : 1;
  }
  return end;
}

function isSameButForCase(left: string, right: string): boolean {
  return (
    left === right ||
    left.toLowerCase() === right.toLowerCase() ||
    left.toUpperCase() === right.toUpperCase()
  );
}
