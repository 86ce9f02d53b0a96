import { expect, test } from "vitest";
import { MongoError } from "../kit/mongo-error.ts";
import { compilePattern, compileRegex } from "./regex.ts";

function outcomeOf(run: () => string): string {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    return `${cause.code} ${cause.message}`;
  }
}

/** What a mongod 6.0 (PCRE 8) gives for `$regexFind`: where, what, and what the groups caught. */
test.for<
  [
    pattern: string,
    options: string,
    text: string,
    found: [number, string, ...(string | null)[]] | null,
  ]
>([
  ["a", "", "ba", [1, "a"]],
  ["k", "i", "\u212a", [0, "\u212a"]],
  ["ſ", "i", "S", [0, "S"]],
  ["σ", "i", "ς", [0, "ς"]],
  ["ß", "i", "ẞ", [0, "ẞ"]],
  ["İ", "i", "i", null],
  ["[^a]", "i", "A", null],
  ["[[:upper:]]", "i", "a", [0, "a"]],
  ["\\w", "", "é", null],
  ["(*UCP)\\w", "", "é", [0, "é"]],
  ["^.$", "", "😀", [0, "😀"]],
  ["[😀-😎]", "", "😃", [0, "😃"]],
  ["[^a]{2}", "", "é😀", [0, "é😀"]],
  ["a.b", "", "a\rb", [0, "a\rb"]],
  ["a.b", "", "a\nb", null],
  ["a.b", "s", "a\nb", [0, "a\nb"]],
  ["a$", "", "a\n", [0, "a"]],
  ["a$", "", "a\n\n", null],
  ["a\\z", "", "a\n", null],
  ["a\\Z", "", "a\n", [0, "a"]],
  ["^b", "m", "a\nb", [2, "b"]],
  ["^$", "m", "a\n", null],
  ["a$", "m", "a\nb", [0, "a"]],
  ["a$", "m", "a\rb", null],
  [" a b # c", "x", "ab", [0, "ab"]],
  ["a\\ b", "x", "a b", [0, "a b"]],
  ["[a b]", "x", " ", [0, " "]],
  ["a|(?i)b|c", "", "C", [0, "C"]],
  ["(a(?i)b)c", "", "aBC", null],
  ["(?i-m:A)b", "", "ab", [0, "ab"]],
  ["(?U)a+", "", "aa", [0, "a"]],
  ["\\Qa.b\\E+", "", "a.bb", [0, "a.bb"]],
  ["a(?#c)+", "", "aa", [0, "aa"]],
  ["a{,3}", "", "a{,3}", [0, "a{,3}"]],
  ["[[:alpha:]]+", "", "1ab", [1, "ab"]],
  ["[[:^alpha:]]", "", "a1", [1, "1"]],
  ["[[:<:]]a", "", "ba a", [3, "a"]],
  ["[]a]", "", "]", [0, "]"]],
  ["[\\d-z]", "", "-", [0, "-"]],
  ["\\h\\v", "", "\u00a0\u2028", [0, "\u00a0\u2028"]],
  ["\\R", "", "\r\n", [0, "\r\n"]],
  ["\\R\\n", "", "\r\n", null],
  ["\\p{Lu}", "", "aÉ", [1, "É"]],
  ["\\p{^L}", "", "a1", [1, "1"]],
  ["\\p{Han}", "", "漢", [0, "漢"]],
  ["\\x{1F600}\\x41\\101\\o{101}", "", "😀AAA", [0, "😀AAA"]],
  ["(?P<n>a)(?P=n)\\k<n>\\g{-1}", "", "aaaa", [0, "aaaa", "a"]],
  ["(a)|b\\1", "", "b", null],
  ["(?:(a)|b)*", "", "ab", [0, "ab", "a"]],
  ["(a*)*", "", "b", [0, "", ""]],
  ["(|a)+", "", "aaa", [0, "", ""]],
  ["(a)?b", "", "b", [0, "b", null]],
  ["a++ab", "", "aaab", null],
  ["(?>a+)b", "", "aab", [0, "aab"]],
  ["(?<=a|bc)d", "", "bcd", [2, "d"]],
  ["(?<!a)b", "", "abb", [2, "b"]],
  ["(?=a)*b", "", "b", [0, "b"]],
  ["a\\Kb", "", "ab", [1, "b"]],
  ["(?|(a)|(b))\\1", "", "bb", [0, "bb", "b"]],
  ["(a)?(?(1)b|c)", "", "ab", [0, "ab", "a"]],
  ["(?(?=a)a|b)", "", "a", [0, "a"]],
  ["a(?R)?b", "", "aabb", [0, "aabb"]],
  ["(?&n)(?<n>a)", "", "aa", [0, "aa", "a"]],
  ["(?(DEFINE)(?<x>a))b", "", "b", [0, "b", null]],
  ["a(*ACCEPT)b", "", "a", [0, "a"]],
  ["(*F)|b", "", "ab", [1, "b"]],
])("regex: /%s/%s finds in %j", ([pattern, options, text, found]) => {
  const regex = compilePattern(pattern, options, (reason) => new MongoError(51111, reason));
  const match = regex.exec(text);
  const plain = match && [match.index, match.match, ...match.captures.map((each) => each ?? null)];
  expect(plain).toEqual(found);
  expect(regex.test(text)).toBe(found !== null);
});

