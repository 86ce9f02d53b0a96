// The rows were answered by a mongod 6.0.5; plain integers are Int32.
import { expect, test } from "vitest";
import { type ProjectionForm, projectText } from "../../../test/support/projection.ts";
import { expected } from "../../../test/support/update.ts";

/** What is done to `whole`, by what, and what comes of it. */
type Row = [kind: ProjectionForm, spec: string, outcome: string, filter?: string];

test.for<Row>([
  [
    "project",
    "{}",
    "51272 Invalid $project :: caused by :: projection specification must have at least one field",
  ],
  ["project", '{"n":1,"x":"$s"}', '{"_id":1,"n":1,"x":"x"}'],
  [
    "project",
    '{"a.b":0}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"c":2},[{"d":4},5],[]],"o":{"p":1,"q":[1,2,3],"r":{"z":1}}}',
  ],
  [
    "project",
    '{"n":1,"s":0}',
    "31254 Invalid $project :: caused by :: Cannot do exclusion on field s in inclusion projection",
  ],
  [
    "project",
    '{"a":{"$elemMatch":{"b":1}}}',
    "168 Invalid $project :: caused by :: Cannot use $elemMatch in this context",
  ],
  [
    "project",
    '{"a.$":1}',
    "31324 Invalid $project :: caused by :: Cannot use positional projection in aggregation projection",
  ],
  [
    "project",
    '{"a":{"$slice":1}}',
    "28667 Invalid $project :: caused by :: Expression $slice takes at least 2 arguments, and at most 3, but 1 were passed in.",
  ],
  [
    "project",
    '{"x":{"$divide":[1,0]}}',
    "2 Failed to optimize pipeline :: caused by :: can't $divide by zero",
  ],
  ["project", '{"n":{"$foo":1}}', "31325 Invalid $project :: caused by :: Unknown expression $foo"],
  [
    "addFields",
    '{"n":"$s","x":1}',
    '{"_id":1,"n":"x","s":"x","a":[1,2,{"b":1,"c":2},[{"b":3,"d":4},5],[]],"o":{"p":1,"q":[1,2,3],"r":{"z":1}},"x":1}',
  ],
  [
    "addFields",
    '{"o.p":5,"o.z":6}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1,"c":2},[{"b":3,"d":4},5],[]],"o":{"p":5,"q":[1,2,3],"r":{"z":1},"z":6}}',
  ],
  [
    "addFields",
    '{"o":{"p":5,"z":{"$literal":1}}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1,"c":2},[{"b":3,"d":4},5],[]],"o":{"p":5,"q":[1,2,3],"r":{"z":1},"z":1}}',
  ],
  [
    "addFields",
    '{"a.b":5}',
    '{"_id":1,"n":1,"s":"x","a":[{"b":5},{"b":5},{"b":5,"c":2},[{"b":5,"d":4},{"b":5}],[]],"o":{"p":1,"q":[1,2,3],"r":{"z":1}}}',
  ],
  [
    "addFields",
    '{"n.b":1}',
    '{"_id":1,"n":{"b":1},"s":"x","a":[1,2,{"b":1,"c":2},[{"b":3,"d":4},5],[]],"o":{"p":1,"q":[1,2,3],"r":{"z":1}}}',
  ],
  [
    "addFields",
    '{"n":"$$REMOVE","zz.y":"$$REMOVE"}',
    '{"_id":1,"s":"x","a":[1,2,{"b":1,"c":2},[{"b":3,"d":4},5],[]],"o":{"p":1,"q":[1,2,3],"r":{"z":1}},"zz":{}}',
  ],
  [
    "addFields",
    '{"n":{}}',
    "40180 Invalid $addFields :: caused by :: an empty object is not a valid value. Found empty object at path n",
  ],
  [
    "addFields",
    '{"x":{"y":{}}}',
    "40180 Invalid $addFields :: caused by :: an empty object is not a valid value. Found empty object at path x.y",
  ],
  [
    "addFields",
    '{"n.b":1,"n":1}',
    "40176 Invalid $addFields :: caused by :: specification contains two conflicting paths. Cannot specify both 'n' and 'n.b': { n.b: 1, n: 1 }",
  ],
  [
    "addFields",
    '{"n":1,"n.b":1}',
    "40176 Invalid $addFields :: caused by :: specification contains two conflicting paths. Cannot specify both 'n.b' and 'n': { n: 1, n.b: 1 }",
  ],
  [
    "addFields",
    '{"n":{"$add":[1,2],"x":1}}',
    "40181 Invalid $addFields :: caused by :: an expression specification must contain exactly one field, the name of the expression. Found 2 fields in { $add: [ 1, 2 ], x: 1 }, while parsing object { n: { $add: [ 1, 2 ], x: 1 } }",
  ],
  [
    "addFields",
    '{"n":{"b.c":1}}',
    "40183 Invalid $addFields :: caused by :: cannot use dotted field name 'b.c' in a sub object: { n: { b.c: 1 } }",
  ],
  [
    "addFields",
    '{"n":{"$foo":1}}',
    "168 Invalid $addFields :: caused by :: Unrecognized expression '$foo'",
  ],
  [
    "addFields",
    '{"$a":1}',
    "16410 Invalid $addFields :: caused by :: FieldPath field names may not start with '$'. Consider using $getField or $setField.",
  ],
  [
    "addFields",
    '{"a.":1}',
    "40353 Invalid $addFields :: caused by :: FieldPath must not end with a '.'.",
  ],
  [
    "addFields",
    '{"n":{"$divide":[1,0]}}',
    "2 Failed to optimize pipeline :: caused by :: can't $divide by zero",
  ],
  [
    "unset",
    '["n","o.p"]',
    '{"_id":1,"s":"x","a":[1,2,{"b":1,"c":2},[{"b":3,"d":4},5],[]],"o":{"q":[1,2,3],"r":{"z":1}}}',
  ],
  [
    "unset",
    '["a.b","_id"]',
    '{"n":1,"s":"x","a":[1,2,{"c":2},[{"d":4},5],[]],"o":{"p":1,"q":[1,2,3],"r":{"z":1}}}',
  ],
  ["unset", '["o.p","o"]', "31250 Invalid $unset :: caused by :: Path collision at o"],
  [
    "unset",
    '["o","o.p"]',
    "31249 Invalid $unset :: caused by :: Path collision at o.p remaining portion p",
  ],
  ["unset", '["a."]', "40353 Invalid $unset :: caused by :: FieldPath must not end with a '.'."],
  [
    "unset",
    '["a.$"]',
    "31324 Invalid $unset :: caused by :: Cannot use positional projection in aggregation projection",
  ],
])("projection: stages reshape by %s of %s", ([kind, spec, outcome, filter]) => {
  expect(projectText(kind, spec, filter)).toBe(expected(outcome));
});
