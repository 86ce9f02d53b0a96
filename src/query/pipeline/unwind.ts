import { Doc } from "../../bson/doc.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { carryMetadata } from "../metadata.ts";
import { splitFieldPath } from "../expression/field-path.ts";
import { getNested, setNested, unsetNested } from "./nested.ts";
import { type Batches, batchSize, type CompileStage, type Run, type Stage } from "./stage.ts";

interface UnwindSpec {
  readonly path: readonly string[];
  readonly indexPath: readonly string[] | undefined;
  readonly preserves: boolean;
}

export const compileUnwind: CompileStage = (spec, _context, name) => {
  const unwind = readUnwind(spec);
  return {
    name,
    run: (input, run) => runUnwind(input, run, unwind, undefined),
    narrow(fields): Stage {
      const { path, indexPath = [] } = unwind;
      const wanted = [...new Set([...fields, ...path.slice(0, 1), ...indexPath.slice(0, 1)])];
      return { name, run: (input, run) => runUnwind(input, run, unwind, wanted) };
    },
  };
};

/** @param wanted all fields that are looked at later, and here */
async function* runUnwind(
  input: Batches,
  { pacer }: Run,
  unwind: UnwindSpec,
  wanted: readonly string[] | undefined,
): Batches {
  let output: Doc[] = [];
  for await (const batch of input) {
    for (const doc of batch) {
      // Each element makes another document of all fields.
      const slim = wanted === undefined ? doc : doc.pick(wanted);
      for (const each of unwindOne(slim, unwind)) {
        carryMetadata(doc, each);
        output.push(each);
        if (output.length >= batchSize) {
          yield output;
          output = [];
        }
        if (pacer.due()) await pacer.rest();
      }
      if (pacer.due()) await pacer.rest();
    }
    if (output.length > 0) yield output;
    output = [];
  }
}

function* unwindOne(doc: Doc, { path, indexPath, preserves }: UnwindSpec): Generator<Doc> {
  const value = getNested(doc, path);
  if (!isArray(value)) {
    if (value !== undefined && value !== null) yield withIndex(doc, indexPath, null);
    else if (preserves) yield withIndex(doc, indexPath, null);
    return;
  }
  if (value.length === 0) {
    // Where the index takes the array's place, it keeps it.
    const isReplaced = indexPath !== undefined && path.every((part, at) => part === indexPath[at]);
    if (preserves) yield withIndex(isReplaced ? doc : unsetNested(doc, path), indexPath, null);
    return;
  }
  for (let index = 0; index < value.length; index += 1)
    yield withIndex(setNested(doc, path, value[index] as Value), indexPath, BigInt(index));
}

function withIndex(doc: Doc, path: readonly string[] | undefined, index: Value): Doc {
  return path === undefined ? doc : setNested(doc, path, index);
}

function readUnwind(spec: Value): UnwindSpec {
  if (typeof spec === "string")
    return { path: readPath(spec), indexPath: undefined, preserves: false };
  if (!(spec instanceof Doc))
    throw new MongoError(
      15981,
      `expected either a string or an object as specification for $unwind stage, got ${typeName(spec)}`,
    );
  let path = "";
  let indexPath: readonly string[] | undefined;
  let preserves = false;
  for (const [key, value] of spec.entries()) {
    if (key === "path") path = readPathOption(value);
    else if (key === "preserveNullAndEmptyArrays") preserves = readPreserves(value);
    else if (key === "includeArrayIndex") indexPath = readIndexName(value);
    else throw new MongoError(28811, `unrecognized option to $unwind stage: ${key}`);
  }
  return { path: readPath(path), indexPath, preserves };
}

function readPath(path: string): readonly string[] {
  if (path === "") throw new MongoError(28812, "no path specified to $unwind stage");
  if (!path.startsWith("$"))
    throw new MongoError(
      28818,
      `path option to $unwind stage should be prefixed with a '$': ${path}`,
    );
  if (path.includes("\0"))
    throw new MongoError(16419, "field path must not contain embedded null characters");
  return splitFieldPath(path.slice(1));
}

function readPathOption(value: Value): string {
  if (typeof value === "string") return value;
  throw new MongoError(
    28808,
    `expected a string as the path for $unwind stage, got ${typeName(value)}`,
  );
}

function readPreserves(value: Value): boolean {
  if (typeof value === "boolean") return value;
  throw new MongoError(
    28809,
    `expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got ${typeName(value)}`,
  );
}

function readIndexName(value: Value): readonly string[] {
  if (typeof value !== "string" || value === "")
    throw new MongoError(
      28810,
      `expected a non-empty string for the includeArrayIndex  option to $unwind stage, got ${typeName(value)}`,
    );
  if (value.startsWith("$"))
    throw new MongoError(
      28822,
      `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${value}`,
    );
  return splitFieldPath(value);
}
