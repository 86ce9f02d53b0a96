/**
 * Sources of code: a function, or an expression, or statements, of which the last one may be an expression.
 *
 * Each becomes a function. As on the server, what begins with `function` is one, and everything else is the body of one.
 */
import { Script } from "node:vm";
import { MongoError } from "../../kit/mongo-error.ts";
import { variablesOf } from "../host/program.ts";
import { scriptClasses } from "./constructors.ts";
import { shellFunctions } from "./shell-functions.ts";
import { scriptName, toScriptError } from "./script-error.ts";

/** What Node has and the server's code does not know: hidden behind arguments of the same name. */
const hidden = [
  "Buffer",
  "URL",
  "URLSearchParams",
  "WebSocket",
  "clearImmediate",
  "clearInterval",
  "clearTimeout",
  "console",
  "exports",
  "fetch",
  "global",
  "module",
  "navigator",
  "performance",
  "process",
  "queueMicrotask",
  "require",
  "setImmediate",
  "setInterval",
  "setTimeout",
  "structuredClone",
];

const given = { ...scriptClasses, ...shellFunctions };
const givenNames = Object.keys(given);
const givenValues = Object.values(given);
const known: ReadonlySet<string> = new Set([...givenNames, ...hidden, "obj"]);

type Callable = (...args: readonly unknown[]) => unknown;

const functionForm = /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:async\s+)?function\b/;

export interface CompiledSource {
  readonly run: Callable;
  /** What it finds under the name `obj`: the document of `$where`. */
  setDocument(document: unknown): void;
}

/** @throws {MongoError} 139 for what is no code, 10232 for a beginning of a function that ends as something else */
export function compileSource(source: string): CompiledSource {
  if (!functionForm.test(source))
    // The columns of its places are those within this function, as on the server.
    return evaluate(`function () { ${bodyOf(source)}\n}`, 0);
  const made = evaluate(source.replace(/[;\s]+$/, ""), 1);
  if (typeof made.run !== "function") throw new MongoError(10_232, "not a function");
  return made;
}

/** @param column at which the expression stands in the text that its places are told in, from 0 */
function evaluate(expression: string, column: number): CompiledSource {
  const variables = variablesOf(expression).filter((each) => !known.has(each));
  const parameters = [...givenNames, "obj", ...hidden, ...variables].join(",");
  const before = `(function(${parameters}){return [(`;
  try {
    const script = new Script(`${before}${expression}\n),(document)=>{obj=document}]})`, {
      filename: scriptName,
      columnOffset: column - before.length,
    });
    const factory = script.runInThisContext() as (
      ...values: readonly unknown[]
    ) => readonly [Callable, (document: unknown) => void];
    const [run, setDocument] = factory(...givenValues);
    return { run, setDocument };
  } catch (cause) {
    throw toScriptError(cause);
  }
}

/** Statements, the last of which is returned where it is an expression. */
function bodyOf(source: string): string {
  if (source.trim() === "")
    throw new MongoError(139, "TypeError: parseTree.body[lastStatement] is undefined");
  const text = source.replace(/[;\s]+$/, "");
  if (!compiles(text)) return mustCompile(text);
  if (isBody(`return (${text}\n)`)) return `return (${text}\n)`;
  let at = text.length;
  for (let tried = 0; tried < splitsMax; tried += 1) {
    at = Math.max(text.lastIndexOf(";", at - 1), text.lastIndexOf("\n", at - 1));
    if (at < 0) break;
    const [head, tail] = [text.slice(0, at + 1), text.slice(at + 1)];
    if (compiles(head) && tail.trim() !== "" && isBody(`return (${tail}\n)`))
      return `${head} return (${tail}\n)`;
  }
  return text;
}

/** Ends of statements that are tried as the beginning of the last one. */
const splitsMax = 100;

function isBody(text: string): boolean {
  return compiles(`(function(){${text}\n})`);
}

function compiles(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

/** @throws {SyntaxError} */
function parse(text: string): Script {
  return new Script(text, { filename: scriptName });
}

/** @throws {MongoError} 139 where the text does not compile */
function mustCompile(text: string): string {
  try {
    parse(`(function(){${text}\n})`);
    return text;
  } catch (cause) {
    throw toScriptError(cause);
  }
}
