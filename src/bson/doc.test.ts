import { describe, expect, test } from "vitest";
import { Doc } from "./doc.ts";
import { parseEjson } from "./parse-ejson.ts";
import { toText } from "./stringify.ts";
import type { Value } from "./value.ts";

const parse = (text: string): Doc => parseEjson(Buffer.from(text));

describe("Doc", () => {
  test.for([
    ["a", 1],
    ["b", undefined],
    ["", 2],
    ["é", 3],
    // The bytes of "é" taken for characters are another name.
    ["Ã©", undefined],
    ["__proto__", 4],
    ["constructor", undefined],
    ["a\u0000", undefined],
    ["aa", 5],
  ] as const)("get %j, lazily and after a look at all", ([key, wanted]) => {
    const doc = parse('{"a":1,"":2,"é":3,"__proto__":4,"aa":5}');
    for (let round = 0; round < 6; round += 1) expect(doc.get(key)).toBe(wanted);
    expect(doc.keys().length).toBe(5);
    expect(doc.get(key)).toBe(wanted);
    expect(doc.has(key)).toBe(wanted !== undefined);
  });

  test("get finds among many", () => {
    const text = Array.from({ length: 50 }, (_, index) => `"k${index}":${index}`).join(",");
    const doc = parse(`{${text}}`);
    expect(doc.size).toBe(50);
    expect([doc.get("k0"), doc.get("k49"), doc.get("k50")]).toEqual([0, 49, undefined]);
  });

  test("of a key that is there twice the first counts, however many there are", () => {
    for (const others of [0, 20]) {
      const keys = ["a", ...Array.from({ length: others }, (_, index) => `k${index}`), "a"];
      const doc = Doc.fromBytes(
        Doc.fromParts(
          keys,
          keys.map((_, index) => index),
        ).toBytes(),
      );
      expect([doc.get("a"), doc.indexOf("a"), doc.get("a")]).toEqual([0, 0, 0]);
    }
  });

  test("with and without give new documents and leave the old one", () => {
    const doc = parse('{"a":1,"b":{"c":2}}');
    expect(toText(doc.with("a", "x"), "json")).toBe('{"a":"x","b":{"c":2}}');
    expect(toText(doc.with("z", null), "json")).toBe('{"a":1,"b":{"c":2},"z":null}');
    expect(toText(doc.without("a"), "json")).toBe('{"b":{"c":2}}');
    expect(doc.without("z")).toBe(doc);
    expect(toText(doc, "json")).toBe('{"a":1,"b":{"c":2}}');
  });

  test("a view begins anywhere and ends where its length says", () => {
    const inner = parse('{"a":"é"}').toBytes();
    const bytes = Buffer.concat([Buffer.from("xx"), inner, Buffer.from("yy")]);
    expect(Doc.fromBytes(bytes, 2).toBytes().equals(inner)).toBe(true);
  });

  test("writing a document again copies its bytes", () => {
    const doc = parse('{"a":{"$numberDecimal":"1.50"}}');
    const outer = Doc.of({ doc, list: [doc] });
    expect(toText(Doc.fromBytes(outer.toBytes()), "json")).toBe(
      '{"doc":{"a":"1.50"},"list":[{"a":"1.50"}]}',
    );
  });

  test("a name with a NUL can not be written", () => {
    expect(() => Doc.of({ "a\u0000b": 1 }).toBytes()).toThrow("NUL");
  });

  test("nesting without end can not be written", () => {
    let doc = Doc.empty;
    for (let level = 0; level < 300; level += 1) doc = Doc.of({ a: [doc] });
    expect(() => doc.toBytes()).toThrow("cannot nest");
  });
});

test.for<[title: string, names: readonly string[], picked: readonly [string, Value][]]>([
  [
    "fields in the order asked for",
    ["b", "a"],
    [
      ["b", "x"],
      ["a", 1],
    ],
  ],
  ["only those that are there", ["z", "a"], [["a", 1]]],
  ["a name that begins another", ["ab"], [["ab", 2]]],
  ["a name that is not ASCII", ["é"], [["é", 3]]],
])("doc: picks %s", ([, names, picked]) => {
  const doc = Doc.fromEntries([
    ["a", 1],
    ["ab", 2],
    ["b", "x"],
    ["é", 3],
  ]);
  for (const each of [doc, Doc.fromBytes(doc.toBytes())])
    expect([...each.pick(names).entries()]).toEqual(picked);
});
