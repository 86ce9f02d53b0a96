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
{"$sin":{"$numberDecimal":"Infinity"}} => 50989 cannot apply $sin to Infinity, value must be in (-inf,inf)
{"$sin":{"$numberDecimal":"NaN"}} => {"$numberDecimal":"NaN"}
{"$sin":null} => null
{"$sin":"$missing"} => null
{"$sin":"a"} => 28765 $sin only supports numeric types, not string
{"$sin":true} => 28765 $sin only supports numeric types, not bool
{"$sin":{"$date":"1970-01-01T00:00:00Z"}} => 28765 $sin only supports numeric types, not date
{"$sin":[1,2]} => 16020 Expression $sin takes exactly 1 arguments. 2 were passed in.
{"$sin":[]} => 16020 Expression $sin takes exactly 1 arguments. 0 were passed in.
{"$sin":{"$numberDecimal":"1E+100"}} => {"$numberDecimal":"-0.3723761236612766882620866955531643"}
{"$sin":{"$numberDecimal":"1E-100"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-100"}
{"$sin":{"$numberDecimal":"0"}} => {"$numberDecimal":"0"}
{"$sin":{"$numberDecimal":"-0"}} => {"$numberDecimal":"-0"}
{"$sin":{"$numberDecimal":"0E+10"}} => {"$numberDecimal":"0E+10"}
{"$sin":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"0E-10"}
{"$sin":{"$numberDecimal":"-0.000"}} => {"$numberDecimal":"-0.000"}
{"$sin":{"$numberDecimal":"0E-6176"}} => {"$numberDecimal":"0E-6176"}
{"$sin":{"$numberDecimal":"0E+6111"}} => {"$numberDecimal":"0E+6111"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$cos", () => {
  test.for(
    rowsOf(String.raw`
{"$cos":{"$numberDouble":"Infinity"}} => 50989 cannot apply $cos to inf, value must be in (-inf,inf)
{"$cos":{"$numberDecimal":"Infinity"}} => 50989 cannot apply $cos to Infinity, value must be in (-inf,inf)
{"$cos":0} => {"$numberDouble":"1.0"}
{"$cos":{"$numberDecimal":"0"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cos":{"$numberDecimal":"1E-100"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cos":{"$numberDecimal":"-0"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cos":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cos":{"$numberDecimal":"0E+10"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cos":{"$numberDecimal":"-0.000"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cos":{"$numberDecimal":"0E-6176"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cos":{"$numberDecimal":"0E+6111"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cos":{"$numberDecimal":"1"}} => {"$numberDecimal":"0.5403023058681397174009366074429766"}
{"$cos":{"$numberDecimal":"-1"}} => {"$numberDecimal":"0.5403023058681397174009366074429766"}
{"$cos":{"$numberDecimal":"1.000"}} => {"$numberDecimal":"0.5403023058681397174009366074429766"}
{"$cos":{"$numberDecimal":"1.0"}} => {"$numberDecimal":"0.5403023058681397174009366074429766"}
{"$cos":{"$numberDecimal":"-Infinity"}} => 50989 cannot apply $cos to -Infinity, value must be in (-inf,inf)
{"$cos":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cos":{"$numberDecimal":"1E-16"}} => {"$numberDecimal":"0.9999999999999999999999999999999950"}
{"$cos":{"$numberDecimal":"-1.2345E+54"}} => {"$numberDecimal":"0.9913037753787695341275971741733941"}
{"$cos":{"$numberDecimal":"1.570796326794896619231321691639751"}} => {"$numberDecimal":"4.420985846996875529104874722961539E-34"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$tan", () => {
  test.for(
    rowsOf(String.raw`
{"$tan":{"$numberDouble":"Infinity"}} => 50989 cannot apply $tan to inf, value must be in (-inf,inf)
{"$tan":{"$numberDecimal":"-Infinity"}} => 50989 cannot apply $tan to -Infinity, value must be in (-inf,inf)
{"$tan":{"$numberDecimal":"1"}} => {"$numberDecimal":"1.557407724654902230506974807458360"}
{"$tan":{"$numberDouble":"1.5707963267948966"}} => {"$numberDouble":"16331239353195370.0"}
{"$tan":{"$numberDecimal":"0"}} => {"$numberDecimal":"0E-40"}
{"$tan":{"$numberDecimal":"-0"}} => {"$numberDecimal":"-0E-40"}
{"$tan":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"0E-50"}
{"$tan":{"$numberDecimal":"0E+10"}} => {"$numberDecimal":"0E-30"}
{"$tan":{"$numberDecimal":"-0.000"}} => {"$numberDecimal":"-0E-43"}
{"$tan":{"$numberDecimal":"0E-6176"}} => {"$numberDecimal":"0E-6176"}
{"$tan":{"$numberDecimal":"0E+6111"}} => {"$numberDecimal":"0E+6071"}
{"$tan":{"$numberDecimal":"-1"}} => {"$numberDecimal":"-1.557407724654902230506974807458360"}
{"$tan":{"$numberDecimal":"1.000"}} => {"$numberDecimal":"1.557407724654902230506974807458360"}
{"$tan":{"$numberDecimal":"1.0"}} => {"$numberDecimal":"1.557407724654902230506974807458360"}
{"$tan":{"$numberDecimal":"Infinity"}} => 50989 cannot apply $tan to Infinity, value must be in (-inf,inf)
{"$tan":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"1E-6176"}
{"$tan":{"$numberDecimal":"1E-40"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-40"}
{"$tan":{"$numberDecimal":"1E-17"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-17"}
{"$tan":{"$numberDecimal":"1E-16"}} => {"$numberDecimal":"1.000000000000000000000000000000003E-16"}
{"$tan":{"$numberDecimal":"1E+900"}} => {"$numberDecimal":"3.076099038493543272072725420900591"}
{"$tan":{"$numberDecimal":"-1.2345E+54"}} => {"$numberDecimal":"0.1327478123792985372872086387500036"}
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
{"$asin":{"$numberDecimal":"2"}} => 50989 cannot apply $asin to 2, value must be in [-1,1]
{"$asin":{"$numberDecimal":"1"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
{"$asin":{"$numberDouble":"-Infinity"}} => 50989 cannot apply $asin to -inf, value must be in [-1,1]
{"$asin":{"$numberDecimal":"-Infinity"}} => 50989 cannot apply $asin to -Infinity, value must be in [-1,1]
{"$asin":{"$numberDouble":"NaN"}} => {"$numberDouble":"NaN"}
{"$asin":{"$numberDecimal":"0"}} => {"$numberDecimal":"0E-40"}
{"$asin":{"$numberDecimal":"-0"}} => {"$numberDecimal":"-0E-40"}
{"$asin":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"0E-50"}
{"$asin":{"$numberDecimal":"0E+10"}} => {"$numberDecimal":"0E-30"}
{"$asin":{"$numberDecimal":"-0.000"}} => {"$numberDecimal":"-0E-43"}
{"$asin":{"$numberDecimal":"0E-6176"}} => {"$numberDecimal":"0E-6176"}
{"$asin":{"$numberDecimal":"0E+6111"}} => {"$numberDecimal":"0E+6071"}
{"$asin":{"$numberDecimal":"-1"}} => {"$numberDecimal":"-1.570796326794896619231321691639751"}
{"$asin":{"$numberDecimal":"1.000"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
{"$asin":{"$numberDecimal":"1.0"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
{"$asin":{"$numberDecimal":"Infinity"}} => 50989 cannot apply $asin to Infinity, value must be in [-1,1]
{"$asin":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"1E-6176"}
{"$asin":{"$numberDecimal":"1E-40"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-40"}
{"$asin":{"$numberDecimal":"1E-17"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-17"}
{"$asin":{"$numberDecimal":"1E-16"}} => {"$numberDecimal":"1.000000000000000000000000000000002E-16"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$acos", () => {
  test.for(
    rowsOf(String.raw`
{"$acos":-2} => 50989 cannot apply $acos to -2, value must be in [-1,1]
{"$acos":{"$numberDecimal":"-1"}} => {"$numberDecimal":"3.141592653589793238462643383279503"}
{"$acos":{"$numberDecimal":"Infinity"}} => 50989 cannot apply $acos to Infinity, value must be in [-1,1]
{"$acos":{"$numberLong":"5"}} => 50989 cannot apply $acos to 5, value must be in [-1,1]
{"$acos":{"$numberDecimal":"1.0"}} => {"$numberDecimal":"0E-6176"}
{"$acos":{"$numberDecimal":"0"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
{"$acos":{"$numberDecimal":"-0"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
{"$acos":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
{"$acos":{"$numberDecimal":"0E+10"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
{"$acos":{"$numberDecimal":"-0.000"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
{"$acos":{"$numberDecimal":"0E-6176"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
{"$acos":{"$numberDecimal":"0E+6111"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
{"$acos":{"$numberDecimal":"1"}} => {"$numberDecimal":"0E-6176"}
{"$acos":{"$numberDecimal":"1.000"}} => {"$numberDecimal":"0E-6176"}
{"$acos":{"$numberDecimal":"1.0"}} => {"$numberDecimal":"0E-6176"}
{"$acos":{"$numberDecimal":"-Infinity"}} => 50989 cannot apply $acos to -Infinity, value must be in [-1,1]
{"$acos":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
{"$acos":{"$numberDecimal":"1E-40"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
{"$acos":{"$numberDecimal":"1E-17"}} => {"$numberDecimal":"1.570796326794896609231321691639751"}
{"$acos":{"$numberDecimal":"1E-16"}} => {"$numberDecimal":"1.570796326794896519231321691639751"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$atan", () => {
  test.for(
    rowsOf(String.raw`
{"$atan":{"$numberDouble":"Infinity"}} => {"$numberDouble":"1.5707963267948966"}
{"$atan":{"$numberDecimal":"Infinity"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
{"$atan":{"$numberDecimal":"1"}} => {"$numberDecimal":"0.7853981633974483096156608458198757"}
{"$atan":{"$numberDecimal":"1E-40"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-40"}
{"$atan":{"$numberDecimal":"0"}} => {"$numberDecimal":"0"}
{"$atan":{"$numberDecimal":"-0"}} => {"$numberDecimal":"-0"}
{"$atan":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"0E-10"}
{"$atan":{"$numberDecimal":"0E+10"}} => {"$numberDecimal":"0E+10"}
{"$atan":{"$numberDecimal":"-0.000"}} => {"$numberDecimal":"-0.000"}
{"$atan":{"$numberDecimal":"0E-6176"}} => {"$numberDecimal":"0E-6176"}
{"$atan":{"$numberDecimal":"0E+6111"}} => {"$numberDecimal":"0E+6111"}
{"$atan":{"$numberDecimal":"-1"}} => {"$numberDecimal":"-0.7853981633974483096156608458198757"}
{"$atan":{"$numberDecimal":"1.000"}} => {"$numberDecimal":"0.7853981633974483096156608458198757"}
{"$atan":{"$numberDecimal":"1.0"}} => {"$numberDecimal":"0.7853981633974483096156608458198757"}
{"$atan":{"$numberDecimal":"-Infinity"}} => {"$numberDecimal":"-1.570796326794896619231321691639751"}
{"$atan":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"1E-6176"}
{"$atan":{"$numberDecimal":"1E-17"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-17"}
{"$atan":{"$numberDecimal":"1E-16"}} => {"$numberDecimal":"9.999999999999999999999999999999967E-17"}
{"$atan":{"$numberDecimal":"1E+30"}} => {"$numberDecimal":"1.570796326794896619231321691638751"}
{"$atan":{"$numberDecimal":"1E+40"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$sinh", () => {
  test.for(
    rowsOf(String.raw`
{"$sinh":{"$numberDouble":"Infinity"}} => {"$numberDouble":"Infinity"}
{"$sinh":{"$numberDecimal":"1"}} => {"$numberDecimal":"1.175201193643801456882381850595601"}
{"$sinh":{"$numberDecimal":"-Infinity"}} => {"$numberDecimal":"-Infinity"}
{"$sinh":{"$numberDecimal":"1E+10"}} => {"$numberDecimal":"Infinity"}
{"$sinh":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"0E-50"}
{"$sinh":{"$numberDecimal":"0"}} => {"$numberDecimal":"0E-40"}
{"$sinh":{"$numberDecimal":"-0"}} => {"$numberDecimal":"-0E-40"}
{"$sinh":{"$numberDecimal":"0E+10"}} => {"$numberDecimal":"0E-30"}
{"$sinh":{"$numberDecimal":"-0.000"}} => {"$numberDecimal":"-0E-43"}
{"$sinh":{"$numberDecimal":"0E-6176"}} => {"$numberDecimal":"0E-6176"}
{"$sinh":{"$numberDecimal":"0E+6111"}} => {"$numberDecimal":"0E+6071"}
{"$sinh":{"$numberDecimal":"-1"}} => {"$numberDecimal":"-1.175201193643801456882381850595601"}
{"$sinh":{"$numberDecimal":"1.000"}} => {"$numberDecimal":"1.175201193643801456882381850595601"}
{"$sinh":{"$numberDecimal":"1.0"}} => {"$numberDecimal":"1.175201193643801456882381850595601"}
{"$sinh":{"$numberDecimal":"Infinity"}} => {"$numberDecimal":"Infinity"}
{"$sinh":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"1E-6176"}
{"$sinh":{"$numberDecimal":"1E-40"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-40"}
{"$sinh":{"$numberDecimal":"1E-17"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-17"}
{"$sinh":{"$numberDecimal":"1E-16"}} => {"$numberDecimal":"1.000000000000000000000000000000002E-16"}
{"$sinh":{"$numberDecimal":"100"}} => {"$numberDecimal":"1.344058570908067724206312775790007E+43"}
{"$sinh":{"$numberDecimal":"14000"}} => {"$numberDecimal":"6.633101605688556379688884451678155E+6079"}
{"$sinh":{"$numberDecimal":"14164"}} => {"$numberDecimal":"Infinity"}
{"$sinh":{"$numberDecimal":"14165"}} => {"$numberDecimal":"Infinity"}
{"$sinh":{"$numberDecimal":"-1.000000000000000000000000000000000E+6144"}} => {"$numberDecimal":"-Infinity"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$cosh", () => {
  test.for(
    rowsOf(String.raw`
{"$cosh":{"$numberDecimal":"1"}} => {"$numberDecimal":"1.543080634815243778477905620757062"}
{"$cosh":{"$numberDouble":"-Infinity"}} => {"$numberDouble":"Infinity"}
{"$cosh":800.0} => {"$numberDouble":"Infinity"}
{"$cosh":{"$numberDecimal":"0"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cosh":{"$numberDecimal":"-0"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cosh":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cosh":{"$numberDecimal":"0E+10"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cosh":{"$numberDecimal":"-0.000"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cosh":{"$numberDecimal":"0E-6176"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cosh":{"$numberDecimal":"0E+6111"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cosh":{"$numberDecimal":"-1"}} => {"$numberDecimal":"1.543080634815243778477905620757062"}
{"$cosh":{"$numberDecimal":"1.000"}} => {"$numberDecimal":"1.543080634815243778477905620757062"}
{"$cosh":{"$numberDecimal":"1.0"}} => {"$numberDecimal":"1.543080634815243778477905620757062"}
{"$cosh":{"$numberDecimal":"Infinity"}} => {"$numberDecimal":"Infinity"}
{"$cosh":{"$numberDecimal":"-Infinity"}} => {"$numberDecimal":"Infinity"}
{"$cosh":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cosh":{"$numberDecimal":"1E-40"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cosh":{"$numberDecimal":"1E-17"}} => {"$numberDecimal":"1"}
{"$cosh":{"$numberDecimal":"1E-16"}} => {"$numberDecimal":"1.000000000000000000000000000000005"}
{"$cosh":{"$numberDecimal":"1.000000000000000000000000000000000E+6144"}} => {"$numberDecimal":"Infinity"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$tanh", () => {
  test.for(
    rowsOf(String.raw`
{"$tanh":{"$numberDecimal":"1"}} => {"$numberDecimal":"0.7615941559557648881194582826047936"}
{"$tanh":{"$numberDecimal":"Infinity"}} => {"$numberDecimal":"1"}
{"$tanh":{"$numberDecimal":"0.0000"}} => {"$numberDecimal":"0.0000"}
{"$tanh":{"$numberDecimal":"0"}} => {"$numberDecimal":"0"}
{"$tanh":{"$numberDecimal":"-0"}} => {"$numberDecimal":"-0"}
{"$tanh":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"0E-10"}
{"$tanh":{"$numberDecimal":"0E+10"}} => {"$numberDecimal":"0E+10"}
{"$tanh":{"$numberDecimal":"-0.000"}} => {"$numberDecimal":"-0.000"}
{"$tanh":{"$numberDecimal":"0E-6176"}} => {"$numberDecimal":"0E-6176"}
{"$tanh":{"$numberDecimal":"0E+6111"}} => {"$numberDecimal":"0E+6111"}
{"$tanh":{"$numberDecimal":"-1"}} => {"$numberDecimal":"-0.7615941559557648881194582826047936"}
{"$tanh":{"$numberDecimal":"1.000"}} => {"$numberDecimal":"0.7615941559557648881194582826047936"}
{"$tanh":{"$numberDecimal":"1.0"}} => {"$numberDecimal":"0.7615941559557648881194582826047936"}
{"$tanh":{"$numberDecimal":"-Infinity"}} => {"$numberDecimal":"-1"}
{"$tanh":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"1E-6176"}
{"$tanh":{"$numberDecimal":"1E-40"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-40"}
{"$tanh":{"$numberDecimal":"1E-17"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-17"}
{"$tanh":{"$numberDecimal":"1E-16"}} => {"$numberDecimal":"9.999999999999999999999999999999967E-17"}
{"$tanh":{"$numberDecimal":"50"}} => {"$numberDecimal":"1"}
{"$tanh":{"$numberDecimal":"-40"}} => {"$numberDecimal":"-1"}
{"$tanh":{"$numberDecimal":"39"}} => {"$numberDecimal":"0.9999999999999999999999999999999997"}
{"$tanh":{"$numberDecimal":"1.000000000000000000000000000000000E+6144"}} => {"$numberDecimal":"1"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$asinh", () => {
  test.for(
    rowsOf(String.raw`
{"$asinh":{"$numberDecimal":"1"}} => {"$numberDecimal":"0.8813735870195430252326093249797923"}
{"$asinh":{"$numberDouble":"-Infinity"}} => {"$numberDouble":"-Infinity"}
{"$asinh":{"$numberDecimal":"-0"}} => {"$numberDecimal":"-0E-6176"}
{"$asinh":{"$numberDecimal":"0"}} => {"$numberDecimal":"0E-6176"}
{"$asinh":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"0E-6176"}
{"$asinh":{"$numberDecimal":"0E+10"}} => {"$numberDecimal":"0E-6176"}
{"$asinh":{"$numberDecimal":"-0.000"}} => {"$numberDecimal":"-0E-6176"}
{"$asinh":{"$numberDecimal":"0E-6176"}} => {"$numberDecimal":"0E-6176"}
{"$asinh":{"$numberDecimal":"0E+6111"}} => {"$numberDecimal":"0E-6176"}
{"$asinh":{"$numberDecimal":"-1"}} => {"$numberDecimal":"-0.8813735870195430252326093249797923"}
{"$asinh":{"$numberDecimal":"1.000"}} => {"$numberDecimal":"0.8813735870195430252326093249797923"}
{"$asinh":{"$numberDecimal":"1.0"}} => {"$numberDecimal":"0.8813735870195430252326093249797923"}
{"$asinh":{"$numberDecimal":"Infinity"}} => {"$numberDecimal":"Infinity"}
{"$asinh":{"$numberDecimal":"-Infinity"}} => {"$numberDecimal":"-Infinity"}
{"$asinh":{"$numberDecimal":"1E-40"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-40"}
{"$asinh":{"$numberDecimal":"1E-17"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-17"}
{"$asinh":{"$numberDecimal":"1E-16"}} => {"$numberDecimal":"9.999999999999999999999999999999983E-17"}
{"$asinh":{"$numberDecimal":"-1.000000000000000000000000000000000E+6144"}} => {"$numberDecimal":"-14147.77595853597662791595672970219"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$acosh", () => {
  test.for(
    rowsOf(String.raw`
{"$acosh":{"$numberDecimal":"1"}} => {"$numberDecimal":"0"}
{"$acosh":{"$numberDecimal":"0.5"}} => 50989 cannot apply $acosh to 0.5, value must be in [1,inf]
{"$acosh":{"$numberDouble":"0.5"}} => 50989 cannot apply $acosh to 0.5, value must be in [1,inf]
{"$acosh":{"$numberDouble":"Infinity"}} => {"$numberDouble":"Infinity"}
{"$acosh":{"$numberDecimal":"2"}} => {"$numberDecimal":"1.316957896924816708625046347307968"}
{"$acosh":{"$numberDouble":"NaN"}} => {"$numberDouble":"NaN"}
{"$acosh":{"$numberDecimal":"0"}} => 50989 cannot apply $acosh to 0, value must be in [1,inf]
{"$acosh":{"$numberDecimal":"-0"}} => 50989 cannot apply $acosh to -0, value must be in [1,inf]
{"$acosh":{"$numberDecimal":"0E-10"}} => 50989 cannot apply $acosh to 0E-10, value must be in [1,inf]
{"$acosh":{"$numberDecimal":"0E+10"}} => 50989 cannot apply $acosh to 0E+10, value must be in [1,inf]
{"$acosh":{"$numberDecimal":"-0.000"}} => 50989 cannot apply $acosh to -0.000, value must be in [1,inf]
{"$acosh":{"$numberDecimal":"0E-6176"}} => 50989 cannot apply $acosh to 0E-6176, value must be in [1,inf]
{"$acosh":{"$numberDecimal":"0E+6111"}} => 50989 cannot apply $acosh to 0E+6111, value must be in [1,inf]
{"$acosh":{"$numberDecimal":"-1"}} => 50989 cannot apply $acosh to -1, value must be in [1,inf]
{"$acosh":{"$numberDecimal":"1.000"}} => {"$numberDecimal":"0"}
{"$acosh":{"$numberDecimal":"1.0"}} => {"$numberDecimal":"0"}
{"$acosh":{"$numberDecimal":"Infinity"}} => {"$numberDecimal":"Infinity"}
{"$acosh":{"$numberDecimal":"-Infinity"}} => 50989 cannot apply $acosh to -Infinity, value must be in [1,inf]
{"$acosh":{"$numberDecimal":"1E-6176"}} => 50989 cannot apply $acosh to 1E-6176, value must be in [1,inf]
{"$acosh":{"$numberDecimal":"1E-40"}} => 50989 cannot apply $acosh to 1E-40, value must be in [1,inf]
{"$acosh":{"$numberDecimal":"1E-17"}} => 50989 cannot apply $acosh to 1E-17, value must be in [1,inf]
{"$acosh":{"$numberDecimal":"1E-16"}} => 50989 cannot apply $acosh to 1E-16, value must be in [1,inf]
{"$acosh":{"$numberDecimal":"1E+100"}} => {"$numberDecimal":"230.9516564799645137112163775898946"}
{"$acosh":{"$numberDecimal":"1.000000000000000000000000000000001"}} => {"$numberDecimal":"4.472135954999579392818347337462552E-17"}
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
{"$atanh":{"$numberDecimal":"1"}} => {"$numberDecimal":"Infinity"}
{"$atanh":{"$numberDecimal":"-1"}} => {"$numberDecimal":"-Infinity"}
{"$atanh":2} => 50989 cannot apply $atanh to 2, value must be in [-1,1]
{"$atanh":{"$numberDecimal":"2"}} => 50989 cannot apply $atanh to 2, value must be in [-1,1]
{"$atanh":{"$numberDouble":"1.5"}} => 50989 cannot apply $atanh to 1.5, value must be in [-1,1]
{"$atanh":{"$numberDecimal":"0"}} => {"$numberDecimal":"0E-6176"}
{"$atanh":{"$numberDecimal":"-0"}} => {"$numberDecimal":"-0E-6176"}
{"$atanh":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"0E-6176"}
{"$atanh":{"$numberDecimal":"0E+10"}} => {"$numberDecimal":"0E-6176"}
{"$atanh":{"$numberDecimal":"-0.000"}} => {"$numberDecimal":"-0E-6176"}
{"$atanh":{"$numberDecimal":"0E-6176"}} => {"$numberDecimal":"0E-6176"}
{"$atanh":{"$numberDecimal":"0E+6111"}} => {"$numberDecimal":"0E-6176"}
{"$atanh":{"$numberDecimal":"1.000"}} => {"$numberDecimal":"Infinity"}
{"$atanh":{"$numberDecimal":"1.0"}} => {"$numberDecimal":"Infinity"}
{"$atanh":{"$numberDecimal":"Infinity"}} => 50989 cannot apply $atanh to Infinity, value must be in [-1,1]
{"$atanh":{"$numberDecimal":"-Infinity"}} => 50989 cannot apply $atanh to -Infinity, value must be in [-1,1]
{"$atanh":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"1E-6176"}
{"$atanh":{"$numberDecimal":"1E-40"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-40"}
{"$atanh":{"$numberDecimal":"1E-16"}} => {"$numberDecimal":"1.000000000000000000000000000000003E-16"}
{"$atanh":{"$numberDecimal":"0.9999999999999999999999999999999999"}} => {"$numberDecimal":"39.49052017117874928301447079036328"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$atan2", () => {
  test.for(
    rowsOf(String.raw`
{"$atan2":[1,2]} => {"$numberDouble":"0.4636476090008061"}
{"$atan2":[{"$numberDecimal":"1"},2]} => {"$numberDecimal":"0.4636476090008061162142562314612144"}
{"$atan2":[1,{"$numberDecimal":"2"}]} => {"$numberDecimal":"0.4636476090008061162142562314612144"}
{"$atan2":[null,"a"]} => null
{"$atan2":["a",null]} => 51044 $atan2 only supports numeric types, not string
{"$atan2":["a",1]} => 51044 $atan2 only supports numeric types, not string
{"$atan2":[1,"a"]} => 51045 $atan2 only supports numeric types, not string
{"$atan2":[{"$numberDouble":"NaN"},{"$numberDecimal":"1"}]} => {"$numberDecimal":"NaN"}
{"$atan2":[0,-0.0]} => {"$numberDouble":"3.141592653589793"}
{"$atan2":[{"$numberDecimal":"0"},{"$numberDecimal":"-0"}]} => {"$numberDecimal":"3.141592653589793238462643383279503"}
{"$atan2":[{"$numberDecimal":"-0"},{"$numberDecimal":"-1"}]} => {"$numberDecimal":"-3.141592653589793238462643383279503"}
{"$atan2":[{"$numberDecimal":"0"},{"$numberDecimal":"0"}]} => {"$numberDecimal":"0E-6176"}
{"$atan2":[{"$numberDecimal":"-0"},{"$numberDecimal":"0"}]} => {"$numberDecimal":"-0E-6176"}
{"$atan2":[{"$numberDecimal":"Infinity"},{"$numberDecimal":"-Infinity"}]} => {"$numberDecimal":"2.356194490192344928846982537459627"}
{"$atan2":[1]} => 16020 Expression $atan2 takes exactly 2 arguments. 1 were passed in.
{"$atan2":1} => 16020 Expression $atan2 takes exactly 2 arguments. 1 were passed in.
{"$atan2":[{"$numberDecimal":"0"},{"$numberDecimal":"1"}]} => {"$numberDecimal":"0E-6176"}
{"$atan2":[{"$numberDecimal":"0"},{"$numberDecimal":"-1"}]} => {"$numberDecimal":"3.141592653589793238462643383279503"}
{"$atan2":[{"$numberDecimal":"0"},{"$numberDecimal":"Infinity"}]} => {"$numberDecimal":"0E-6176"}
{"$atan2":[{"$numberDecimal":"0"},{"$numberDecimal":"-Infinity"}]} => {"$numberDecimal":"3.141592653589793238462643383279503"}
{"$atan2":[{"$numberDecimal":"0"},{"$numberDecimal":"0.00000"}]} => {"$numberDecimal":"0E-6176"}
{"$atan2":[{"$numberDecimal":"0"},{"$numberDecimal":"NaN"}]} => {"$numberDecimal":"NaN"}
{"$atan2":[{"$numberDecimal":"0"},{"$numberDecimal":"2.50"}]} => {"$numberDecimal":"0E-6176"}
{"$atan2":[{"$numberDecimal":"-0"},{"$numberDecimal":"-0"}]} => {"$numberDecimal":"-3.141592653589793238462643383279503"}
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
{"$degreesToRadians":{"$numberDecimal":"180"}} => {"$numberDecimal":"3.141592653589793238462643383279503"}
{"$degreesToRadians":{"$numberDouble":"Infinity"}} => {"$numberDouble":"Infinity"}
{"$degreesToRadians":null} => null
{"$degreesToRadians":"a"} => 28765 $degreesToRadians only supports numeric types, not string
{"$radiansToDegrees":1} => {"$numberDouble":"57.29577951308232"}
{"$radiansToDegrees":{"$numberDecimal":"1"}} => {"$numberDecimal":"57.29577951308232087679815481410517"}
{"$radiansToDegrees":1.0} => {"$numberDouble":"57.29577951308232"}
{"$radiansToDegrees":{"$numberDecimal":"1.000000000000000000000000000000000E+6144"}} => {"$numberDecimal":"Infinity"}
{"$radiansToDegrees":{"$numberDecimal":"3.141592653589793238462643383279503"}} => {"$numberDecimal":"180.0000000000000000000000000000000"}
{"$degreesToRadians":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"0E-6176"}
{"$degreesToRadians":{"$numberDecimal":"0"}} => {"$numberDecimal":"0E-35"}
{"$degreesToRadians":{"$numberDecimal":"-0"}} => {"$numberDecimal":"-0E-35"}
{"$degreesToRadians":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"0E-45"}
{"$degreesToRadians":{"$numberDecimal":"0E+10"}} => {"$numberDecimal":"0E-25"}
{"$degreesToRadians":{"$numberDecimal":"-0.000"}} => {"$numberDecimal":"-0E-38"}
{"$degreesToRadians":{"$numberDecimal":"0E-6176"}} => {"$numberDecimal":"0E-6176"}
{"$degreesToRadians":{"$numberDecimal":"0E+6111"}} => {"$numberDecimal":"0E+6076"}
{"$degreesToRadians":{"$numberDecimal":"1"}} => {"$numberDecimal":"0.01745329251994329576923690768488613"}
{"$degreesToRadians":{"$numberDecimal":"-1"}} => {"$numberDecimal":"-0.01745329251994329576923690768488613"}
{"$degreesToRadians":{"$numberDecimal":"1.000"}} => {"$numberDecimal":"0.01745329251994329576923690768488613"}
{"$degreesToRadians":{"$numberDecimal":"1.0"}} => {"$numberDecimal":"0.01745329251994329576923690768488613"}
{"$degreesToRadians":{"$numberDecimal":"Infinity"}} => {"$numberDecimal":"Infinity"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});
