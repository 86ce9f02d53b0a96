// The rows were answered by a mongod 6.0.5; plain integers are Int32.
import { expect, test } from "vitest";
import { type ProjectionForm, projectText } from "../../../test/support/projection.ts";
import { expected } from "../../../test/support/update.ts";

/** What is done to `whole`, by what, and what comes of it. */
type Row = [kind: ProjectionForm, spec: string, outcome: string, filter?: string];

test.for<Row>([
  [
    "find",
    '{"o.q":{"$slice":1}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1,"c":2},[{"b":3,"d":4},5],[]],"o":{"p":1,"q":[1],"r":{"z":1}}}',
  ],
  [
    "find",
    '{"o.q":{"$slice":-1}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1,"c":2},[{"b":3,"d":4},5],[]],"o":{"p":1,"q":[3],"r":{"z":1}}}',
  ],
  [
    "find",
    '{"o.q":{"$slice":[1,1]}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1,"c":2},[{"b":3,"d":4},5],[]],"o":{"p":1,"q":[2],"r":{"z":1}}}',
  ],
  [
    "find",
    '{"o.q":{"$slice":[-2,1]}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1,"c":2},[{"b":3,"d":4},5],[]],"o":{"p":1,"q":[2],"r":{"z":1}}}',
  ],
  [
    "find",
    '{"o.q":{"$slice":[9,1]}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1,"c":2},[{"b":3,"d":4},5],[]],"o":{"p":1,"q":[],"r":{"z":1}}}',
  ],
  ["find", '{"o.q":{"$slice":0},"n":1}', '{"_id":1,"n":1,"o":{"q":[]}}'],
  [
    "find",
    '{"o.q":{"$slice":1},"n":0}',
    '{"_id":1,"s":"x","a":[1,2,{"b":1,"c":2},[{"b":3,"d":4},5],[]],"o":{"p":1,"q":[1],"r":{"z":1}}}',
  ],
  ["find", '{"_id":1,"o.q":{"$slice":1}}', '{"_id":1,"o":{"q":[1]}}'],
  ["find", '{"o.q":{"$slice":["$a",1]}}', '{"_id":1,"o":{"q":[1]}}'],
  [
    "find",
    '{"n":{"$slice":1},"_id":0}',
    '{"n":1,"s":"x","a":[1,2,{"b":1,"c":2},[{"b":3,"d":4},5],[]],"o":{"p":1,"q":[1,2,3],"r":{"z":1}}}',
  ],
  [
    "find",
    '{"o.q":{"$slice":"x"}}',
    '28667 Invalid $slice syntax. The given syntax { $slice: "x" } did not match the find() syntax because :: Location31273: $slice only supports numbers and [skip, limit] arrays :: The given syntax did not match the expression $slice syntax. :: caused by :: Expression $slice takes at least 2 arguments, and at most 3, but 1 were passed in.',
  ],
  [
    "find",
    '{"o.q":{"$slice":[1]}}',
    "28667 Invalid $slice syntax. The given syntax { $slice: [ 1 ] } did not match the find() syntax because :: Location31272: $slice array argument should be of form [skip, limit] :: The given syntax did not match the expression $slice syntax. :: caused by :: Expression $slice takes at least 2 arguments, and at most 3, but 1 were passed in.",
  ],
  ["find", '{"a":{"$slice":1},"a.b":1}', "31249 Path collision at a.b remaining portion b"],
  ["find", '{"a":{"$elemMatch":{"b":1}}}', '{"_id":1,"a":[{"b":1,"c":2}]}'],
  ["find", '{"a":{"$elemMatch":{"$gt":1}},"n":1}', '{"_id":1,"n":1,"a":[2]}'],
  [
    "find",
    '{"a":{"$elemMatch":{"$gt":1}},"n":0}',
    '{"_id":1,"s":"x","a":[2],"o":{"p":1,"q":[1,2,3],"r":{"z":1}}}',
  ],
  ["find", '{"a":{"$elemMatch":{"b":9}},"s":1}', '{"_id":1,"s":"x"}'],
  ["find", '{"n":{"$elemMatch":{"$gt":0}}}', '{"_id":1}'],
  [
    "find",
    '{"a":{"$elemMatch":5}}',
    "31274 elemMatch: Invalid argument, object required, but got int",
  ],
  [
    "find",
    '{"o.q":{"$elemMatch":{"$gt":1}}}',
    "31275 Cannot use $elemMatch projection on a nested field.",
  ],
  ["find", '{"a":{"$elemMatch":{"$foo":1}}}', "2 unknown operator: $foo"],
  ["find", '{"a.$":1}', '{"_id":1,"a":[2]}', '{"a":2}'],
  ["find", '{"o.q.$":1}', '{"_id":1,"o":{"q":[2]}}', '{"a":2}'],
  ["find", '{"a.$":1}', '{"_id":1,"a":[{"b":1,"c":2}]}', '{"a.b":1}'],
  ["find", '{"a.b.$":1}', '{"_id":1,"a":[{"b":1}]}', '{"a.b":1}'],
  ["find", '{"n.$":1}', '{"_id":1,"n":1}', '{"a":2}'],
  ["find", '{"a.$":1,"s":1}', '{"_id":1,"s":"x","a":[2]}', '{"a":2}'],
  [
    "find",
    '{"a.$":1}',
    "51246 positional operator '.$' couldn't find a matching element in the array",
  ],
  ["find", '{"a.b.$":1}', "51247 positional operator '.$' element mismatch", '{"a":2}'],
  [
    "find",
    '{"a.$":1,"o.q.$":1}',
    "31276 Cannot specify more than one positional projection per query.",
    '{"a":2}',
  ],
  ["find", '{"a.$":0}', "31395 positional projection cannot be used with exclusion", '{"a":2}'],
  ["find", '{"a.$":"x"}', "31308 positional projection cannot be used with a literal", '{"a":2}'],
  [
    "find",
    '{"a.$":{"x":1}}',
    "31271 positional projection cannot be used with an expression or sub object",
    '{"a":2}',
  ],
  [
    "find",
    '{"a.$":1,"o":{"$elemMatch":{"b":1}}}',
    "31255 Cannot specify positional operator and $elemMatch.",
    '{"a":2}',
  ],
  [
    "find",
    '{"a.$.b":1}',
    "31394 As of 4.4, it's illegal to specify positional operator in the middle of a path.Positional projection may only be used at the end, for example: a.b.$. If the query previously used a form like a.b.$.d, remove the parts following the '$' and the results will be equivalent.",
    '{"a":2}',
  ],
])("projection: parts of arrays are shown by %s of %s", ([kind, spec, outcome, filter]) => {
  expect(projectText(kind, spec, filter)).toBe(expected(outcome));
});
