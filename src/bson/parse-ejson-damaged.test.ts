import { EJSON } from "bson";
import { expect, test } from "vitest";
import { createRandom, generateDocument } from "../../test/support/generate-bson.ts";
import { parseEjson } from "./parse-ejson.ts";
import { toText } from "./stringify.ts";

/** Refusals of ours that are stricter than JSON's own rules; every other one must be an error of syntax. */
const stricter =
  /is there twice|NUL character|lone surrogate|levels of nesting|"\$\w+" (?:must|does not|can not)|can not have other fields|can not stand beside|only "\$scope"/;

/** Inside wrappers even syntax is narrower: a string where JSON allows any value. */
const isWithinWrapper = (text: string): boolean => /"(?:\$|\\u)/.test(text);

const mutations = [
  '"',
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "0",
  "1",
  "-",
  ".",
  "e",
  "\\",
  "u",
  "t",
  "null",
  "$",
  '"$oid"',
  " ",
  "\n",
  "\u0001",
  "é",
  '"a":1,',
  "\\ud800",
  "true",
];

test("parseEjson agrees with JSON.parse on what is well formed, for 25,000 damaged texts", () => {
  const random = createRandom(7);
  const differences: string[] = [];
  for (let count = 0; count < 25_000; count += 1) {
    const tree = generateDocument({ random, isRelaxed: true }, 3);
    let text = EJSON.stringify(tree, { relaxed: true });
    for (let damage = 0; damage <= random.below(2); damage += 1) {
      const at = random.below(text.length);
      text = text.slice(0, at) + random.pick(["", ...mutations]) + text.slice(at + random.below(3));
    }
    // A damaged surrogate pair would become U+FFFD on its way to bytes.
    const difference = /\p{Surrogate}/u.test(text) ? undefined : compareVerdicts(text);
    if (difference !== undefined) differences.push(`${difference}: ${text}`);
  }
  expect(differences).toEqual([]);
});

function compareVerdicts(text: string): string | undefined {
  const theirs = attempt(() => JSON.parse(text) as unknown);
  const ours = attempt(() => parseEjson(Buffer.from(text)));
  if (ours === undefined) return theirs ?? compareValues(text);
  const isStricter = stricter.test(ours) || isWithinWrapper(text) || isOtherTop.test(ours);
  return theirs !== undefined || isStricter ? undefined : ours;
}

const isOtherTop = /at byte \d+: expected an object/;

function compareValues(text: string): string | undefined {
  // What is no number in JSON, because it is too big, is a string in ours.
  if (isWithinWrapper(text) || /e\d{3}/i.test(text)) return undefined;
  const ours = JSON.parse(toText(parseEjson(Buffer.from(text)), "json")) as unknown;
  const theirs = JSON.parse(text) as unknown;
  return JSON.stringify(ours) === JSON.stringify(theirs) ? undefined : JSON.stringify(ours);
}

/** The message of what it throws; undefined if nothing. */
function attempt(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return String(error);
  }
}
