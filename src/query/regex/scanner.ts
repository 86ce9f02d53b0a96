/** What reads a pattern: position, and the failure in PCRE's words. */

/** The pattern is no regular expression; `message` is PCRE's. Never leaves `regex.ts`. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

export interface Scanner {
  readonly text: string;
  at: number;
}

export function fail(message: string): never {
  throw new PatternError(message);
}

/** The character at the scanner, a whole code point; empty at the end. */
export function peek(scanner: Scanner): string {
  const codePoint = scanner.text.codePointAt(scanner.at);
  return codePoint === undefined ? "" : String.fromCodePoint(codePoint);
}

export function next(scanner: Scanner): string {
  const char = peek(scanner);
  scanner.at += char.length;
  return char;
}

/** Steps over `wanted` if it comes next. */
export function accept(scanner: Scanner, wanted: string): boolean {
  if (!scanner.text.startsWith(wanted, scanner.at)) return false;
  scanner.at += wanted.length;
  return true;
}

/** Steps over what a sticky expression matches; undefined where it does not. */
export function acceptForm(scanner: Scanner, form: RegExp): RegExpExecArray | undefined {
  form.lastIndex = scanner.at;
  const match = form.exec(scanner.text);
  if (match === null) return undefined;
  scanner.at += match[0].length;
  return match;
}

export function codePointsOf(text: string): number[] {
  return Array.from(text, (char) => char.codePointAt(0) as number);
}
