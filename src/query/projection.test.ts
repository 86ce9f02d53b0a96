import { expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import { whole } from "../../test/support/projection.ts";
import { readDoc, updateEnvironment } from "../../test/support/update.ts";
import { compileAddFields, compileProjection, compileUnset } from "./projection.ts";

test.for([
  ["{}", "identity"],
  ['{"a":1}', "inclusion"],
  ['{"a":0}', "exclusion"],
  ['{"_id":0}', "exclusion"],
  ['{"a":{"$slice":1}}', "exclusion"],
  ['{"a":{"$elemMatch":{}}}', "inclusion"],
] as const)("projection: %s is an %s", ([spec, kind]) => {
  expect(compileProjection(readDoc(spec), updateEnvironment, "find").kind).toBe(kind);
});

test.for(['{"n":1,"o":1}', '{"n":0,"o":0}', '{"zz":1}', '{"zz":0}'])(
  "projection: %s gives the same of a document built from values as of bytes",
  (spec) => {
    const built = Doc.fromEntries(readDoc(whole).entries());
    const projection = compileProjection(readDoc(spec), updateEnvironment, "find");
    expect(projection.apply(built).toBytes()).toEqual(projection.apply(readDoc(whole)).toBytes());
  },
);

test("projection: a field that a stage took away comes back in its place", () => {
  const gone = compileUnset(["n", "o.p"], updateEnvironment).apply(readDoc(whole));
  const set = compileAddFields(readDoc('{"x":1,"o.p":2,"n":3}'), updateEnvironment);
  expect(set.apply(gone).keys()).toEqual(["_id", "n", "s", "a", "o", "x"]);
});

test("projection: positional needs a filter", () => {
  expect(() => compileProjection(readDoc('{"a.$":1}'), updateEnvironment, "find")).toThrow(
    "Projections with a positional operator require a matcher",
  );
});

test("projection: a failing constant is thrown in the words of a pipeline unless the caller wants it", () => {
  const spec = readDoc('{"x":{"$divide":[1,0]}}');
  const compile = (keepsFailure: boolean): string | undefined =>
    compileProjection(spec, updateEnvironment, "aggregate", undefined, { keepsFailure }).failure
      ?.message;
  expect(() => compile(false)).toThrow(
    "Failed to optimize pipeline :: caused by :: can't $divide by zero",
  );
  expect(compile(true)).toBe("can't $divide by zero");
});
