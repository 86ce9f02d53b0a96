import { expect, test } from "vitest";
import { printCompact, printFile } from "./print-json.ts";
import { parseJson } from "./parse-json.ts";

test.for<[title: string, text: string, compact: string]>([
  ["scalars", ' [null, true, false, "a", -0.5e+10] ', '[null,true,false,"a",-0.5e+10]'],
  ["digits that no number holds", "12345678901234567890.10", "12345678901234567890.10"],
  ["fields in their order", '{"b":1,"10":2,"2":3,"a":4}', '{"b":1,"10":2,"2":3,"a":4}'],
  [
    "names that every object inherits",
    '{"__proto__":{"x":1},"toString":2}',
    '{"__proto__":{"x":1},"toString":2}',
  ],
  ["escapes", String.raw`"\u20ac\n\"\\\/\ud83d\ude00"`, '"€\\n\\"\\\\/😀"'],
  ["empty containers", '{"a":[],"b":{}}', '{"a":[],"b":{}}'],
  ["a byte order mark", "\uFEFF{}", "{}"],
  ["the last of two fields of one name", '{"a":1,"b":2,"a":3}', '{"a":3,"b":2}'],
])("reads %s", ([, text, compact]) => {
  const { root, failure } = parseJson(text);
  expect(failure).toBeUndefined();
  expect(root === undefined ? undefined : printCompact(root)).toBe(compact);
});

test.for<[text: string, offset: number, expected: string, found: string]>([
  ["", 0, "a value", "the end of the file"],
  ["{", 1, "a field name in double quotes", "the end of the file"],
  ["[1 2]", 3, "',' or ']'", "'2'"],
  ['{"a" 1}', 5, "':'", "'1'"],
  ['{"a":1;}', 6, "',' or '}'", "';'"],
  ["[1,]", 3, "a value", "']'"],
  ["{a:1}", 1, "a field name in double quotes", "'a'"],
  ["'a'", 0, "a value", "'''"],
  ["[NaN]", 1, "a value", "'N'"],
  ["truth", 0, "a value", "'t'"],
  ["01", 1, "the end of the number", "'1'"],
  ["1.", 1, "the end of the number", "'.'"],
  ["-", 1, "a digit", "the end of the file"],
  ["[] []", 3, "the end of the file", "'['"],
  ['"a', 2, "the '\"' that ends the text", "the end of the file"],
  ['"a\nb"', 2, "the end of the text, or an escape such as \\n", "the character U+000A"],
  ['"\\x"', 2, 'an escape: one of " \\ / b f n r t, or u and four hex digits', "'x'"],
  ['"\\u12g4"', 2, 'an escape: one of " \\ / b f n r t, or u and four hex digits', "'u'"],
  ["/* a */ 1", 0, "a value", "a comment"],
  ["[".repeat(201), 200, "at most 200 levels of nesting", "one more level"],
  ["[".repeat(1_000_000), 200, "at most 200 levels of nesting", "one more level"],
])("refuses %j", ([text, offset, expected, found]) => {
  expect(parseJson(text).failure).toEqual({ offset, expected, found });
});

test("agrees with the engine on what is JSON", () => {
  // A small seeded generator: mutations of a text that holds every kind of token.
  const seedText = '{"a":[1,-2.5e-3,"x\\n\\u00e9",true,false,null,{}],"b":{"c":[]}}';
  let state = 42;
  const next = (bound: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % bound;
  };
  const alphabet = '{}[],:"\\0123456789.eE+-truefalsn \n/';
  for (let round = 0; round < 5000; round += 1) {
    let text = seedText;
    for (let count = next(3); count >= 0; count -= 1) {
      const at = next(text.length);
      text = `${text.slice(0, at)}${alphabet[next(alphabet.length)] ?? ""}${text.slice(at + next(2))}`;
    }
    const { root, failure } = parseJson(text);
    const read = root === undefined || failure !== undefined ? undefined : printCompact(root);
    const wanted = reprint(text);
    expect([text, read === undefined ? undefined : reprint(read)]).toEqual([text, wanted]);
  }
});

/** As the engine reads and writes it; undefined where it does not. */
function reprint(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

test("prints with four spaces and a line feed at the end", () => {
  const { root } = parseJson('{"a":[1,{"b":[]}],"c":"<&>"}');
  expect(root === undefined ? "" : printFile(root)).toBe(
    '{\n    "a": [\n        1,\n        {\n            "b": []\n        }\n    ],\n    "c": "<&>"\n}\n',
  );
});
