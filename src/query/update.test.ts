import { expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import {
  outcomeOf,
  readChange,
  readDoc,
  sample,
  updateEnvironment,
  updateText,
} from "../../test/support/update.ts";
import { compileUpdate } from "./update.ts";

function apply(update: Doc, doc = readDoc(sample)): Doc {
  return compileUpdate(update, {}, updateEnvironment).apply(doc, { isInsert: false });
}

test("update: $currentDate gives the request's instant as date or timestamp", () => {
  const update = '{"$currentDate":{"d":true,"t":{"$type":"timestamp"}}}';
  expect(updateText(update, { of: '{"_id":1}' })).toBe(
    '{"_id":{"$numberInt":"1"},"d":{"$date":{"$numberLong":"1700000000000"}},"t":{"$timestamp":{"t":1700000000,"i":1}}}',
  );
});

function nest(levels: number): string {
  return '{"a":'.repeat(levels) + "1" + "}".repeat(levels);
}

test.for([
  [179, "stored"],
  [180, "15 Document exceeds maximum nesting depth of 180"],
] as const)("update: %i levels below a field are %s", ([levels, outcome]) => {
  const update = Doc.of({ $set: Doc.of({ a: readDoc(nest(levels)) }) });
  const text = outcomeOf(() => apply(update));
  expect(text.startsWith("{") ? "stored" : text).toBe(outcome);
});

test.for([
  [16_777_000, "17419 Resulting document after update is larger than 16777216"],
  [
    16_800_000,
    "10334 BSONObj size: 16800234 (0x10059EA) is invalid. Size must be between 0 and 16793600(16MB) First element: _id: 1",
  ],
] as const)("update: a document of over %i bytes is refused: %s", ([size, outcome]) => {
  const doc = readDoc('{"_id":1}').with("pad", "x".repeat(200));
  const update = Doc.of({ $set: Doc.of({ big: "x".repeat(size) }) });
  expect(outcomeOf(() => apply(update, doc))).toBe(outcome);
});

test("update: names that every object inherits are plain fields", () => {
  const update = '{"$set":{"__proto__.constructor":1,"toString":2}}';
  expect(updateText(update, { of: '{"_id":"x"}' })).toBe(
    '{"_id":"x","__proto__":{"constructor":{"$numberInt":"1"}},"toString":{"$numberInt":"2"}}',
  );
});

test("update: a name that every object inherits is no operator", () => {
  expect(updateText('{"constructor":{"a":1}}')).toContain("9 Unknown modifier: constructor.");
});

test.for([
  ['{"$set":{"a.$.b":1}}', true],
  ['{"$set":{"a.$[].b":1}}', false],
  ['[{"$set":{"a":1}}]', false],
] as const)("update: %s wants the filter's element: %s", ([update, isWanted]) => {
  const { needsPosition } = compileUpdate(readChange(update), {}, updateEnvironment);
  expect(needsPosition).toBe(isWanted);
});

test("update: what does not change is shared", () => {
  const doc = readDoc(sample);
  const before = doc.toBytes();
  apply(readDoc('{"$set":{"o.p":2},"$push":{"a":1}}'), doc);
  expect(doc.toBytes()).toEqual(before);
});

test.for([
  ["a path of too many parts", '{"$unset":{"PATH":1}}', "15 FieldPath is too long"],
  ["arrays filled again and again", '{"$set":{FILLS}}', "10334 BSONObj size"],
  ["one value put in many places", '{"$set":{"a.$[]":"TEXT"}}', "10334 BSONObj size"],
  ["one name put in many places", '{"$set":{"o.$[].TEXT":1}}', "10334 BSONObj size"],
  [
    "references that double",
    `[${Array.from({ length: 40 }, () => '{"$set":{"x":["$x","$x"]}}').join()}]`,
    "10334 ",
  ],
] as const)("update: %s is refused before it is built", ([, update, outcome]) => {
  const fills = Array.from({ length: 500 }, (_, index) => `"f${index}.1400000":1`).join();
  const arrays = Array.from({ length: 500 }, (_, index) => `"f${index}":[]`).join();
  const many = Array.from({ length: 20_000 }, () => "{}").join();
  const text = update
    .replace("PATH", "a.".repeat(300))
    .replace("FILLS", fills)
    .replace("TEXT", "x".repeat(100_000));
  const doc = `{"_id":1,"x":1,"a":[${many}],"o":[${many}],${arrays}}`;
  expect(updateText(text, { of: doc }).slice(0, outcome.length)).toBe(outcome);
});
