import { describe, expect, test } from "vitest";
import { evaluateText, rowsOf } from "../../../test/support/expression.ts";

/** Verdicts of a mongod 6.0.5. */
const doc = '{"s":"text","n":null,"i":2,"t":{"$date":{"$numberLong":"1488326400000"}}}';

describe("$sin", () => {
  test.for(
    rowsOf(String.raw`
{"$sin":{"$numberDecimal":"1"}} => {"$numberDecimal":"0.8414709848078965066525023216302991"}
{"$sin":{"$numberDecimal":"Infinity"}} => 50989 cannot apply $sin to Infinity, value must be in (-inf,inf)
{"$sin":{"$numberDecimal":"NaN"}} => {"$numberDecimal":"NaN"}
{"$sin":{"$numberDecimal":"1E+100"}} => {"$numberDecimal":"-0.3723761236612766882620866955531643"}
{"$sin":{"$numberDecimal":"1E-100"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-100"}
{"$sin":{"$numberDecimal":"0"}} => {"$numberDecimal":"0"}
{"$sin":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"0E-10"}
{"$sin":{"$numberDecimal":"3.14159265358979323846264338327950"}} => {"$numberDecimal":"2.884197169399375105820974944592307E-33"}
{"$sin":{"$numberDecimal":"9.999999999999999999999999999999999E+6144"}} => {"$numberDecimal":"0.5582907749092521238056875912416942"}
{"$sin":{"$numberDecimal":"-1.2345E+54"}} => {"$numberDecimal":"0.1315934075848711989161527667579459"}
{"$sin":{"$numberDecimal":"0.0001"}} => {"$numberDecimal":"0.00009999999983333333341666666664682538"}
{"$sin":{"$numberDecimal":"2.5"}} => {"$numberDecimal":"0.5984721441039564940518547021861622"}
{"$sin":{"$numberDecimal":"123456789.123"}} => {"$numberDecimal":"0.9998429396238774442805754614133847"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$cos", () => {
  test.for(
    rowsOf(String.raw`
{"$cos":{"$numberDecimal":"Infinity"}} => 50989 cannot apply $cos to Infinity, value must be in (-inf,inf)
{"$cos":{"$numberDecimal":"0"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cos":{"$numberDecimal":"1E-100"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cos":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cos":{"$numberDecimal":"1"}} => {"$numberDecimal":"0.5403023058681397174009366074429766"}
{"$cos":{"$numberDecimal":"-1"}} => {"$numberDecimal":"0.5403023058681397174009366074429766"}
{"$cos":{"$numberDecimal":"-Infinity"}} => 50989 cannot apply $cos to -Infinity, value must be in (-inf,inf)
{"$cos":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cos":{"$numberDecimal":"9.999999999999999999999999999999999E+6144"}} => {"$numberDecimal":"-0.8296453523350967216289114223081674"}
{"$cos":{"$numberDecimal":"-1.2345E+54"}} => {"$numberDecimal":"0.9913037753787695341275971741733941"}
{"$cos":{"$numberDecimal":"1.570796326794896619231321691639751"}} => {"$numberDecimal":"4.420985846996875529104874722961539E-34"}
{"$cos":{"$numberDecimal":"2.0"}} => {"$numberDecimal":"-0.4161468365471423869975682295007621"}
{"$cos":{"$numberDecimal":"-4E+20"}} => {"$numberDecimal":"-0.9440203775650979511989080694828933"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$tan", () => {
  test.for(
    rowsOf(String.raw`
{"$tan":{"$numberDecimal":"-Infinity"}} => 50989 cannot apply $tan to -Infinity, value must be in (-inf,inf)
{"$tan":{"$numberDecimal":"1"}} => {"$numberDecimal":"1.557407724654902230506974807458360"}
{"$tan":{"$numberDecimal":"1.570796326794896619231321691639751"}} => {"$numberDecimal":"2261938930836633226244288822199802"}
{"$tan":{"$numberDecimal":"0"}} => {"$numberDecimal":"0E-40"}
{"$tan":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"0E-50"}
{"$tan":{"$numberDecimal":"-1"}} => {"$numberDecimal":"-1.557407724654902230506974807458360"}
{"$tan":{"$numberDecimal":"Infinity"}} => 50989 cannot apply $tan to Infinity, value must be in (-inf,inf)
{"$tan":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"1E-6176"}
{"$tan":{"$numberDecimal":"1E+1500"}} => {"$numberDecimal":"0.6237717298803536240151575410715628"}
{"$tan":{"$numberDecimal":"1.000000000000000000000000000000000E+6144"}} => {"$numberDecimal":"2.295872813512483383308592971482314"}
{"$tan":{"$numberDecimal":"9.999999999999999999999999999999999E+6144"}} => {"$numberDecimal":"-0.6729270203682844056779140311680750"}
{"$tan":{"$numberDecimal":"-1.2345E+54"}} => {"$numberDecimal":"0.1327478123792985372872086387500036"}
{"$tan":{"$numberDecimal":"2.5"}} => {"$numberDecimal":"-0.7470222972386602793553526878252744"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$asin", () => {
  test.for(
    rowsOf(String.raw`
{"$asin":{"$numberDecimal":"2"}} => 50989 cannot apply $asin to 2, value must be in [-1,1]
{"$asin":{"$numberDecimal":"1"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
{"$asin":{"$numberDecimal":"-Infinity"}} => 50989 cannot apply $asin to -Infinity, value must be in [-1,1]
{"$asin":{"$numberDecimal":"0"}} => {"$numberDecimal":"0E-40"}
{"$asin":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"0E-50"}
{"$asin":{"$numberDecimal":"-1"}} => {"$numberDecimal":"-1.570796326794896619231321691639751"}
{"$asin":{"$numberDecimal":"Infinity"}} => 50989 cannot apply $asin to Infinity, value must be in [-1,1]
{"$asin":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"1E-6176"}
{"$asin":{"$numberDecimal":"1E-40"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-40"}
{"$asin":{"$numberDecimal":"1E-17"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-17"}
{"$asin":{"$numberDecimal":"1E-16"}} => {"$numberDecimal":"1.000000000000000000000000000000002E-16"}
{"$asin":{"$numberDecimal":"-0.5"}} => {"$numberDecimal":"-0.5235987755982988730771072305465838"}
{"$asin":{"$numberDecimal":"0.77"}} => {"$numberDecimal":"0.8788411516685797060175128900052512"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$acos", () => {
  test.for(
    rowsOf(String.raw`
{"$acos":{"$numberDecimal":"-1"}} => {"$numberDecimal":"3.141592653589793238462643383279503"}
{"$acos":{"$numberDecimal":"Infinity"}} => 50989 cannot apply $acos to Infinity, value must be in [-1,1]
{"$acos":{"$numberDecimal":"1.0"}} => {"$numberDecimal":"0E-6176"}
{"$acos":{"$numberDecimal":"0"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
{"$acos":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
{"$acos":{"$numberDecimal":"1"}} => {"$numberDecimal":"0E-6176"}
{"$acos":{"$numberDecimal":"-Infinity"}} => 50989 cannot apply $acos to -Infinity, value must be in [-1,1]
{"$acos":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
{"$acos":{"$numberDecimal":"1E-17"}} => {"$numberDecimal":"1.570796326794896609231321691639751"}
{"$acos":{"$numberDecimal":"1E-16"}} => {"$numberDecimal":"1.570796326794896519231321691639751"}
{"$acos":{"$numberDecimal":"-0.82771"}} => {"$numberDecimal":"2.545810782213677632526857787504061"}
{"$acos":{"$numberDecimal":"0.9"}} => {"$numberDecimal":"0.4510268117962624325446446357943518"}
{"$acos":{"$numberDecimal":"-6.7017E-27"}} => {"$numberDecimal":"1.570796326794896619231321698341451"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$atan", () => {
  test.for(
    rowsOf(String.raw`
{"$atan":{"$numberDecimal":"Infinity"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
{"$atan":{"$numberDecimal":"1"}} => {"$numberDecimal":"0.7853981633974483096156608458198757"}
{"$atan":{"$numberDecimal":"1E-40"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-40"}
{"$atan":{"$numberDecimal":"0"}} => {"$numberDecimal":"0"}
{"$atan":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"0E-10"}
{"$atan":{"$numberDecimal":"-1"}} => {"$numberDecimal":"-0.7853981633974483096156608458198757"}
{"$atan":{"$numberDecimal":"-Infinity"}} => {"$numberDecimal":"-1.570796326794896619231321691639751"}
{"$atan":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"1E-6176"}
{"$atan":{"$numberDecimal":"1E-17"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-17"}
{"$atan":{"$numberDecimal":"1E-16"}} => {"$numberDecimal":"9.999999999999999999999999999999967E-17"}
{"$atan":{"$numberDecimal":"1E+30"}} => {"$numberDecimal":"1.570796326794896619231321691638751"}
{"$atan":{"$numberDecimal":"1E+40"}} => {"$numberDecimal":"1.570796326794896619231321691639751"}
{"$atan":{"$numberDecimal":"-123.456"}} => {"$numberDecimal":"-1.562696452097992641892851578114457"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$sinh", () => {
  test.for(
    rowsOf(String.raw`
{"$sinh":{"$numberDecimal":"1"}} => {"$numberDecimal":"1.175201193643801456882381850595601"}
{"$sinh":{"$numberDecimal":"-Infinity"}} => {"$numberDecimal":"-Infinity"}
{"$sinh":{"$numberDecimal":"1E+10"}} => {"$numberDecimal":"Infinity"}
{"$sinh":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"0E-50"}
{"$sinh":{"$numberDecimal":"0"}} => {"$numberDecimal":"0E-40"}
{"$sinh":{"$numberDecimal":"-1"}} => {"$numberDecimal":"-1.175201193643801456882381850595601"}
{"$sinh":{"$numberDecimal":"Infinity"}} => {"$numberDecimal":"Infinity"}
{"$sinh":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"1E-6176"}
{"$sinh":{"$numberDecimal":"14165"}} => {"$numberDecimal":"Infinity"}
{"$sinh":{"$numberDecimal":"-1.000000000000000000000000000000000E+6144"}} => {"$numberDecimal":"-Infinity"}
{"$sinh":{"$numberDecimal":"2.5"}} => {"$numberDecimal":"6.050204481039787321450323638350405"}
{"$sinh":{"$numberDecimal":"-1.2262"}} => {"$numberDecimal":"-1.557424065783164818018890424082205"}
{"$sinh":{"$numberDecimal":"-75.18"}} => {"$numberDecimal":"-223475106965165100396691296514181"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$cosh", () => {
  test.for(
    rowsOf(String.raw`
{"$cosh":{"$numberDecimal":"1"}} => {"$numberDecimal":"1.543080634815243778477905620757062"}
{"$cosh":{"$numberDecimal":"0"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cosh":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cosh":{"$numberDecimal":"-1"}} => {"$numberDecimal":"1.543080634815243778477905620757062"}
{"$cosh":{"$numberDecimal":"Infinity"}} => {"$numberDecimal":"Infinity"}
{"$cosh":{"$numberDecimal":"-Infinity"}} => {"$numberDecimal":"Infinity"}
{"$cosh":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cosh":{"$numberDecimal":"1E-40"}} => {"$numberDecimal":"1.000000000000000000000000000000000"}
{"$cosh":{"$numberDecimal":"1E-16"}} => {"$numberDecimal":"1.000000000000000000000000000000005"}
{"$cosh":{"$numberDecimal":"-14150"}} => {"$numberDecimal":"9.244617257381687763023063770892395E+6144"}
{"$cosh":{"$numberDecimal":"1.000000000000000000000000000000000E+6144"}} => {"$numberDecimal":"Infinity"}
{"$cosh":{"$numberDecimal":"4.3184"}} => {"$numberDecimal":"37.54087192864043216765642573468721"}
{"$cosh":{"$numberDecimal":"2.6793"}} => {"$numberDecimal":"7.321749234125987124946278555788730"}
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
{"$tanh":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"0E-10"}
{"$tanh":{"$numberDecimal":"-1"}} => {"$numberDecimal":"-0.7615941559557648881194582826047936"}
{"$tanh":{"$numberDecimal":"-Infinity"}} => {"$numberDecimal":"-1"}
{"$tanh":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"1E-6176"}
{"$tanh":{"$numberDecimal":"-40"}} => {"$numberDecimal":"-1"}
{"$tanh":{"$numberDecimal":"39"}} => {"$numberDecimal":"0.9999999999999999999999999999999997"}
{"$tanh":{"$numberDecimal":"38.5"}} => {"$numberDecimal":"0.9999999999999999999999999999999992"}
{"$tanh":{"$numberDecimal":"1.000000000000000000000000000000000E+6144"}} => {"$numberDecimal":"1"}
{"$tanh":{"$numberDecimal":"0.5"}} => {"$numberDecimal":"0.4621171572600097585023184836436726"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$asinh", () => {
  test.for(
    rowsOf(String.raw`
{"$asinh":{"$numberDecimal":"1"}} => {"$numberDecimal":"0.8813735870195430252326093249797923"}
{"$asinh":{"$numberDecimal":"0"}} => {"$numberDecimal":"0E-6176"}
{"$asinh":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"0E-6176"}
{"$asinh":{"$numberDecimal":"-1"}} => {"$numberDecimal":"-0.8813735870195430252326093249797923"}
{"$asinh":{"$numberDecimal":"Infinity"}} => {"$numberDecimal":"Infinity"}
{"$asinh":{"$numberDecimal":"-Infinity"}} => {"$numberDecimal":"-Infinity"}
{"$asinh":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"0"}
{"$asinh":{"$numberDecimal":"1E-40"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-40"}
{"$asinh":{"$numberDecimal":"1E-17"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-17"}
{"$asinh":{"$numberDecimal":"1E-16"}} => {"$numberDecimal":"9.999999999999999999999999999999983E-17"}
{"$asinh":{"$numberDecimal":"-1.000000000000000000000000000000000E+6144"}} => {"$numberDecimal":"-14147.77595853597662791595672970219"}
{"$asinh":{"$numberDecimal":"-2.5E+50"}} => {"$numberDecimal":"-116.7386925621363845755003320674444"}
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
{"$acosh":{"$numberDecimal":"2"}} => {"$numberDecimal":"1.316957896924816708625046347307968"}
{"$acosh":{"$numberDecimal":"0"}} => 50989 cannot apply $acosh to 0, value must be in [1,inf]
{"$acosh":{"$numberDecimal":"0E-10"}} => 50989 cannot apply $acosh to 0E-10, value must be in [1,inf]
{"$acosh":{"$numberDecimal":"-1"}} => 50989 cannot apply $acosh to -1, value must be in [1,inf]
{"$acosh":{"$numberDecimal":"Infinity"}} => {"$numberDecimal":"Infinity"}
{"$acosh":{"$numberDecimal":"-Infinity"}} => 50989 cannot apply $acosh to -Infinity, value must be in [1,inf]
{"$acosh":{"$numberDecimal":"1E-16"}} => 50989 cannot apply $acosh to 1E-16, value must be in [1,inf]
{"$acosh":{"$numberDecimal":"1E+100"}} => {"$numberDecimal":"230.9516564799645137112163775898946"}
{"$acosh":{"$numberDecimal":"1.000000000000000000000000000000001"}} => {"$numberDecimal":"4.472135954999579392818347337462552E-17"}
{"$acosh":{"$numberDecimal":"1.01"}} => {"$numberDecimal":"0.1413037694856485773511516469743547"}
{"$acosh":{"$numberDecimal":"2.5"}} => {"$numberDecimal":"1.566799236972411078664056862580484"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$atanh", () => {
  test.for(
    rowsOf(String.raw`
{"$atanh":{"$numberDecimal":"1"}} => {"$numberDecimal":"Infinity"}
{"$atanh":{"$numberDecimal":"-1"}} => {"$numberDecimal":"-Infinity"}
{"$atanh":{"$numberDecimal":"0.5"}} => {"$numberDecimal":"0.5493061443340548456976226184612628"}
{"$atanh":{"$numberDecimal":"2"}} => 50989 cannot apply $atanh to 2, value must be in [-1,1]
{"$atanh":{"$numberDecimal":"0"}} => {"$numberDecimal":"0E-6176"}
{"$atanh":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"0E-6176"}
{"$atanh":{"$numberDecimal":"Infinity"}} => 50989 cannot apply $atanh to Infinity, value must be in [-1,1]
{"$atanh":{"$numberDecimal":"-Infinity"}} => 50989 cannot apply $atanh to -Infinity, value must be in [-1,1]
{"$atanh":{"$numberDecimal":"1E-40"}} => {"$numberDecimal":"1.000000000000000000000000000000000E-40"}
{"$atanh":{"$numberDecimal":"1E-17"}} => {"$numberDecimal":"9.999999999999999999999999999999999E-18"}
{"$atanh":{"$numberDecimal":"1E-16"}} => {"$numberDecimal":"1.000000000000000000000000000000003E-16"}
{"$atanh":{"$numberDecimal":"0.9999999999999999999999999999999999"}} => {"$numberDecimal":"39.49052017117874928301447079036328"}
{"$atanh":{"$numberDecimal":"-0.25"}} => {"$numberDecimal":"-0.2554128118829953416027570481518309"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$atan2", () => {
  test.for(
    rowsOf(String.raw`
{"$atan2":[{"$numberDecimal":"1"},2]} => {"$numberDecimal":"0.4636476090008061162142562314612144"}
{"$atan2":[1,{"$numberDecimal":"2"}]} => {"$numberDecimal":"0.4636476090008061162142562314612144"}
{"$atan2":[{"$numberDouble":"NaN"},{"$numberDecimal":"1"}]} => {"$numberDecimal":"NaN"}
{"$atan2":[{"$numberDecimal":"0"},{"$numberDecimal":"-0"}]} => {"$numberDecimal":"3.141592653589793238462643383279503"}
{"$atan2":[{"$numberDecimal":"-0"},{"$numberDecimal":"-1"}]} => {"$numberDecimal":"-3.141592653589793238462643383279503"}
{"$atan2":[{"$numberDecimal":"0"},{"$numberDecimal":"0"}]} => {"$numberDecimal":"0E-6176"}
{"$atan2":[{"$numberDecimal":"-0"},{"$numberDecimal":"0"}]} => {"$numberDecimal":"-0E-6176"}
{"$atan2":[{"$numberDecimal":"Infinity"},{"$numberDecimal":"-Infinity"}]} => {"$numberDecimal":"2.356194490192344928846982537459627"}
{"$atan2":[{"$numberDecimal":"-0"},{"$numberDecimal":"-Infinity"}]} => {"$numberDecimal":"-3.141592653589793238462643383279503"}
{"$atan2":[{"$numberDecimal":"-0"},{"$numberDecimal":"0.00000"}]} => {"$numberDecimal":"-0E-6176"}
{"$atan2":[{"$numberDecimal":"1.5"},{"$numberDouble":"-884864073384.5903"}]} => {"$numberDecimal":"3.141592653588098062847407332883166"}
{"$atan2":[{"$numberDecimal":"1E-6000"},1]} => {"$numberDecimal":"1E-6000"}
{"$atan2":[{"$numberDecimal":"1.4696E+27"},{"$numberDecimal":"-3.6E-10"}]} => {"$numberDecimal":"1.570796326794896619231321691639751"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$degreesToRadians, $radiansToDegrees", () => {
  test.for(
    rowsOf(String.raw`
{"$degreesToRadians":{"$numberDecimal":"180"}} => {"$numberDecimal":"3.141592653589793238462643383279503"}
{"$radiansToDegrees":{"$numberDecimal":"1"}} => {"$numberDecimal":"57.29577951308232087679815481410517"}
{"$radiansToDegrees":{"$numberDecimal":"1.000000000000000000000000000000000E+6144"}} => {"$numberDecimal":"Infinity"}
{"$radiansToDegrees":{"$numberDecimal":"3.141592653589793238462643383279503"}} => {"$numberDecimal":"180.0000000000000000000000000000000"}
{"$degreesToRadians":{"$numberDecimal":"1E-6176"}} => {"$numberDecimal":"0E-6176"}
{"$degreesToRadians":{"$numberDecimal":"0"}} => {"$numberDecimal":"0E-35"}
{"$degreesToRadians":{"$numberDecimal":"-0"}} => {"$numberDecimal":"-0E-35"}
{"$degreesToRadians":{"$numberDecimal":"0E-10"}} => {"$numberDecimal":"0E-45"}
{"$degreesToRadians":{"$numberDecimal":"-0.000"}} => {"$numberDecimal":"-0E-38"}
{"$degreesToRadians":{"$numberDecimal":"0E-6176"}} => {"$numberDecimal":"0E-6176"}
{"$degreesToRadians":{"$numberDecimal":"0E+6111"}} => {"$numberDecimal":"0E+6076"}
{"$degreesToRadians":{"$numberDecimal":"1"}} => {"$numberDecimal":"0.01745329251994329576923690768488613"}
{"$degreesToRadians":{"$numberDecimal":"-1"}} => {"$numberDecimal":"-0.01745329251994329576923690768488613"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});