test.for<[pattern: string, reason: string]>([
  ["(", "missing )"],
  ["a)", "unmatched parentheses"],
  ["[a", "missing terminating ] for character class"],
  ["a**", "nothing to repeat"],
  ["^*", "nothing to repeat"],
  ["a{2}{3}", "nothing to repeat"],
  ["a{2,1}", "numbers out of order in {} quantifier"],
  ["a{70000}", "number too big in {} quantifier"],
  ["[z-a]", "range out of order in character class"],
  ["[a-\\d]", "invalid range in character class"],
  ["[[:foo:]]", "unknown POSIX class name"],
  ["[:alpha:]", "POSIX named classes are supported only within a class"],
  ["\\p{Foo}", "unknown property name after \\P or \\p"],
  ["\\p", "malformed \\P or \\p sequence"],
  ["\\1", "reference to non-existent subpattern"],
  ["\\g{0}", "a numbered reference must not be zero"],
  ["(?<n>a)(?<n>b)", "two named subpatterns have the same name"],
  ["(?<1a>a)", "group name must start with a non-digit"],
  ["(?<=a+)b", "lookbehind assertion is not fixed length"],
  ["(?Z)", "unrecognized character after (? or (?-"],
  ["(?#", "missing ) after comment"],
  ["\\", "\\ at end of pattern"],
  ["\\u0041", "PCRE does not support \\L, \\l, \\N{name}, \\U, or \\u"],
  ["\\x{110000}", "character value in \\x{} or \\o{} is too large"],
  ["(?R)", "recursive call could loop indefinitely"],
  ["(*FOO)a", "(*VERB) not recognized or malformed"],
  ["\\Qa", "missing )"],
])("regex: /%s/ is refused", ([pattern, reason]) => {
  const outcome = outcomeOf(() => String(compileRegex(pattern, "").test("a")));
  expect(outcome).toBe(`51091 Regular expression is invalid: ${reason}`);
});

test("regex: unknown options are refused", () => {
  expect(outcomeOf(() => typeof compileRegex("a", "ig"))).toBe(
    "51108  invalid flag in regex options: g",
  );
});

const tooMuch = "51156 Error occurred while executing the regular expression. Result code: -8";

/** Patterns that take a backtracking search longer than anyone waits. */
test.for<[pattern: string, length: number, outcome: string]>([
  ["(a+)+$", 30, "false"],
  ["(a+)+$", 8000, "false"],
  ["(a|aa)+$", 8000, "false"],
  ["(.*)*x", 8000, "false"],
  ["(?i)(a+)+b", 8000, "false"],
  ["([a-zA-Z]+)*\\d", 8000, "false"],
  ["(a?){50}a{50}b", 40, "false"],
  ["(?=(a+)+b)a", 40, tooMuch],
  ["(a+)+\\1b", 40, tooMuch],
  ["(a+)+\\1b", 1_000_000, tooMuch],
  ["(a+)+$", 1_000_000, tooMuch],
  ["(?>a+)+b", 1_000_000, tooMuch],
  ["[ab]a*a*a*b", 1_000_000, tooMuch],
  ["((a{1,100}){1,100}){1,100}b", 1_000_000, tooMuch],
  ["(a(?R)?)+b", 1_000_000, tooMuch],
  ["a*b", 1_000_000, "false"],
  [".*foo.*", 1_000_000, "false"],
  ["foo.*bar", 1_000_000, "false"],
  ["[a-z]{3,20}@", 1_000_000, "false"],
])("regex: /%s/ on %i characters does not freeze", ([pattern, length, outcome]) => {
  const { test: passes } = compileRegex(pattern, "");
  expect(outcomeOf(() => String(passes(`${"a".repeat(length)}!`)))).toBe(outcome);
});
