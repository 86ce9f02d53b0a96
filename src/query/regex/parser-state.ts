/** What the parts of the parser share. */
import type { RegexNode } from "./node.ts";
import type { Scanner } from "./scanner.ts";

export interface Flags {
  /** i */
  readonly isCaseless: boolean;
  /** m */
  readonly isMultiline: boolean;
  /** s */
  readonly dotTakesNewline: boolean;
  /** x */
  readonly isExtended: boolean;
  /** U: `?` after a quantifier makes it greedy. */
  readonly isUngreedy: boolean;
  /** J: several groups may have one name. */
  readonly sharesNames: boolean;
}

export interface ParserState extends Scanner {
  flags: Flags;
  groupCount: number;
  depth: number;
  /** `(*UCP)`: `\d`, `\w` and `\s` by Unicode's properties. */
  isUnicode: boolean;
  /** Groups that are being parsed, and whether each refers to itself. */
  readonly openGroups: Map<number, { refersToItself: boolean }>;
  readonly names: Map<string, number[]>;
  /** Done at the end, when all groups are known. */
  readonly checks: (() => void)[];
  /** That lookbehinds have fixed lengths. */
  readonly lengthChecks: (() => void)[];
  /** Parses up to the group's end, or the pattern's. */
  readonly parseAlternatives: (state: ParserState) => RegexNode;
  /** Parses up to the next alternative too. */
  readonly parseBranch: (state: ParserState) => RegexNode;
}
