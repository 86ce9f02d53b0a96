/** A pattern, parsed. */
import type { CharSet } from "./char-set.ts";

export type RegexNode =
  /** One character out of a set; literals too. Cases are resolved. */
  | { readonly kind: "set"; readonly set: CharSet }
  | { readonly kind: "sequence"; readonly items: readonly RegexNode[] }
  | { readonly kind: "alternatives"; readonly options: readonly RegexNode[] }
  | Repeat
  | { readonly kind: "group"; readonly index: number; readonly item: RegexNode }
  | { readonly kind: "atomic"; readonly item: RegexNode }
  | Look
  | {
      readonly kind: "reference";
      /** Several where groups share a name: the first that is set. */
      readonly groups: readonly number[];
      readonly isCaseless: boolean;
    }
  | { readonly kind: "assert"; readonly assertion: Assertion }
  /** `\K`: the match begins here. */
  | { readonly kind: "keep" }
  /** `(*ACCEPT)`, `(*FAIL)`. */
  | { readonly kind: "accept" | "fail" }
  | {
      readonly kind: "conditional";
      /** Numbers of groups one of which must be set; `never` for `DEFINE`. */
      readonly condition: Look | readonly number[] | "never";
      readonly yes: RegexNode;
      readonly no: RegexNode;
    }
  /** `(?1)`, `(?R)`: the group's pattern once more. */
  | { readonly kind: "call"; readonly group: number };

export interface Repeat {
  readonly kind: "repeat";
  readonly item: RegexNode;
  readonly min: number;
  /** Infinity for no end. */
  readonly max: number;
  readonly mode: "greedy" | "lazy" | "possessive";
}

export interface Look {
  readonly kind: "look";
  readonly isAhead: boolean;
  readonly isNegated: boolean;
  readonly item: RegexNode;
}

export type Assertion =
  /** `^`, `\A` */
  | "textStart"
  /** `^` with m */
  | "lineStart"
  /** `$`, `\Z`: at the end, or before a newline at the end */
  | "lastLineEnd"
  /** `$` with m */
  | "lineEnd"
  /** `\z` */
  | "textEnd"
  | "wordBoundary"
  | "notWordBoundary"
  /** `\G` */
  | "searchStart";

export interface Pattern {
  readonly root: RegexNode;
  /** Capturing groups, the whole match not counted. */
  readonly groupCount: number;
}

/** Literal text is a sequence of sets, nothing is an empty sequence. */
export const emptyNode: RegexNode = { kind: "sequence", items: [] };
