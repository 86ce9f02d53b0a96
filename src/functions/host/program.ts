/** Sources of functions, compiled once per host, run afresh for each call. */
import { compileFunction } from "node:vm";

/** The names that a source finds, in the order in which they are handed over. */
export const givenNames = [
  "context",
  "BSON",
  "EJSON",
  "utils",
  "console",
  "require",
  "module",
  "exports",
  "global",
  "globalThis",
] as const;

export interface Program {
  /**
   * Runs the top level of the source.
   *
   * @param given values of `givenNames`
   * @returns what `exports` was set to
   * @throws what the source throws
   */
  load(given: readonly unknown[]): unknown;
}

/**
 * Names that are assigned to somewhere: each becomes a variable of the call, so that one that was never declared ends up
 * there and not on the global object. One too many does no harm: a declaration in the source hides it.
 */
const assigned =
  /(?<![.\w$])([A-Za-z_$][\w$]*)\s*(?:=(?![=>])|\+\+|--|(?:\*\*|>>>?|<<|&&|\|\||\?\?|[-+*/%&|^])=(?!=))|(?:\+\+|--)\s*([A-Za-z_$][\w$]*)|\bfor\s*(?:await\s*)?\(\s*([A-Za-z_$][\w$]*)\s+(?:of|in)\b/g;

const reserved: ReadonlySet<string> = new Set(
  `await break case catch class const continue debugger default delete do else enum export extends false finally for
  function if implements import in instanceof interface let new null package private protected public return static
  super switch this throw true try typeof var void while with yield eval arguments undefined NaN Infinity`.split(
    /\s+/,
  ),
);

const strictDirective = /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*(["'])use strict\1/;

/** @throws {SyntaxError} with the name and line of the source in its stack */
export function compileProgram(name: string, source: string): Program {
  const filename = `${name}.js`;
  // Alone first: a source that closes the block around it is no source.
  compileFunction(source, [], { filename });
  const variables = variablesOf(source);
  const directive = strictDirective.test(source) ? "'use strict';" : "";
  const before = `${directive}{`;
  const loaded = compileFunction(
    `${before}${source}\n}return [exports, module];`,
    [...givenNames, ...variables],
    { filename, columnOffset: -before.length },
  ) as (...given: readonly unknown[]) => readonly [unknown, { readonly exports: unknown }];
  const globals = globalThis as unknown as Readonly<Record<string, unknown>>;
  const initial = variables.map((variable) => globals[variable]);
  return {
    load(given) {
      const first = given[givenNames.indexOf("exports")];
      const [exports, module] = loaded(...given, ...initial);
      return defaultOf(exports === first ? module.exports : exports);
    },
  };
}

/** Names that a source assigns to; those of what functions are given are left out. */
export function variablesOf(source: string): readonly string[] {
  const names = new Set<string>();
  for (const [, first, second, third] of source.matchAll(assigned)) {
    const name = first ?? second ?? third ?? "";
    if (!reserved.has(name) && !(givenNames as readonly string[]).includes(name)) names.add(name);
  }
  return [...names];
}

/** Of an ES module. */
function defaultOf(exported: unknown): unknown {
  if (typeof exported !== "object" || exported === null) return exported;
  const { __esModule: isModule, default: main } = exported as Readonly<Record<string, unknown>>;
  return isModule === true && main !== undefined ? main : exported;
}

/** What an administrator tries out: an expression, or statements whose last one may be one, around `exports`. */
export function compileEvaluation(text: string): (given: readonly unknown[]) => unknown {
  const filename = "evaluation.js";
  const names = [...givenNames];
  const evaluate = compileAsExpression(text, names, filename) as (
    ...given: readonly unknown[]
  ) => unknown;
  return (given) => evaluate(...given);
}

function compileAsExpression(text: string, names: string[], filename: string): object {
  const expression = text.trim().replace(/;+$/, "");
  try {
    return compileFunction(`return (${expression}\n)`, names, { filename });
  } catch {
    return compileFunction(text, names, { filename });
  }
}
