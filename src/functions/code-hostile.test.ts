import { afterAll, beforeAll, expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import { allOf, type CodeSource, openCodeSource } from "../../test/support/code-source.ts";

/** Code that means harm. */

let code: CodeSource;
beforeAll(async () => {
  code = await openCodeSource();
});
afterAll(async () => code.close());

async function findWhere(where: string, ms = 20_000): Promise<string> {
  return code.idsWhere(where, { signal: AbortSignal.timeout(ms) });
}

test.for<[what: string, code: string, result: unknown]>([
  ["a loop without an end", "while (true) {}", "50 operation exceeded time limit"],
  [
    "a pattern that backtracks",
    "/(a+)+b/.test('a'.repeat(60))",
    "50 operation exceeded time limit",
  ],
  ["sleep", "sleep(60000)", "50 operation exceeded time limit"],
])("%s ends with the deadline", async ([, source, result]) => {
  expect(await findWhere(source, 700)).toBe(result);
  expect(await findWhere("this.i == 6")).toBe("2");
});

test.for<[what: string, code: string]>([
  ["in the heap", "let a = []; while (true) a.push(new Array(1000).fill(this.i))"],
  ["beside it", "let a = []; while (true) a.push(new Uint8Array(2 ** 26).fill(1))"],
])("too much memory %s ends it", async ([, source]) => {
  expect(await findWhere(source)).toBe("139 Out of memory");
  expect(await findWhere("this.i == 6")).toBe("2");
});

test.for<[what: string, code: string]>([
  ["the process", "(function(){}).constructor('return process')().exit(0) || true"],
  ["its variables", "Object.keys((function(){}).constructor('return process')().env).length > 1"],
  [
    "modules",
    "(function(){}).constructor('return typeof require == \"function\" || !!process.mainModule')()",
  ],
  ["builtin modules", "!!(function(){}).constructor('return process')().getBuiltinModule"],
  ["import", "(function(){}).constructor('return import(\"fs\")')().constructor.name != 'Promise'"],
  ["shared prototypes", "Object.prototype.polluted = 1; return ({}).polluted == 1"],
  [
    "shared classes",
    "ObjectId.prototype.equals = () => 1; return ObjectId().equals(ObjectId()) == 1",
  ],
  ["globals", "globalThis.leak = 1; return globalThis.leak == 1"],
  ["the pipe", "typeof (function(){}).constructor('return process')().send == 'function'"],
])("it reaches nothing: %s", async ([, source]) => {
  const found = await findWhere(source);
  // Nothing is found, or it fails.
  expect(found).toMatch(/^$|^139 /);
  expect(await findWhere("this.i == 6")).toBe("2");
});

test("what throws when it is looked at, and promises that fail, harm nobody", async () => {
  expect(await findWhere("throw { get stack() { throw 1 } }")).toBe("139 uncaught exception");
  expect(await findWhere("Promise.reject(new Error('x')); return true")).toBe("1,2,3");
  expect(
    await code.evaluate(
      Doc.of({ body: "function() { return { get a() { throw 'x' } } }", args: [], lang: "js" }),
    ),
  ).toBe("8 uncaught exception: x");
  expect(
    await code.evaluate(
      Doc.of({
        body: "function() { return new Proxy({}, { ownKeys() { throw 'x' } }) }",
        args: [],
        lang: "js",
      }),
    ),
  ).toBe("8 uncaught exception: x");
});

test("two apps share no process", async () => {
  const body = "function() { return Math.random() }";
  const stage = [
    Doc.of({
      $project: Doc.of({
        r: Doc.of({ $function: Doc.of({ body, args: [], lang: "js" }) }),
      }),
    }),
  ];
  const [one, two] = await Promise.all([
    allOf(code.open("c", "one").aggregate(stage)),
    allOf(code.open("c", "two").aggregate(stage)),
  ]);
  expect(code.works.of("one")).not.toBe(code.works.of("two"));
  expect([one.length, two.length]).toEqual([3, 3]);
});
