import { expect, test } from "vitest";
import { Fault } from "../kit/fault.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { find } from "./find.ts";
import { wordFailure } from "./run-action.ts";

test.for<[cause: Error, code: string, message: string]>([
  [
    new MongoError(2, "unknown top level operator: $x"),
    "MongoDBError",
    "Failed to find documents: FunctionError: (BadValue) unknown top level operator: $x",
  ],
  [
    new MongoError(40_324, "Unrecognized pipeline stage name: '$x'"),
    "MongoDBError",
    "Failed to find documents: FunctionError: (Location40324) Unrecognized pipeline stage name: '$x'",
  ],
  [
    new MongoError(50, "operation exceeded time limit"),
    "ExecutionTimeLimitExceeded",
    "execution time limit exceeded",
  ],
  [
    new Fault("MissingParameter", "must provide a 'filter' field"),
    "MissingParameter",
    "Failed to find documents: must provide a 'filter' field",
  ],
  [
    new Fault("InvalidParameter", '"filter" argument must be an object'),
    "InvalidParameter",
    'Failed to find documents: FunctionError: mongodb find: "filter" argument must be an object',
  ],
  [
    new Fault("ServiceNotFound", "service not found: 'x'"),
    "ServiceNotFound",
    "service not found: 'x'",
  ],
])("run-action: words %s", ([cause, code, message]) => {
  expect(wordFailure(find, cause)).toMatchObject({ code, message });
});

test("run-action: what is no expected failure stays what it is", () => {
  const bug = new TypeError("bug");
  expect(wordFailure(find, bug)).toBe(bug);
});
