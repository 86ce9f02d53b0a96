/** Runs the code of one task. */
import type { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { CodeRunner } from "../../query/code.ts";
import { PlanFailure } from "../../query/plan-failure.ts";
import { mustFit } from "../../query/weight.ts";
import { toScript, toValue } from "./convert.ts";
import { toScriptError } from "./script-error.ts";
import { compileSource, type CompiledSource } from "./source.ts";

/** Sources that one task may hold, in characters: values may hold code too. */
const compiledMax = 10_000;

export function createRunner(): CodeRunner {
  /** `this` of functions: nothing of the host's. */
  const self = {};
  const compiled = new Map<string, CompiledSource>();

  function compile(source: string): CompiledSource {
    const known = compiled.get(source);
    if (known !== undefined) return known;
    const made = compileSource(source);
    if (compiled.size < compiledMax) compiled.set(source, made);
    return made;
  }

  /** A value that is code. */
  function valueOfCode(source: string): unknown {
    return compile(source).run;
  }

  /** Code of a filter is compiled when the query is planned, which shows in the words of its failure. */
  function compilePlanned(source: string): CompiledSource {
    try {
      return compile(source);
    } catch (cause) {
      if (cause instanceof MongoError) throw new PlanFailure(cause.code, cause.message, { cause });
      throw cause;
    }
  }

  function toArguments(values: readonly Value[]): unknown[] {
    return values.map((each) => toScript(each, valueOfCode));
  }

  return {
    isUsed: true,
    compileTest(source) {
      const code = compilePlanned(source);
      return (doc: Doc) => {
        const document = toScript(doc, valueOfCode);
        code.setDocument(document);
        return Boolean(call(code, document, []));
      };
    },
    compileFunction: (source) => (args) => toResult(call(compile(source), self, toArguments(args))),
    compileAccumulator:
      ({ init, accumulate, finalize }) =>
      (initArgs) => {
        let state = call(compile(init), self, toArguments(initArgs)) ?? null;
        const collect = compile(accumulate);
        return {
          add(args) {
            state = call(collect, self, [state, ...toArguments(args)]) ?? null;
          },
          result() {
            const end = finalize === undefined ? state : call(compile(finalize), self, [state]);
            return toResult(end);
          },
        };
      },
  };
}

function call({ run }: CompiledSource, thisValue: unknown, args: readonly unknown[]): unknown {
  try {
    return Reflect.apply(run, thisValue, args);
  } catch (cause) {
    throw toScriptError(cause);
  }
}

/** Reading what code gave may run code of its own. */
function toResult(given: unknown): Value {
  try {
    return mustFit(toValue(given));
  } catch (cause) {
    throw toScriptError(cause);
  }
}
