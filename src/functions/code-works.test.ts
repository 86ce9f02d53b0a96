import { afterAll, beforeAll, expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import { parseEjsonValue } from "../bson/parse-ejson.ts";
import { printBson } from "../bson/print.ts";
import {
  allOf,
  type CodeSource,
  openCodeSource,
  readDoc,
  tellFailure,
} from "../../test/support/code-source.ts";

/** What code gives on the embedded store. What is expected was answered by a mongod 6.0.5. */

let code: CodeSource;
beforeAll(async () => {
  code = await openCodeSource();
});
afterAll(async () => code.close());

test.for<[code: string, ids: string]>([
  ["this.i === 5", "1"],
  ["obj.i > 5", "2,3"],
  ["this.i > 5;", "2,3"],
  ["return this.i == 6", "2"],
  ["function() { return this.i == 6 }", "2"],
  ["function(given) { return given === undefined }", "1,2,3"],
  ["/* of two */ function() { return obj.i == 6 } ;", "2"],
  ["() => false", "1,2,3"],
  ["var x = this.i; x == 6", "2"],
  ["var x = this.i;\nvar y = x\nreturn y == 6;", "2"],
  ["x = this.i; x == 6", "2"],
  ["if (this.i == 6) { return true }", "2"],
  ["null", ""],
  ["''", ""],
  ["({})", "1,2,3"],
  ["NumberLong(0)", "1,2,3"],
  ["this.o.p == 1 || true", "139 TypeError"],
  ["this.i = 9; return this.i == 9", "1,2,3"],
  ["Object.keys(this).length == 2", "2,3"],
  ["hex_md5('abc') == '900150983cd24fb0d6963f7d28e17f72'", "1,2,3"],
  ["nope.x", "139 ReferenceError: nope is not defined :\n@:1:15\n"],
  ["throw 'x'", "8 uncaught exception: x"],
  ["throw new Error('boom')", "139 Error: boom :\n@:1:21\n"],
  ["throw { code: 5 }", "139 [object Object] :\nundefined"],
  ["throw null", "8 uncaught exception: null"],
  ["", "2 code for $where cannot be empty"],
  ["  ", "139 TypeError: parseTree.body[lastStatement] is undefined"],
  ["syntax error(", "139 SyntaxError"],
  // What the server's code does not know either.
  ["typeof require + typeof process + typeof console == 'undefinedundefinedundefined'", "1,2,3"],
])("$where: %s", async ([source, ids]) => {
  expect((await code.idsWhere(source)).slice(0, ids.length || undefined)).toBe(ids);
});

test.for<[operand: string, told: string]>([
  ['{"$code":"this.i == 6"}', "2"],
  [
    '{"$code":"this.i == x","$scope":{"x":6}}',
    "4649201 $where no longer supports deprecated BSON type CodeWScope",
  ],
  ["5", "2 $where got bad type"],
  ['["true"]', "2 $where got bad type"],
])("$where: %s", async ([operand, ids]) => {
  expect(await code.idsWhere(parseEjsonValue(Buffer.from(operand)))).toBe(ids);
});

test.for<[body: string, args: string, result: string]>([
  ["function(x) { return x }", '["$i"]', "{ r: 5.0 }"],
  ["function(x) { return x }", '["$l"]', "{ r: 9007199254740993 }"],
  ["function(x) { return x }", '["$a"]', '{ r: [ 1.0, "x", { y: 2 }, null ] }'],
  ["function(x) { return x }", '["$o"]', '{ r: { p: 1, q: { r: "z" } } }'],
  ["function(x) { return x }", '["$sym"]', '{ r: "sy" }'],
  ["function(x) { return x }", '["$re"]', "{ r: /a.b/im }"],
  ["function(x) { return x }", '["$none"]', "{ r: null }"],
  ["function(x) { return x.a }", '["$$ROOT"]', '{ r: [ 1.0, "x", { y: 2 }, null ] }'],
  [
    "function(x) { return {x} }",
    '[{"o":"$o","a":"$a"}]',
    '{ r: { x: { o: { p: 1, q: { r: "z" } }, a: [ 1, "x", { y: 2 }, null ] } } }',
  ],
  [
    "function(x) { x.i = 7; return x }",
    '[{"i":"$i","d":"$d","w":"$w"}]',
    "{ r: { i: 7, d: 2.5, w: 3.0 } }",
  ],
  [
    "function(x) { x.i = 7.5; x.k = 1; return x }",
    '[{"i":"$i","a":"$a"}]',
    '{ r: { i: 7.5, a: [ 1.0, "x", { y: 2 }, null ], k: 1.0 } }',
  ],
  ["function(x) { x.t.setTime(5); return x }", '[{"t":"$t"}]', "{ r: { t: new Date(5) } }"],
  ["function(x) { return Object.assign({}, x) }", '["$o"]', '{ r: { p: 1.0, q: { r: "z" } } }'],
  [
    "function() { return [1, NumberInt(3), NumberLong(4), NumberDecimal('1.10'), undefined, new Date(5), -0, NaN] }",
    "[]",
    "{ r: [ 1.0, 3, 4, 1.10, undefined, new Date(5), -0.0, nan.0 ] }",
  ],
  [
    "function() { return [MinKey, MaxKey(), Timestamp(1,2), BinData(0,'YWJj'), ObjectId('507f1f77bcf86cd799439011')] }",
    "[]",
    "{ r: [ MinKey, MaxKey, Timestamp(1, 2), BinData(0, 616263), ObjectId('507f1f77bcf86cd799439011') ] }",
  ],
  ["function() { return function(a) { return a } }", "[]", "{ r: function(a) { return a } }"],
  ["x => x + 1", '["$i"]', "{ r: x => x + 1 }"],
  ["5 + 5", "[]", "{ r: 10.0 }"],
  ["function() { }", "[]", "{ r: null }"],
  ["function() { return new Date('x') }", "[]", "{ r: new Date(0) }"],
  ["function() { return arguments.length }", '["$i","$none"]', "{ r: 2.0 }"],
  [
    "function(x) { return typeof x + x.constructor.name + (x + 1) + (x == 5) }",
    '[{"$toLong":"$i"}]',
    '{ r: "objectNumberLong6true" }',
  ],
  [
    "function(x) { return tojson(x) }",
    '["$o"]',
    String.raw`{ r: "{ "p" : 1, "q" : { "r" : "z" } }" }`,
  ],
  [
    "function(x) { return JSON.stringify([x.l, x.oid, x.bin, x.ts]) }",
    '["$$ROOT"]',
    '{ r: "[{"$numberLong":"9007199254740993"},{"$oid":"507f1f77bcf86cd799439011"},{"$binary":"YWJj","$type":"00"},{"$timestamp":{"t":5,"i":6}}]" }',
  ],
  ["function() { return ISODate('20200101T10') }", "[]", "{ r: new Date(1577872800000) }"],
  ["function() { return ObjectId('x') }", "[]", "10448 invalid object id: length :\n@:1:22\n"],
  ["function() { return 5n }", "[]", "2 unable to get type"],
  [
    "function() { const o = {}; o.o = o; return o }",
    "[]",
    "17279 Exceeded depth limit of 150 when converting js object to BSON. Do you have a cycle?",
  ],
  [
    "function() { return { 'a\\u0000b': 1 } }",
    "[]",
    "16985 JavaScript property (name) contains a null char which is not allowed in BSON. ",
  ],
  ["function() { return 1 } + 3", "[]", "10232 not a function"],
  ["function() { return 1 }", "5", "31266 The args field must be of type array"],
])("$function: %s on %s", async ([body, args, result]) => {
  const given = parseEjsonValue(Buffer.from(args));
  expect(await code.evaluate(Doc.of({ body, args: given, lang: "js" }))).toBe(result);
});

test.for<[spec: string, failure: string]>([
  ['{"args":[],"lang":"js"}', "31261 The body function must be specified."],
  ['{"body":"1","lang":"js"}', "31263 The args field must be specified."],
  ['{"body":"1","args":[]}', "31418 The lang field must be specified."],
  [
    '{"body":"1","args":[],"lang":"py"}',
    "31419 Currently the only supported language specifier is 'js'.",
  ],
  [
    '{"body":5,"args":[],"lang":"js"}',
    "31262 The body function must evaluate to type string or code",
  ],
  ['{"body":"$s","args":[],"lang":"js"}', "31432 The body function must be a constant expression"],
])("$function: %s is refused", async ([spec, failure]) => {
  expect(await code.evaluate(readDoc(spec))).toBe(failure);
});

const sums =
  '"init":"function() { return {n: 0, l: []} }","accumulate":"function(s, x) { s.n += x; s.l.push(x); return s }","accumulateArgs":["$i"],"merge":"function(a, b) { return a }"';

test.for<[spec: string, id: string, result: string]>([
  [`{${sums},"lang":"js"}`, "null", "{ _id: null, r: { n: 18.0, l: [ 5.0, 6.0, 7.0 ] } }"],
  [`{${sums},"finalize":"function(s) { return s.n }"}`, "null", "{ _id: null, r: 18.0 }"],
  [
    `{${sums.replace("return {n: 0, l: []}", "return {n: arguments[1], l: [arguments[0]]}")},"initArgs":["$q",3]}`,
    '{"q":{"$literal":1}}',
    "{ _id: { q: 1 }, r: { n: 21.0, l: [ 1.0, 5.0, 6.0, 7.0 ] } }",
  ],
  [`{${sums},"lang":"py"}`, "null", "4544705 $accumulator only supports lang: 'js'"],
  [`{${sums},"extra":1}`, "null", "4544706 $accumulator got an unexpected field: extra"],
  [`{${sums},"finalize":5}`, "null", "4544702 $accumulator 'finalize' must be a String or Code"],
  [
    `{${sums.replace('["$i"]', "5")}}`,
    "null",
    "4544712 $accumulator accumulateArgs must evaluate to an array: 5",
  ],
  ['{"init":"1"}', "null", "4544708 $accumulator missing required argument 'accumulate'"],
  ["5", "null", "4544703 $accumulator expects an object as an argument; found: int"],
])("$accumulator: %s by %s", async ([spec, id, result]) => {
  const group = Doc.of({
    _id: parseEjsonValue(Buffer.from(id)),
    r: Doc.of({ $accumulator: parseEjsonValue(Buffer.from(spec)) }),
  });
  const made = await allOf(
    code.collection.aggregate([Doc.of({ $sort: Doc.of({ _id: 1 }) }), Doc.of({ $group: group })]),
  ).then(([first]) => printBson(first ?? Doc.empty), tellFailure);
  expect(made).toBe(result);
});
