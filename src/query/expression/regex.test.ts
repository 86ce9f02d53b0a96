import { describe, expect, test } from "vitest";
import { evaluateText, rowsOf } from "../../../test/support/expression.ts";

/** Verdicts of a mongod 6.0.5. */
const doc = '{"s":"text","n":null,"i":2,"t":{"$date":{"$numberLong":"1488326400000"}}}';

describe("$regexMatch", () => {
  test.for(
    rowsOf(String.raw`
{"$regexMatch":{"input":"abc","regex":"b"}} => true
{"$regexMatch":{"input":"abc","regex":{"$regularExpression":{"pattern":"B","options":"i"}}}} => true
{"$regexMatch":{"input":"abc","regex":{"$regularExpression":{"pattern":"B","options":""}},"options":"i"}} => true
{"$regexMatch":{"input":"abc","regex":{"$regularExpression":{"pattern":"B","options":"m"}},"options":"i"}} => 51107 $regexMatch: found regex option(s) specified in both 'regex' and 'option' fields
{"$regexMatch":{"input":"abc","regex":{"$regularExpression":{"pattern":"B","options":"i"}},"options":""}} => 51107 $regexMatch: found regex option(s) specified in both 'regex' and 'option' fields
{"$regexMatch":{"input":"abc","regex":"b","options":"z"}} => 51108 $regexMatch invalid flag in regex options: z
{"$regexMatch":{"input":"abc","regex":"b","options":"u"}} => true
{"$regexMatch":{"input":"abc","regex":"b","options":"imsx"}} => true
{"$regexMatch":{"input":"abc","regex":"b","options":"ii"}} => true
{"$regexMatch":{"input":"abc","regex":"b","options":1}} => 51106 $regexMatch needs 'options' to be of type string
{"$regexMatch":{"input":"abc","regex":"b","options":null}} => true
{"$regexMatch":{"input":"abc","regex":1}} => 51105 $regexMatch needs 'regex' to be of type string or regex
{"$regexMatch":{"input":"abc","regex":null}} => false
{"$regexMatch":{"input":null,"regex":"a"}} => false
{"$regexMatch":{"input":1,"regex":"a"}} => 51104 $regexMatch needs 'input' to be of type string
{"$regexMatch":{"input":null,"regex":1}} => 51105 $regexMatch needs 'regex' to be of type string or regex
{"$regexMatch":{"input":null,"regex":"("}} => 51111 Invalid Regex in $regexMatch: missing )
{"$regexMatch":{"input":"a","regex":"("}} => 51111 Invalid Regex in $regexMatch: missing )
{"$regexMatch":{"input":"a","regex":"a\u0000"}} => 51109 $regexMatch: regular expression cannot contain an embedded null byte
{"$regexMatch":{"input":"a","regex":"a","options":"i\u0000"}} => 51110 $regexMatch: regular expression options cannot contain an embedded null byte
{"$regexMatch":{"input":{"$symbol":"a"},"regex":"a"}} => 51104 $regexMatch needs 'input' to be of type string
{"$regexMatch":{"input":"a","regex":{"$symbol":"a"}}} => 51105 $regexMatch needs 'regex' to be of type string or regex
{"$regexMatch":{"input":"a"}} => 31023 $regexMatch requires 'regex' parameter
{"$regexMatch":{"regex":"a"}} => 31022 $regexMatch requires 'input' parameter
{"$regexMatch":{"input":"a","regex":"a","x":1}} => 31024 $regexMatch found an unknown argument: x
{"$regexMatch":1} => 51103 $regexMatch expects an object of named arguments but found: int
{"$regexMatch":["a"]} => 51103 $regexMatch expects an object of named arguments but found: array
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$regexFind", () => {
  test.for(
    rowsOf(String.raw`
{"$regexFind":1} => 51103 $regexFind expects an object of named arguments but found: int
{"$regexFind":{"input":"a"}} => 31023 $regexFind requires 'regex' parameter
{"$regexFind":{"input":"a","regex":"("}} => 51111 Invalid Regex in $regexFind: missing )
{"$regexFind":{"input":1,"regex":"a"}} => 51104 $regexFind needs 'input' to be of type string
{"$regexFind":{"input":"a","regex":1}} => 51105 $regexFind needs 'regex' to be of type string or regex
{"$regexFind":{"input":"a","regex":"a","options":1}} => 51106 $regexFind needs 'options' to be of type string
{"$regexFind":{"input":"a","regex":"a","options":"q"}} => 51108 $regexFind invalid flag in regex options: q
{"$regexFind":{"input":"a","regex":{"$regularExpression":{"pattern":"a","options":"i"}},"options":"q"}} => 51107 $regexFind: found regex option(s) specified in both 'regex' and 'option' fields
{"$regexFind":{"input":"a","regex":{"$regularExpression":{"pattern":"a","options":"i"}},"options":"i"}} => 51107 $regexFind: found regex option(s) specified in both 'regex' and 'option' fields
{"$regexFind":{"input":null,"regex":"a"}} => null
{"$regexFind":{"input":"héllo","regex":"l"}} => {"match":"l","idx":{"$numberInt":"2"},"captures":[]}
{"$regexFind":{"input":"héllo","regex":"(l)(z)?"}} => {"match":"l","idx":{"$numberInt":"2"},"captures":["l",null]}
{"$regexFind":{"input":"héllo","regex":"z"}} => null
{"$regexFind":{"input":"héllo","regex":""}} => {"match":"","idx":{"$numberInt":"0"},"captures":[]}
{"$regexFind":{"input":"héllo","regex":null}} => null
{"$regexFind":{"input":"","regex":""}} => {"match":"","idx":{"$numberInt":"0"},"captures":[]}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$regexFindAll", () => {
  test.for(
    rowsOf(String.raw`
{"$regexFindAll":{"input":"aXbXc","regex":"X"}} => [{"match":"X","idx":{"$numberInt":"1"},"captures":[]},{"match":"X","idx":{"$numberInt":"3"},"captures":[]}]
{"$regexFindAll":{"input":"héé","regex":""}} => [{"match":"","idx":{"$numberInt":"0"},"captures":[]},{"match":"","idx":{"$numberInt":"1"},"captures":[]},{"match":"","idx":{"$numberInt":"2"},"captures":[]}]
{"$regexFindAll":{"input":"aaa","regex":"a*"}} => [{"match":"aaa","idx":{"$numberInt":"0"},"captures":[]}]
{"$regexFindAll":{"input":"baaac","regex":"a*"}} => [{"match":"","idx":{"$numberInt":"0"},"captures":[]},{"match":"aaa","idx":{"$numberInt":"1"},"captures":[]},{"match":"","idx":{"$numberInt":"4"},"captures":[]}]
{"$regexFindAll":{"input":null,"regex":"a"}} => []
{"$regexFindAll":{"input":"a","regex":null}} => []
{"$regexFindAll":{"input":"a1b2","regex":"([a-z])(\\d)"}} => [{"match":"a1","idx":{"$numberInt":"0"},"captures":["a","1"]},{"match":"b2","idx":{"$numberInt":"2"},"captures":["b","2"]}]
{"$regexFindAll":{"input":"a\nb","regex":"^.","options":"m"}} => [{"match":"a","idx":{"$numberInt":"0"},"captures":[]},{"match":"b","idx":{"$numberInt":"2"},"captures":[]}]
{"$regexFindAll":{"input":"😀x😀","regex":"."}} => [{"match":"😀","idx":{"$numberInt":"0"},"captures":[]},{"match":"x","idx":{"$numberInt":"1"},"captures":[]},{"match":"😀","idx":{"$numberInt":"2"},"captures":[]}]
{"$regexFindAll":{"input":"aab","regex":"^a"}} => [{"match":"a","idx":{"$numberInt":"0"},"captures":[]}]
{"$regexFindAll":{"input":"aab","regex":"(?<=a)b"}} => [{"match":"b","idx":{"$numberInt":"2"},"captures":[]}]
{"$regexFindAll":{"input":"aab","regex":"\\b"}} => [{"match":"","idx":{"$numberInt":"0"},"captures":[]},{"match":"","idx":{"$numberInt":"3"},"captures":[]}]
{"$regexFindAll":{"input":"aab","regex":"(?<n>a)"}} => [{"match":"a","idx":{"$numberInt":"0"},"captures":["a"]},{"match":"a","idx":{"$numberInt":"1"},"captures":["a"]}]
{"$regexFindAll":{"input":"aab","regex":"a|"}} => [{"match":"a","idx":{"$numberInt":"0"},"captures":[]},{"match":"a","idx":{"$numberInt":"1"},"captures":[]},{"match":"","idx":{"$numberInt":"2"},"captures":[]}]
{"$regexFindAll":{"input":"","regex":"a"}} => []
{"$regexFindAll":{"input":"$s","regex":"[et]"}} => [{"match":"t","idx":{"$numberInt":"0"},"captures":[]},{"match":"e","idx":{"$numberInt":"1"},"captures":[]},{"match":"t","idx":{"$numberInt":"3"},"captures":[]}]
{"$regexFindAll":{"input":"$n","regex":"("}} => 51111 Invalid Regex in $regexFindAll: missing )
{"$regexMatch":{"input":"$n","regex":"$i"}} => 51105 $regexMatch needs 'regex' to be of type string or regex
{"$regexMatch":{"input":"$s","regex":"$n","options":"$i"}} => 51106 $regexMatch needs 'options' to be of type string
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});
