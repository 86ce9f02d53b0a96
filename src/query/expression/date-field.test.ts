import { describe, expect, test } from "vitest";
import { evaluateText, rowsOf } from "../../../test/support/expression.ts";

/** Verdicts of a mongod 6.0.5. */
const doc = '{"s":"text","n":null,"i":2,"t":{"$date":{"$numberLong":"1488326400000"}}}';

describe("fields of dates", () => {
  test.for(
    rowsOf(String.raw`
{"$year":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"9223372036854775807"}]}} => {"$numberInt":"292278994"}
{"$isoWeekYear":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"9223372036854775807"}]}} => {"$numberLong":"292278994"}
{"$hour":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"9223372036854775807"}]}} => {"$numberInt":"7"}
{"$dayOfWeek":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"9223372036854775807"}]}} => {"$numberInt":"1"}
{"$dayOfYear":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"9223372036854775807"}]}} => {"$numberInt":"229"}
{"$year":{"date":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"9223372036854775807"}]},"timezone":"Europe/Berlin"}} => {"$numberInt":"292278994"}
{"$hour":{"date":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"9223372036854775807"}]},"timezone":"Europe/Berlin"}} => {"$numberInt":"9"}
{"$hour":{"date":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"-9223372036854775807"}]},"timezone":"Europe/Berlin"}} => {"$numberInt":"17"}
{"$year":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"-9223372036854775808"}]}} => {"$numberInt":"-292275055"}
{"$year":{"$date":"1970-01-01T00:00:00Z"}} => {"$numberInt":"1970"}
{"$year":[{"$date":"1970-01-01T00:00:00Z"}]} => {"$numberInt":"1970"}
{"$year":{"date":{"$date":"1970-01-01T00:00:00Z"}}} => {"$numberInt":"1970"}
{"$year":{"date":{"$date":"1970-01-01T00:00:00Z"},"timezone":"Europe/Berlin","z":1}} => 40535 unrecognized option to $year: "z"
{"$year":{"timezone":"Europe/Berlin"}} => 40539 missing 'date' argument to $year, provided: $year: { timezone: "Europe/Berlin" }
{"$year":[{"$date":"1970-01-01T00:00:00Z"},{"$date":"1970-01-01T00:00:00Z"}]} => 40536 $year accepts exactly one argument if given an array, but was given 2
{"$year":[]} => 40536 $year accepts exactly one argument if given an array, but was given 0
{"$year":null} => null
{"$year":"$missing"} => null
{"$year":"a"} => 16006 can't convert from BSON type string to Date
{"$year":1} => 16006 can't convert from BSON type int to Date
{"$year":{"date":{"$date":"1970-01-01T00:00:00Z"},"timezone":"X"}} => 40485 unrecognized time zone identifier: "X"
{"$year":{"date":null,"timezone":"X"}} => null
{"$year":{"date":{"$date":"1970-01-01T00:00:00Z"},"timezone":null}} => null
{"$year":{"date":{"$date":"1970-01-01T00:00:00Z"},"timezone":1}} => 40533 $year requires a string for the timezone argument, but was given a int (1)
{"$year":{"date":1,"timezone":null}} => 16006 can't convert from BSON type int to Date
{"$year":{"date":"a","timezone":1}} => 16006 can't convert from BSON type string to Date
{"$year":{"$literal":{"$date":"1970-01-01T00:00:00Z"}}} => {"$numberInt":"1970"}
{"$year":{}} => 40539 missing 'date' argument to $year, provided: $year: {}
{"$year":{"x":1}} => 40535 unrecognized option to $year: "x"
{"$year":{"$timestamp":{"t":4294967295,"i":2}}} => {"$numberInt":"2106"}
{"$year":{"$oid":"ffffffff0123456789abcdef"}} => {"$numberInt":"1969"}
{"$year":[[{"$date":"1970-01-01T00:00:00Z"}]]} => 16006 can't convert from BSON type array to Date
{"$year":[{"date":{"$date":"1970-01-01T00:00:00Z"}}]} => 16006 can't convert from BSON type object to Date
{"$week":{"$date":"2017-01-01T00:00:00Z"}} => {"$numberInt":"1"}
{"$week":{"$date":"2016-12-31T00:00:00Z"}} => {"$numberInt":"52"}
{"$week":{"$date":"2017-01-07T00:00:00Z"}} => {"$numberInt":"1"}
{"$isoWeek":{"$date":"2017-01-01T00:00:00Z"}} => {"$numberInt":"52"}
{"$isoWeekYear":{"$date":"2017-01-01T00:00:00Z"}} => {"$numberLong":"2016"}
{"$isoDayOfWeek":{"$date":"2017-01-01T00:00:00Z"}} => {"$numberInt":"7"}
{"$dayOfWeek":{"$date":"2017-01-01T00:00:00Z"}} => {"$numberInt":"1"}
{"$dayOfYear":{"$date":"2016-12-31T00:00:00Z"}} => {"$numberInt":"366"}
{"$millisecond":{"$date":{"$numberLong":"-1"}}} => {"$numberInt":"999"}
{"$second":{"$date":{"$numberLong":"-1"}}} => {"$numberInt":"59"}
{"$minute":{"$date":{"$numberLong":"-1"}}} => {"$numberInt":"59"}
{"$month":{"$date":{"$numberLong":"-1"}}} => {"$numberInt":"12"}
{"$dayOfMonth":{"$date":{"$numberLong":"-1"}}} => {"$numberInt":"31"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$tsSecond, $tsIncrement", () => {
  test.for(
    rowsOf(String.raw`
{"$tsSecond":{"$timestamp":{"t":5,"i":6}}} => {"$numberLong":"5"}
{"$tsIncrement":{"$timestamp":{"t":5,"i":6}}} => {"$numberLong":"6"}
{"$tsSecond":null} => null
{"$tsSecond":1} => 5687301  Argument to $tsSecond must be a timestamp, but is int
{"$tsIncrement":"$missing"} => null
{"$tsIncrement":{"$date":"1970-01-01T00:00:00Z"}} => 5687302  Argument to $tsIncrement must be a timestamp, but is date
{"$tsIncrement":[]} => 16020 Expression $tsIncrement takes exactly 1 arguments. 0 were passed in.
{"$tsSecond":{"$timestamp":{"t":4294967295,"i":4294967295}}} => {"$numberLong":"4294967295"}
{"$tsIncrement":{"$timestamp":{"t":4294967295,"i":4294967295}}} => {"$numberLong":"4294967295"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});
