// The rows were answered by a mongod 6.0.5; plain integers are Int32.
import { expect, test } from "vitest";
import { type ProjectionForm, projectText } from "../../../test/support/projection.ts";
import { expected } from "../../../test/support/update.ts";

/** What is done to `whole`, by what, and what comes of it. */
type Row = [kind: ProjectionForm, spec: string, outcome: string, filter?: string];

test.for<Row>([
  [
    "find",
    "{}",
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1,"c":2},[{"b":3,"d":4},5],[]],"o":{"p":1,"q":[1,2,3],"r":{"z":1}}}',
  ],
  ["find", '{"n":1}', '{"_id":1,"n":1}'],
  ["find", '{"n":0,"o":0}', '{"_id":1,"s":"x","a":[1,2,{"b":1,"c":2},[{"b":3,"d":4},5],[]]}'],
  [
    "find",
    '{"_id":0}',
    '{"n":1,"s":"x","a":[1,2,{"b":1,"c":2},[{"b":3,"d":4},5],[]],"o":{"p":1,"q":[1,2,3],"r":{"z":1}}}',
  ],
  ["find", '{"_id":1}', '{"_id":1}'],
  ["find", '{"_id":0,"n":1}', '{"n":1}'],
  ["find", '{"s":1,"n":true}', '{"_id":1,"n":1,"s":"x"}'],
  ["find", '{"o.p":1}', '{"_id":1,"o":{"p":1}}'],
  ["find", '{"o":{"p":1,"r":1}}', '{"_id":1,"o":{"p":1,"r":{"z":1}}}'],
  [
    "find",
    '{"o.p":0}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1,"c":2},[{"b":3,"d":4},5],[]],"o":{"q":[1,2,3],"r":{"z":1}}}',
  ],
  ["find", '{"a.b":1}', '{"_id":1,"a":[{"b":1},[{"b":3}],[]]}'],
  [
    "find",
    '{"a.b":0}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"c":2},[{"d":4},5],[]],"o":{"p":1,"q":[1,2,3],"r":{"z":1}}}',
  ],
  ["find", '{"a.0":1}', '{"_id":1,"a":[{},[{}],[]]}'],
  ["find", '{"n.x":1}', '{"_id":1}'],
  ["find", '{"_id":0,"n":"$s","x":"lit","y":["$n","$zz"]}', '{"n":"x","x":"lit","y":[1,null]}'],
  ["find", '{"o.p":{"$literal":9},"x.y":"$n"}', '{"_id":1,"o":{"p":9},"x":{"y":1}}'],
  [
    "find",
    '{"a.b":{"$literal":9}}',
    '{"_id":1,"a":[{"b":9},{"b":9},{"b":9},[{"b":9},{"b":9}],[]]}',
  ],
  ["find", '{"n.b":{"$literal":9},"s":1}', '{"_id":1,"n":{"b":9},"s":"x"}'],
  ["find", '{"n":"$$REMOVE","s":1}', '{"_id":1,"s":"x"}'],
  ["find", '{"_id":"$n","s":1}', '{"s":"x","_id":1}'],
  ["find", '{"n":null}', '{"_id":1,"n":null}'],
  ["find", '{"n":1,"s":0}', "31254 Cannot do exclusion on field s in inclusion projection"],
  ["find", '{"n":0,"s":1}', "31253 Cannot do inclusion on field s in exclusion projection"],
  ["find", '{"n":0,"x":"y"}', '31310 Cannot use an expression x: "y" in an exclusion projection'],
  [
    "find",
    '{"n":0,"x":{"$literal":1}}',
    "31252 Cannot use expression other than $meta in exclusion projection",
  ],
  [
    "find",
    '{"n":{}}',
    "51270 An empty sub-projection is not a valid value. Found empty object at path",
  ],
  ["find", '{"o":1,"o.p":1}', "31249 Path collision at o.p remaining portion p"],
  ["find", '{"o.p":1,"o":1}', "31250 Path collision at o"],
  ["find", '{"":1}', "40352 FieldPath cannot be constructed with empty string"],
  ["find", '{"a.":1}', "40353 FieldPath must not end with a '.'."],
  ["find", '{"a..b":1}', "15998 FieldPath field names may not be empty strings."],
  [
    "find",
    '{"$a":1}',
    "16410 FieldPath field names may not start with '$'. Consider using $getField or $setField.",
  ],
  ["find", '{"n":{"$foo":1}}', "31325 Unknown expression $foo"],
  [
    "find",
    '{"n":{"$add":[1,2],"$x":1}}',
    "16410 FieldPath field names may not start with '$'. Consider using $getField or $setField.",
  ],
  ["find", '{"x":{"$divide":[1,0]}}', "2 can't $divide by zero"],
])("projection: fields are shown by %s of %s", ([kind, spec, outcome, filter]) => {
  expect(projectText(kind, spec, filter)).toBe(expected(outcome));
});
