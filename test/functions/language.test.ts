import { playFunctionRows } from "../support/function-rows.ts";

playFunctionRows("a source exports", [
  ["a function", "exports = function () { return 'f'; };", [], '"f"'],
  ["a named function", "exports = function run() { return run.name; };", [], '"run"'],
  ["an arrow function", "exports = () => 'a';", [], '"a"'],
  ["an async function", "exports = async function () { return 'af'; };", [], '"af"'],
  ["an async arrow function", "exports = async (x) => x;", ["y"], '"y"'],
  [
    "a function that was declared before",
    "function f() { return 1; }\nexports = f;",
    [],
    '{"$numberInt":"1"}',
  ],
  ["through module.exports", "module.exports = () => 'm';", [], '"m"'],
  [
    "with helpers after it",
    "exports = () => helper();\nfunction helper() { return 'h'; }",
    [],
    '"h"',
  ],
  [
    "with constants before it",
    "const two = 2;\nlet n = two;\nexports = () => n * two;",
    [],
    '{"$numberInt":"4"}',
  ],
  [
    "in strict mode",
    "'use strict';\nexports = function () { return this === undefined; };",
    [],
    "true",
  ],
  [
    "with names that are given declared again",
    "const utils = { a: 1 };\nexports = () => utils.a;",
    [],
    '{"$numberInt":"1"}',
  ],
  ["with a comment at its end", "exports = () => 1; // one", [], '{"$numberInt":"1"}'],
  ["nothing", "const a = 1;", [], "FunctionExecutionError: 'main' does not export a function"],
  [
    "an object",
    "exports = { a: 1 };",
    [],
    "FunctionExecutionError: 'main' does not export a function",
  ],
  ["with a mistake", "exports = () => {", [], /^FunctionExecutionError: Unexpected end of input/],
  [
    "what closes the block around it",
    "} exports = () => 1; {",
    [],
    /^FunctionExecutionError: Unexpected token/,
  ],
  [
    "with code that throws around it",
    "throw new Error('early');",
    [],
    "FunctionExecutionError: early",
  ],
]);

playFunctionRows("the language", [
  [
    "variables that were never declared belong to the call",
    "exports = () => { x = 5; for (i = 0; i < 3; i++) x += i; return x; };",
    [],
    '{"$numberInt":"8"}',
  ],
  [
    "optional chaining, nullish coalescing, private fields",
    "class A { #a = 1; get a() { return this.#a; } }\nexports = () => new A()?.a ?? 2;",
    [],
    '{"$numberInt":"1"}',
  ],
  [
    "newer methods of arrays",
    "exports = () => [3, 1, 2].toSorted().at(-1);",
    [],
    '{"$numberInt":"3"}',
  ],
  [
    "generators and async iteration",
    "exports = async () => { const out = []; for await (const x of (async function* () { yield 1; yield 2; })()) out.push(x); return out; };",
    [],
    '[{"$numberInt":"1"},{"$numberInt":"2"}]',
  ],
  [
    "timers",
    "exports = () => new Promise((resolve) => setTimeout(() => resolve('late'), 1));",
    [],
    '"late"',
  ],
  [
    "an interval that is cleared",
    "exports = () => new Promise((resolve) => { let n = 0; const t = setInterval(() => { if (++n === 3) { clearInterval(t); resolve(n); } }, 1); });",
    [],
    '{"$numberInt":"3"}',
  ],
  [
    "classes that extend built-in ones",
    "class MyError extends Error { constructor(m) { super(m); this.name = 'MyError'; } }\nexports = () => new MyError('x').name;",
    [],
    '"MyError"',
  ],
  [
    "old classes with methods of inherited names",
    "function F() {}\nF.prototype.toString = function () { return 'F!'; };\nexports = () => String(new F());",
    [],
    '"F!"',
  ],
  [
    "objects with fields of inherited names",
    "exports = () => { const o = {}; o.toString = 1; o.constructor = 2; o.hasOwnProperty = 3; return o; };",
    [],
    '{"toString":{"$numberInt":"1"},"constructor":{"$numberInt":"2"},"hasOwnProperty":{"$numberInt":"3"}}',
  ],
  [
    "functions that call others",
    "exports = (a, b) => context.functions.execute('utils/add', a, -1 * b);",
    [5, 3],
    '{"$numberInt":"2"}',
  ],
  [
    "functions that call what is not there",
    "exports = () => context.functions.execute('nope');",
    [],
    "FunctionExecutionError: function not found: 'nope'",
  ],
  [
    "functions that catch what others throw",
    "exports = async () => { try { await context.functions.execute('nope'); } catch (e) { return e.message; } };",
    [],
    `"function not found: 'nope'"`,
  ],
  [
    "functions that call themselves for ever",
    "exports = async () => { await context.functions.execute('main'); };",
    [],
    "FunctionExecutionError: functions call functions too deeply",
  ],
]);

playFunctionRows("modules and types", [
  ["a module's default", "export default function (x) { return x; }", ["y"], '"y"'],
  [
    "a module's default that is declared elsewhere",
    "const main = async (x) => helper(x);\nfunction helper(x) { return x + '!'; }\nexport { main as default };\nexport const other = 1;",
    ["y"],
    '"y!"',
  ],
  [
    "imports of Node's modules",
    "import path, { basename } from 'node:path';\nimport * as url from 'url';\nexport default () => [path.join('a', 'b'), basename('/c/d'), typeof url.parse];",
    [],
    '["a/b","d","function"]',
  ],
  [
    "an import of what is refused",
    "import { exec } from 'node:child_process';\nexport default () => exec('id');",
    [],
    /Cannot find module/,
  ],
  ["a module without a default", "export const a = 1;", [], /does not export a function/],
  [
    "types",
    "interface Sum { total: number }\nenum Kind { A = 1, B }\nexports = async (a: number, b?: number): Promise<Sum> => ({ total: a + (b ?? 0) + Kind.B } satisfies Sum);",
    [1],
    '{"total":{"$numberInt":"3"}}',
  ],
  [
    "types in a module, with what functions are given",
    "import type { Nothing } from 'nowhere';\nclass Box<T> { constructor(private readonly held: T) {} get(): T { return this.held; } }\nexport default (): string => { console.log('x'); return new Box<string>(context.app.name).get() + EJSON.stringify(BSON.Int32(1)).length; };",
    [],
    /^"myapp\d+"$/,
  ],
  [
    "a fresh top level in modules, too",
    "let count = 0;\nexport default async () => { count += 1; const first = await context.functions.execute('utils/add', count, 0); return [count, first]; };",
    [],
    '[{"$numberInt":"1"},{"$numberInt":"1"}]',
  ],
  [
    "a module that can not be compiled",
    "export default (x) => {",
    [],
    /^FunctionExecutionError: .*(?:export|Unexpected|import)/,
  ],
]);
