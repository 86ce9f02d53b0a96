import { describe, expect, test } from "vitest";
import { evaluateText, rowsOf } from "../../../test/support/expression.ts";

/** Verdicts of a mongod 6.0.5. */
const doc = '{"s":"text","n":null,"i":2,"t":{"$date":{"$numberLong":"1488326400000"}}}';

describe("$concat", () => {
  test.for(
    rowsOf(String.raw`
{"$concat":["a","b"]} => "ab"
{"$concat":["a",null,1]} => null
{"$concat":["a",1]} => 16702 $concat only supports strings, not int
{"$concat":[1,null]} => 16702 $concat only supports strings, not int
{"$concat":[]} => ""
{"$concat":["a",{"$symbol":"x"}]} => 16702 $concat only supports strings, not symbol
{"$concat":["$missing","a",1]} => 16702 $concat only supports strings, not int
{"$concat":["$s","$n"]} => null
{"$concat":[{"$concat":["$s","a"]},"b"]} => "textab"
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$toLower, $toUpper: ASCII letters of nearly any type", () => {
  test.for(
    rowsOf(String.raw`
{"$toLower":"ÄAZ"} => "Äaz"
{"$toUpper":"äaz"} => "äAZ"
{"$toUpper":null} => ""
{"$toUpper":1} => "1"
{"$toUpper":{"$numberDouble":"1.5"}} => "1.5"
{"$toUpper":{"$date":"1970-01-01T00:00:00Z"}} => "1970-01-01T00:00:00.000Z"
{"$toUpper":{"$timestamp":{"t":1,"i":2}}} => "JAN  1 00:00:01:2"
{"$toUpper":{"$oid":"0123456789abcdef01234567"}} => 16007 can't convert from BSON type objectId to String
{"$toUpper":{"$literal":{"a":1}}} => 16007 can't convert from BSON type object to String
{"$toUpper":[[1]]} => 16007 can't convert from BSON type array to String
{"$toUpper":true} => 16007 can't convert from BSON type bool to String
{"$toUpper":{"$regularExpression":{"pattern":"a","options":""}}} => 16007 can't convert from BSON type regex to String
{"$toUpper":{"$code":"a"}} => "A"
{"$toUpper":{"$symbol":"abc"}} => "ABC"
{"$toUpper":{"$numberDecimal":"1E+3"}} => "1E+3"
{"$toUpper":{"$numberLong":"5"}} => "5"
{"$toUpper":{"$numberDouble":"1e+21"}} => "1E+21"
{"$toUpper":{"$numberDouble":"1e-7"}} => "1E-07"
{"$toUpper":{"$numberDouble":"0.1"}} => "0.1"
{"$toUpper":{"$numberDouble":"NaN"}} => "NAN"
{"$toUpper":{"$numberDouble":"Infinity"}} => "INF"
{"$toUpper":-0.0} => "-0"
{"$toUpper":{"$numberDouble":"123456789.123"}} => "1.23457E+08"
{"$toUpper":{"$date":"1970-01-01T00:00:00Z"}} => "1970-01-01T00:00:00.000Z"
{"$toUpper":{"$date":"2020-01-01T00:00:00.120Z"}} => "2020-01-01T00:00:00.120Z"
{"$toUpper":{"$date":{"$numberLong":"253402300800000"}}} => 18537 failed while coercing date to string :: caused by :: Could not convert date to string: date component was outside the supported range of 0-9999: 10000
{"$toUpper":["a","b"]} => 16020 Expression $toUpper takes exactly 1 arguments. 2 were passed in.
{"$toUpper":[]} => 16020 Expression $toUpper takes exactly 1 arguments. 0 were passed in.
{"$toUpper":"$s"} => "TEXT"
{"$toUpper":"ß"} => "ß"
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$strcasecmp", () => {
  test.for(
    rowsOf(String.raw`
{"$strcasecmp":["a","B"]} => {"$numberInt":"-1"}
{"$strcasecmp":["ä","Ä"]} => {"$numberInt":"1"}
{"$strcasecmp":[null,1]} => {"$numberInt":"-1"}
{"$strcasecmp":[null,""]} => {"$numberInt":"0"}
{"$strcasecmp":["a"]} => 16020 Expression $strcasecmp takes exactly 2 arguments. 1 were passed in.
{"$strcasecmp":["_","A"]} => {"$numberInt":"1"}
{"$strcasecmp":["a\u0000b","A\u0000C"]} => {"$numberInt":"-1"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$strLenBytes, $strLenCP", () => {
  test.for(
    rowsOf(String.raw`
{"$strLenBytes":"ä"} => {"$numberInt":"2"}
{"$strLenCP":"😀"} => {"$numberInt":"1"}
{"$strLenCP":null} => 34471 $strLenCP requires a string argument, found: null
{"$strLenBytes":null} => 34473 $strLenBytes requires a string argument, found: null
{"$strLenCP":"$missing"} => 34471 $strLenCP requires a string argument, found: missing
{"$strLenCP":1} => 34471 $strLenCP requires a string argument, found: int
{"$strLenCP":{"$symbol":"abc"}} => 34471 $strLenCP requires a string argument, found: symbol
{"$strLenBytes":[]} => 16020 Expression $strLenBytes takes exactly 1 arguments. 0 were passed in.
{"$strLenBytes":"😀"} => {"$numberInt":"4"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$substr, $substrBytes", () => {
  test.for(
    rowsOf(String.raw`
{"$substr":["hello",1,2]} => "el"
{"$substr":["hello",-1,2]} => 50752 $substrBytes:  starting index must be non-negative (got: -1)
{"$substr":["hello",1,-2]} => "ello"
{"$substr":["hello",10,2]} => ""
{"$substr":["hé",2,1]} => 28656 $substrBytes:  Invalid range, starting index is a UTF-8 continuation byte.
{"$substr":["hé",1,1]} => 28657 $substrBytes:  Invalid range, ending index is in the middle of a UTF-8 character.
{"$substr":["hé",1,2]} => "é"
{"$substr":["hello",{"$numberDouble":"1.9"},{"$numberDouble":"2.9"}]} => "el"
{"$substr":["hello","a",2]} => 16034 $substrBytes:  starting index must be a numeric type (is BSON type string)
{"$substr":["hello",1,"a"]} => 16035 $substrBytes:  length must be a numeric type (is BSON type string)
{"$substr":["hello",null,2]} => 16034 $substrBytes:  starting index must be a numeric type (is BSON type null)
{"$substr":["hello",1,null]} => 16035 $substrBytes:  length must be a numeric type (is BSON type null)
{"$substr":["hello",{"$numberDouble":"NaN"},2]} => 31109 Can't coerce out of range value nan to long
{"$substr":["hello",{"$numberLong":"99999999999"},2]} => ""
{"$substr":["hello",1,{"$numberLong":"99999999999"}]} => "ello"
{"$substr":["hello",{"$numberDecimal":"1.7"},{"$numberDecimal":"2"}]} => "ll"
{"$substr":[123456,1,2]} => "23"
{"$substr":[null,1,2]} => ""
{"$substr":[{"$date":"1970-01-01T00:00:00Z"},0,4]} => "1970"
{"$substr":["hello",{"$date":"1970-01-01T00:00:00.001Z"},2]} => 16034 $substrBytes:  starting index must be a numeric type (is BSON type date)
{"$substr":["hello",true,2]} => 16034 $substrBytes:  starting index must be a numeric type (is BSON type bool)
{"$substr":["a",1]} => 16020 Expression $substrBytes takes exactly 3 arguments. 2 were passed in.
{"$substrBytes":["a",1]} => 16020 Expression $substrBytes takes exactly 3 arguments. 2 were passed in.
{"$substrBytes":["hé",2,1]} => 28656 $substrBytes:  Invalid range, starting index is a UTF-8 continuation byte.
{"$substrBytes":["😀",0,4]} => "😀"
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$substrCP", () => {
  test.for(
    rowsOf(String.raw`
{"$substrCP":["hé",1,1]} => "é"
{"$substrCP":["hé",-1,1]} => 34455 $substrCP: the starting index must be nonnegative integer.
{"$substrCP":["hé",1,-1]} => 34454 $substrCP: length must be a nonnegative integer.
{"$substrCP":["hé",{"$numberDouble":"1.5"},1]} => 34451 $substrCP: starting index cannot be represented as a 32-bit integral value: 1.5
{"$substrCP":["hé",1,{"$numberDouble":"1.5"}]} => 34453 $substrCP: length cannot be represented as a 32-bit integral value: 1.5
{"$substrCP":["hé",1.0,1.0]} => "é"
{"$substrCP":["hé",9999999999,1.0]} => 34451 $substrCP: starting index cannot be represented as a 32-bit integral value: 9999999999
{"$substrCP":["hé",1,{"$numberLong":"9999999999"}]} => 34453 $substrCP: length cannot be represented as a 32-bit integral value: 9999999999
{"$substrCP":["hé",null,1]} => 34450 $substrCP: starting index must be a numeric type (is BSON type null)
{"$substrCP":["hé",1,null]} => 34452 $substrCP: length must be a numeric type (is BSON type null)
{"$substrCP":["hé","a",1]} => 34450 $substrCP: starting index must be a numeric type (is BSON type string)
{"$substrCP":["hé",1,"b"]} => 34452 $substrCP: length must be a numeric type (is BSON type string)
{"$substrCP":[null,1,1]} => ""
{"$substrCP":[5,0,1]} => "5"
{"$substrCP":[true,0,1]} => 16007 can't convert from BSON type bool to String
{"$substrCP":["a",{"$numberDecimal":"1.5"},1]} => 34451 $substrCP: starting index cannot be represented as a 32-bit integral value: 1.5
{"$substrCP":["a",100,1]} => ""
{"$substrCP":["😀x😀",1,2]} => "x😀"
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$split", () => {
  test.for(
    rowsOf(String.raw`
{"$split":["a-b-c","-"]} => ["a","b","c"]
{"$split":["a-b-c",""]} => 40087 $split requires a non-empty separator
{"$split":["","-"]} => [""]
{"$split":[null,"-"]} => null
{"$split":["a",null]} => null
{"$split":[1,"-"]} => 40085 $split requires an expression that evaluates to a string as a first argument, found: int
{"$split":["a",1]} => 40086 $split requires an expression that evaluates to a string as a second argument, found: int
{"$split":[null,1]} => null
{"$split":[1,null]} => null
{"$split":["-a-","-"]} => ["","a",""]
{"$split":["aaa","aa"]} => ["","a"]
{"$split":["😀x😀","x"]} => ["😀","😀"]
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$indexOfBytes", () => {
  test.for(
    rowsOf(String.raw`
{"$indexOfBytes":["hello","l"]} => {"$numberInt":"2"}
{"$indexOfBytes":["hello","z"]} => {"$numberInt":"-1"}
{"$indexOfBytes":[null,"z"]} => null
{"$indexOfBytes":[1,"z"]} => 40091 $indexOfBytes requires a string as the first argument, found: int
{"$indexOfBytes":["a",null]} => 40092 $indexOfBytes requires a string as the second argument, found: null
{"$indexOfBytes":["a",1]} => 40092 $indexOfBytes requires a string as the second argument, found: int
{"$indexOfBytes":["hello","l",3]} => {"$numberInt":"3"}
{"$indexOfBytes":["hello","l",4]} => {"$numberInt":"-1"}
{"$indexOfBytes":["hello","l",-1]} => 40097 $indexOfBytes requires a nonnegative starting index, found: -1
{"$indexOfBytes":["hello","l",null]} => 40096 $indexOfBytesrequires an integral starting index, found a value of type: null, with value: null
{"$indexOfBytes":["hello","l","a"]} => 40096 $indexOfBytesrequires an integral starting index, found a value of type: string, with value: "a"
{"$indexOfBytes":["hello","l",{"$numberDouble":"1.5"}]} => 40096 $indexOfBytesrequires an integral starting index, found a value of type: double, with value: 1.5
{"$indexOfBytes":["hello","l",1.0]} => {"$numberInt":"2"}
{"$indexOfBytes":["hello","l",0,2]} => {"$numberInt":"-1"}
{"$indexOfBytes":["hello","l",0,3]} => {"$numberInt":"2"}
{"$indexOfBytes":["hello","l",3,1]} => {"$numberInt":"-1"}
{"$indexOfBytes":["hello","l",0,-1]} => 40097 $indexOfBytes requires a nonnegative ending index, found: -1
{"$indexOfBytes":["hello","l",0,null]} => 40096 $indexOfBytesrequires an integral ending index, found a value of type: null, with value: null
{"$indexOfBytes":["hello","l",0,{"$numberDouble":"2.5"}]} => 40096 $indexOfBytesrequires an integral ending index, found a value of type: double, with value: 2.5
{"$indexOfBytes":["hello","",5]} => {"$numberInt":"5"}
{"$indexOfBytes":["hello","",6]} => {"$numberInt":"-1"}
{"$indexOfBytes":["hello","",0,0]} => {"$numberInt":"0"}
{"$indexOfBytes":["héllo","l"]} => {"$numberInt":"3"}
{"$indexOfBytes":["","",0]} => {"$numberInt":"0"}
{"$indexOfBytes":["","",1]} => {"$numberInt":"-1"}
{"$indexOfBytes":["","a"]} => {"$numberInt":"-1"}
{"$indexOfBytes":["hello","a",{"$numberLong":"9999999999"}]} => 40096 $indexOfBytesrequires an integral starting index, found a value of type: long, with value: 9999999999
{"$indexOfBytes":["😀x😀","x"]} => {"$numberInt":"4"}
{"$indexOfBytes":["hello","llo",0,3]} => {"$numberInt":"-1"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$indexOfCP", () => {
  test.for(
    rowsOf(String.raw`
{"$indexOfCP":["héllo","l"]} => {"$numberInt":"2"}
{"$indexOfCP":["hello","",5]} => {"$numberInt":"-1"}
{"$indexOfCP":["hello","",6]} => {"$numberInt":"-1"}
{"$indexOfCP":["hello","",0,0]} => {"$numberInt":"-1"}
{"$indexOfCP":["hello","l",3,1]} => {"$numberInt":"-1"}
{"$indexOfCP":["hello","l",3,100]} => {"$numberInt":"3"}
{"$indexOfCP":["","",0]} => {"$numberInt":"0"}
{"$indexOfCP":["","",1]} => {"$numberInt":"-1"}
{"$indexOfCP":["hello","l",-1]} => 40097 $indexOfCP requires a nonnegative starting index, found: -1
{"$indexOfCP":["hello","l",0,-1]} => 40097 $indexOfCP requires a nonnegative ending index, found: -1
{"$indexOfCP":["hello","l",null]} => 40096 $indexOfCPrequires an integral starting index, found a value of type: null, with value: null
{"$indexOfCP":["hello","l",{"$numberDouble":"1.5"}]} => 40096 $indexOfCPrequires an integral starting index, found a value of type: double, with value: 1.5
{"$indexOfCP":["hello",1]} => 40094 $indexOfCP requires a string as the second argument, found: int
{"$indexOfCP":[1,"a"]} => 40093 $indexOfCP requires a string as the first argument, found: int
{"$indexOfCP":["hello"]} => 28667 Expression $indexOfCP takes at least 2 arguments, and at most 4, but 1 were passed in.
{"$indexOfCP":["hello","a",1,2,3]} => 28667 Expression $indexOfCP takes at least 2 arguments, and at most 4, but 5 were passed in.
{"$indexOfCP":["😀x😀","x"]} => {"$numberInt":"1"}
{"$indexOfCP":["hello","llo",0,3]} => {"$numberInt":"2"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$trim, $ltrim, $rtrim", () => {
  test.for(
    rowsOf(String.raw`
{"$trim":{"input":" a "}} => "a"
{"$trim":{"input":" a ","chars":null}} => null
{"$trim":{"input":null}} => null
{"$trim":{"input":1}} => 50699 $trim requires its input to be a string, got 1 (of type int) instead.
{"$trim":{"input":"a","chars":1}} => 50700 $trim requires 'chars' to be a string, got 1 (of type int) instead.
{"$trim":{"input":"a","x":1}} => 50694 $trim found an unknown argument: x
{"$trim":{"chars":"a"}} => 50695 $trim requires an 'input' field
{"$trim":"a"} => 50696 $trim only supports an object as an argument, found string
{"$ltrim":["a"]} => 50696 $ltrim only supports an object as an argument, found array
{"$trim":{"input":"  aé ","chars":" é"}} => "a"
{"$trim":{"input":"aaa","chars":"a"}} => ""
{"$trim":{"input":"aaa","chars":""}} => "aaa"
{"$rtrim":{"input":null,"chars":1}} => null
{"$trim":{"input":"😀a😀","chars":"😀"}} => "a"
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$replaceOne, $replaceAll", () => {
  test.for(
    rowsOf(String.raw`
{"$replaceOne":{"input":"abcabc","find":"b","replacement":"X"}} => "aXcabc"
{"$replaceAll":{"input":"abcabc","find":"b","replacement":"X"}} => "aXcaXc"
{"$replaceAll":{"input":"abc","find":"","replacement":"X"}} => "XaXbXcX"
{"$replaceOne":{"input":"abc","find":"","replacement":"X"}} => "Xabc"
{"$replaceAll":{"input":null,"find":"","replacement":"X"}} => null
{"$replaceAll":{"input":1,"find":"","replacement":"X"}} => 51746 $replaceAll requires that 'input' be a string, found: 1
{"$replaceAll":{"input":"a","find":1,"replacement":"X"}} => 51745 $replaceAll requires that 'find' be a string, found: 1
{"$replaceAll":{"input":"a","find":"a","replacement":1}} => 51744 $replaceAll requires that 'replacement' be a string, found: 1
{"$replaceAll":{"input":null,"find":1,"replacement":"X"}} => 51745 $replaceAll requires that 'find' be a string, found: 1
{"$replaceAll":{"input":"a","find":null,"replacement":1}} => 51744 $replaceAll requires that 'replacement' be a string, found: 1
{"$replaceAll":{"input":"a","find":"a"}} => 51747 $replaceAll requires 'replacement' to be specified
{"$replaceAll":{"input":"a","replacement":"a"}} => 51748 $replaceAll requires 'find' to be specified
{"$replaceAll":{"find":"a","replacement":"a"}} => 51749 $replaceAll requires 'input' to be specified
{"$replaceAll":{"find":"a","replacement":"a","input":"a","z":1}} => 51750 $replaceAll found an unknown argument: z
{"$replaceAll":"a"} => 51751 $replaceAll requires an object as an argument, found: string
{"$replaceOne":"a"} => 51751 $replaceOne requires an object as an argument, found: string
{"$replaceAll":{"input":"$s","find":"t","replacement":"$n"}} => null
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});
