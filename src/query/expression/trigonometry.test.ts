import { describe, expect, test } from "vitest";
import { evaluateText, rowsOf } from "../../../test/support/expression.ts";

/** Verdicts of a mongod 6.0.5. */
const doc = '{"s":"text","n":null,"i":2,"t":{"$date":{"$numberLong":"1488326400000"}}}';

describe("$sin", () => {
  test.for(
    rowsOf(String.raw`
{"$sin":1} => {"$numberDouble":"0.8414709848078965"}
{"$sin":{"$numberLong":"1"}} => {"$numberDouble":"0.8414709848078965"}
{"$sin":0.0} => {"$numberDouble":"0.0"}
{"$sin":{"$numberDouble":"NaN"}} => {"$numberDouble":"NaN"}
{"$sin":{"$numberDouble":"Infinity"}} => 50989 cannot apply $sin to inf, value must be in (-inf,inf)
{"$sin":{"$numberDouble":"-Infinity"}} => 50989 cannot apply $sin to -inf, value must be in (-inf,inf)
{"$sin":null} => null
{"$sin":"$missing"} => null
{"$sin":"a"} => 28765 $sin only supports numeric types, not string
{"$sin":true} => 28765 $sin only supports numeric types, not bool
{"$sin":{"$date":"1970-01-01T00:00:00Z"}} => 28765 $sin only supports numeric types, not date
{"$sin":[1,2]} => 16020 Expression $sin takes exactly 1 arguments. 2 were passed in.
{"$sin":[]} => 16020 Expression $sin takes exactly 1 arguments. 0 were passed in.
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$cos", () => {
  test.for(
    rowsOf(String.raw`
{"$cos":{"$numberDouble":"Infinity"}} => 50989 cannot apply $cos to inf, value must be in (-inf,inf)
{"$cos":0} => {"$numberDouble":"1.0"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$tan", () => {
  test.for(
    rowsOf(String.raw`
{"$tan":{"$numberDouble":"Infinity"}} => 50989 cannot apply $tan to inf, value must be in (-inf,inf)
{"$tan":{"$numberDouble":"1.5707963267948966"}} => {"$numberDouble":"16331239353195370.0"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$asin", () => {
  test.for(
    rowsOf(String.raw`
{"$asin":2} => 50989 cannot apply $asin to 2, value must be in [-1,1]
{"$asin":{"$numberDouble":"1.0000001"}} => 50989 cannot apply $asin to 1, value must be in [-1,1]
{"$asin":{"$numberDouble":"-Infinity"}} => 50989 cannot apply $asin to -inf, value must be in [-1,1]
{"$asin":{"$numberDouble":"NaN"}} => {"$numberDouble":"NaN"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$acos", () => {
  test.for(
    rowsOf(String.raw`
{"$acos":-2} => 50989 cannot apply $acos to -2, value must be in [-1,1]
{"$acos":{"$numberLong":"5"}} => 50989 cannot apply $acos to 5, value must be in [-1,1]
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$atan", () => {
  test.for(
    rowsOf(String.raw`
{"$atan":{"$numberDouble":"Infinity"}} => {"$numberDouble":"1.5707963267948966"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$sinh", () => {
  test.for(
    rowsOf(String.raw`
{"$sinh":{"$numberDouble":"Infinity"}} => {"$numberDouble":"Infinity"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$cosh", () => {
  test.for(
    rowsOf(String.raw`
{"$cosh":{"$numberDouble":"-Infinity"}} => {"$numberDouble":"Infinity"}
{"$cosh":800.0} => {"$numberDouble":"Infinity"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$asinh", () => {
  test.for(
    rowsOf(String.raw`
{"$asinh":{"$numberDouble":"-Infinity"}} => {"$numberDouble":"-Infinity"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$acosh", () => {
  test.for(
    rowsOf(String.raw`
{"$acosh":{"$numberDouble":"0.5"}} => 50989 cannot apply $acosh to 0.5, value must be in [1,inf]
{"$acosh":{"$numberDouble":"Infinity"}} => {"$numberDouble":"Infinity"}
{"$acosh":{"$numberDouble":"NaN"}} => {"$numberDouble":"NaN"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$atanh", () => {
  test.for(
    rowsOf(String.raw`
{"$atanh":1} => {"$numberDouble":"Infinity"}
{"$atanh":-1} => {"$numberDouble":"-Infinity"}
{"$atanh":2} => 50989 cannot apply $atanh to 2, value must be in [-1,1]
{"$atanh":{"$numberDouble":"1.5"}} => 50989 cannot apply $atanh to 1.5, value must be in [-1,1]
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$atan2", () => {
  test.for(
    rowsOf(String.raw`
{"$atan2":[1,2]} => {"$numberDouble":"0.4636476090008061"}
{"$atan2":[null,"a"]} => null
{"$atan2":["a",null]} => 51044 $atan2 only supports numeric types, not string
{"$atan2":["a",1]} => 51044 $atan2 only supports numeric types, not string
{"$atan2":[1,"a"]} => 51045 $atan2 only supports numeric types, not string
{"$atan2":[0,-0.0]} => {"$numberDouble":"3.141592653589793"}
{"$atan2":[1]} => 16020 Expression $atan2 takes exactly 2 arguments. 1 were passed in.
{"$atan2":1} => 16020 Expression $atan2 takes exactly 2 arguments. 1 were passed in.
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$degreesToRadians, $radiansToDegrees", () => {
  test.for(
    rowsOf(String.raw`
{"$degreesToRadians":180} => {"$numberDouble":"3.141592653589793"}
{"$degreesToRadians":{"$numberLong":"180"}} => {"$numberDouble":"3.141592653589793"}
{"$degreesToRadians":{"$numberDouble":"Infinity"}} => {"$numberDouble":"Infinity"}
{"$degreesToRadians":null} => null
{"$degreesToRadians":"a"} => 28765 $degreesToRadians only supports numeric types, not string
{"$radiansToDegrees":1} => {"$numberDouble":"57.29577951308232"}
{"$radiansToDegrees":1.0} => {"$numberDouble":"57.29577951308232"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});
