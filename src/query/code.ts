/** Code that a request brings along, for `$where`, `$function` and `$accumulator`: who runs it, and how it is called. */
import type { Doc } from "../bson/doc.ts";
import { isArray, type Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";

/** The sources of `$accumulator`. */
export interface AccumulatorSources {
  readonly init: string;
  readonly accumulate: string;
  readonly finalize: string | undefined;
}

/** What runs code. All of it throws MongoErrors with the server's codes: 139 for what code throws and what is no code. */
export interface CodeRunner {
  /** Set once something was compiled with it. */
  readonly isUsed: boolean;
  /** `$where`: code that is called on a document. */
  compileTest(source: string): (doc: Doc) => boolean;
  /** `$function`: code that is called with arguments. */
  compileFunction(source: string): (args: readonly Value[]) => Value;
  /** `$accumulator`: begins a group, with the arguments of `init`. */
  compileAccumulator(sources: AccumulatorSources): (initArgs: readonly Value[]) => {
    add(args: readonly Value[]): void;
    result(): Value;
  };
}

/** Code was met where none is run: the work is to be done again by a process that runs it. */
export class CodeElsewhere extends MongoError {
  constructor() {
    super(238, "JavaScript does not run in this place");
  }
}

/** For where queries are compiled but their code is not run: calling what it compiles throws `CodeElsewhere`. */
export function createAbsentRunner(): CodeRunner {
  let isUsed = false;
  // One for all documents: making it costs more than all else that is done about one.
  const failure = new CodeElsewhere();
  const elsewhere = (): never => {
    throw failure;
  };
  const compile = (): (() => never) => {
    isUsed = true;
    return elsewhere;
  };
  return {
    get isUsed() {
      return isUsed;
    },
    compileTest: compile,
    compileFunction: compile,
    compileAccumulator: compile,
  };
}

/** The source in a text or a code without scope; undefined for anything else. */
export function sourceOf(value: Value | undefined): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || isArray(value)) return undefined;
  return value.bsonType === 13 ? value.code : undefined;
}
