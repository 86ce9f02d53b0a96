import { describe, expect, test } from "vitest";
import { evaluateText, rowsOf } from "../../../test/support/expression.ts";

/** Verdicts of a mongod 6.0.5. */
const doc = '{"s":"text","n":null,"i":2,"t":{"$date":{"$numberLong":"1488326400000"}}}';

describe("$dateAdd, $dateSubtract", () => {
  test.for(
    rowsOf(String.raw`
{"$dateAdd":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"unit":"month","amount":1}} => {"$date":{"$numberLong":"1582934400000"}}
{"$dateAdd":{"startDate":{"$date":"2020-02-29T00:00:00Z"},"unit":"year","amount":1}} => {"$date":{"$numberLong":"1614470400000"}}
{"$dateAdd":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"unit":"quarter","amount":-1}} => {"$date":{"$numberLong":"1572480000000"}}
{"$dateAdd":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"unit":"week","amount":2}} => {"$date":{"$numberLong":"1581638400000"}}
{"$dateAdd":{"startDate":{"$date":{"$numberLong":"1580428800000"}},"unit":"day","amount":{"$numberLong":"2"}}} => {"$date":{"$numberLong":"1580601600000"}}
{"$dateAdd":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"unit":"hour","amount":2.0}} => {"$date":{"$numberLong":"1580436000000"}}
{"$dateAdd":{"startDate":{"$date":{"$numberLong":"1580428800000"}},"unit":"hour","amount":{"$numberDouble":"2.5"}}} => 5166405 $dateAdd expects integer amount of time units
{"$dateAdd":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"unit":"hour","amount":"2"}} => 5166405 $dateAdd expects integer amount of time units
{"$dateAdd":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"unit":"hour","amount":null}} => null
{"$dateAdd":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"unit":null,"amount":1}} => null
{"$dateAdd":{"startDate":null,"unit":"hour","amount":1}} => null
{"$dateAdd":{"startDate":"a","unit":"hour","amount":1}} => 5166403 $dateAdd requires startDate to be convertible to a date
{"$dateAdd":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"unit":"foo","amount":1}} => 9 unknown time unit value: foo
{"$dateAdd":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"unit":"Hour","amount":1}} => 9 unknown time unit value: Hour
{"$dateAdd":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"unit":"hours","amount":1}} => 9 unknown time unit value: hours
{"$dateAdd":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"unit":1,"amount":1}} => 5166404 $dateAdd expects string defining the time unit
{"$dateAdd":{"startDate":null,"unit":1,"amount":1}} => null
{"$dateAdd":{"startDate":null,"unit":"foo","amount":"a"}} => null
{"$dateAdd":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"unit":"hour","amount":1,"timezone":null}} => null
{"$dateAdd":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"unit":"hour","amount":1,"timezone":"X"}} => 40485 unrecognized time zone identifier: "X"
{"$dateAdd":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"unit":"hour","amount":1,"timezone":1}} => 40517 timezone must evaluate to a string, found int
{"$dateAdd":{"startDate":{"$date":"2020-03-28T01:30:00Z"},"unit":"day","amount":1,"timezone":"Europe/Berlin"}} => {"$date":{"$numberLong":"1585445400000"}}
{"$dateAdd":{"startDate":{"$date":"2020-03-28T01:30:00Z"},"unit":"hour","amount":24,"timezone":"Europe/Berlin"}} => {"$date":{"$numberLong":"1585445400000"}}
{"$dateAdd":{"startDate":{"$date":"2020-10-24T00:30:00Z"},"unit":"day","amount":1,"timezone":"Europe/Berlin"}} => {"$date":{"$numberLong":"1603585800000"}}
{"$dateAdd":{"startDate":{"$date":"2020-10-24T01:30:00Z"},"unit":"day","amount":1,"timezone":"Europe/Berlin"}} => {"$date":{"$numberLong":"1603593000000"}}
{"$dateAdd":{"startDate":{"$date":{"$numberLong":"1580428800000"}},"unit":"year","amount":{"$numberLong":"9223372036854775807"}}} => 5976500 invalid dateAdd 'amount' parameter value: 9223372036854775807 year
{"$dateAdd":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"unit":"year","amount":300000000}} => 5166406 dateAdd overflowed
{"$dateAdd":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"unit":"year","amount":200000}} => {"$date":{"$numberLong":"6312970828800000"}}
{"$dateAdd":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"unit":"year","amount":20000}} => {"$date":{"$numberLong":"632719468800000"}}
{"$dateAdd":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"unit":"year","amount":-20000}} => {"$date":{"$numberLong":"-629558611200000"}}
{"$dateAdd":{"startDate":{"$date":{"$numberLong":"1580428800000"}},"unit":"millisecond","amount":{"$numberLong":"9223372036854775807"}}} => 159 Overflow while adding 9223372036854775807ms to -9223370456425975809ms
{"$dateAdd":{"startDate":{"$date":{"$numberLong":"1580428800000"}},"unit":"second","amount":{"$numberLong":"9223372036854775807"}}} => 5976500 invalid dateAdd 'amount' parameter value: 9223372036854775807 second
{"$dateAdd":{"startDate":{"$date":{"$numberLong":"1580428800000"}},"unit":"second","amount":{"$numberLong":"9223372036854775"}}} => 5166406 dateAdd overflowed
{"$dateAdd":{"startDate":{"$date":{"$numberLong":"1580428800000"}},"unit":"day","amount":{"$numberLong":"9223372036854775"}}} => 5976500 invalid dateAdd 'amount' parameter value: 9223372036854775 day
{"$dateAdd":{"startDate":{"$date":{"$numberLong":"1580428800000"}},"unit":"day","amount":{"$numberLong":"99999999999"}}} => {"$date":{"$numberLong":"8640001580342400000"}}
{"$dateAdd":{"startDate":{"$date":{"$numberLong":"1580428800000"}},"unit":"week","amount":{"$numberLong":"9223372036854775"}}} => 5976500 invalid dateAdd 'amount' parameter value: 9223372036854775 week
{"$dateAdd":{"startDate":{"$date":{"$numberLong":"1580428800000"}},"unit":"month","amount":{"$numberLong":"92233720368"}}} => 5976500 invalid dateAdd 'amount' parameter value: 92233720368 month
{"$dateAdd":{"startDate":{"$date":{"$numberLong":"1580428800000"}},"unit":"quarter","amount":{"$numberLong":"92233720368"}}} => 5976500 invalid dateAdd 'amount' parameter value: 92233720368 quarter
{"$dateAdd":{"startDate":{"$timestamp":{"t":5,"i":6}},"unit":"month","amount":1}} => {"$date":{"$numberLong":"2678405000"}}
{"$dateAdd":{"startDate":{"$oid":"5a1f0e2b0123456789abcdef"},"unit":"month","amount":1}} => {"$date":{"$numberLong":"1514576683000"}}
{"$dateAdd":{"startDate":{"$date":"1970-01-01T00:00:00Z"},"unit":"month","amount":1,"z":1}} => 5166401 Unrecognized argument to $dateAdd: z. Expected arguments are startDate, unit, amount, and optionally timezone.
{"$dateAdd":{"startDate":{"$date":"1970-01-01T00:00:00Z"},"unit":"month"}} => 5166402 $dateAdd requires startDate, unit, and amount to be present
{"$dateAdd":{"startDate":{"$date":"1970-01-01T00:00:00Z"},"amount":1}} => 5166402 $dateAdd requires startDate, unit, and amount to be present
{"$dateAdd":{"unit":"month","amount":1}} => 5166402 $dateAdd requires startDate, unit, and amount to be present
{"$dateAdd":1} => 5166400 $dateAdd expects an object as its argument
{"$dateSubtract":1} => 5166400 $dateSubtract expects an object as its argument
{"$dateSubtract":{"startDate":{"$date":"2020-03-31T00:00:00Z"},"unit":"month","amount":1}} => {"$date":{"$numberLong":"1582934400000"}}
{"$dateSubtract":{"startDate":{"$date":{"$numberLong":"1585612800000"}},"unit":"month","amount":{"$numberLong":"-9223372036854775808"}}} => 6045000 invalid $dateSubtract 'amount' parameter value: -9223372036854775808
{"$dateSubtract":{"startDate":{"$date":{"$numberLong":"1585612800000"}},"unit":"millisecond","amount":{"$numberLong":"-9223372036854775808"}}} => 6045000 invalid $dateSubtract 'amount' parameter value: -9223372036854775808
{"$dateSubtract":{"startDate":{"$date":"2020-03-31T00:00:00Z"},"unit":"foo","amount":1}} => 9 unknown time unit value: foo
{"$dateSubtract":{"startDate":{"$date":"2020-03-31T00:00:00Z"},"unit":"day","amount":{"$numberDecimal":"1.5"}}} => 5166405 $dateSubtract expects integer amount of time units
{"$dateSubtract":{"startDate":{"$date":"2020-03-31T00:00:00Z"},"unit":"day","amount":{"$numberDecimal":"1"}}} => {"$date":{"$numberLong":"1585526400000"}}
{"$dateSubtract":{"startDate":{"$date":{"$numberLong":"1585612800000"}},"unit":"day","amount":{"$numberDouble":"1e+300"}}} => 5166405 $dateSubtract expects integer amount of time units
{"$dateAdd":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"unit":"day","amount":{"$literal":null},"timezone":5}} => null
{"$dateAdd":{"startDate":{"$date":"2020-10-25T00:30:00Z"},"unit":"hour","amount":1,"timezone":"Europe/Berlin"}} => {"$date":{"$numberLong":"1603589400000"}}
{"$dateAdd":{"startDate":{"$date":"2020-10-25T00:30:00Z"},"unit":"minute","amount":60,"timezone":"Europe/Berlin"}} => {"$date":{"$numberLong":"1603589400000"}}
{"$dateAdd":{"startDate":{"$date":"2020-10-24T23:30:00Z"},"unit":"hour","amount":1,"timezone":"Europe/Berlin"}} => {"$date":{"$numberLong":"1603585800000"}}
{"$dateAdd":{"startDate":{"$date":"2020-10-24T23:30:00Z"},"unit":"hour","amount":2,"timezone":"Europe/Berlin"}} => {"$date":{"$numberLong":"1603589400000"}}
{"$dateAdd":{"startDate":{"$date":"2020-10-24T23:30:00Z"},"unit":"hour","amount":3,"timezone":"Europe/Berlin"}} => {"$date":{"$numberLong":"1603593000000"}}
{"$dateAdd":{"startDate":{"$date":"2020-11-01T05:30:00Z"},"unit":"hour","amount":1,"timezone":"America/New_York"}} => {"$date":{"$numberLong":"1604212200000"}}
{"$dateAdd":{"startDate":{"$date":"2020-10-31T05:30:00Z"},"unit":"hour","amount":24,"timezone":"America/New_York"}} => {"$date":{"$numberLong":"1604208600000"}}
{"$dateAdd":{"startDate":{"$date":"2020-10-31T05:30:00Z"},"unit":"day","amount":1,"timezone":"America/New_York"}} => {"$date":{"$numberLong":"1604208600000"}}
{"$dateAdd":{"startDate":{"$date":"2020-10-24T20:30:00Z"},"unit":"day","amount":1,"timezone":"Europe/Berlin"}} => {"$date":{"$numberLong":"1603661400000"}}
{"$dateAdd":{"startDate":{"$date":"2020-10-24T20:30:00Z"},"unit":"month","amount":1,"timezone":"Europe/Berlin"}} => {"$date":{"$numberLong":"1606253400000"}}
{"$dateAdd":{"startDate":{"$date":"2020-10-30T23:30:00Z"},"unit":"month","amount":4,"timezone":"Europe/Berlin"}} => {"$date":{"$numberLong":"1614468600000"}}
{"$dateAdd":{"startDate":{"$date":"2020-10-31T23:30:00Z"},"unit":"month","amount":4,"timezone":"+03"}} => {"$date":{"$numberLong":"1614555000000"}}
{"$dateAdd":{"startDate":{"$date":"2020-10-24T20:30:00Z"},"unit":"hour","amount":24,"timezone":"Australia/Lord_Howe"}} => {"$date":{"$numberLong":"1603657800000"}}
{"$dateAdd":{"startDate":{"$date":"2020-04-05T20:30:00Z"},"unit":"hour","amount":-24,"timezone":"Australia/Lord_Howe"}} => {"$date":{"$numberLong":"1586032200000"}}
{"$dateAdd":{"startDate":{"$date":"2020-04-05T20:30:00Z"},"unit":"day","amount":-1,"timezone":"Australia/Lord_Howe"}} => {"$date":{"$numberLong":"1586032200000"}}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$dateDiff", () => {
  test.for(
    rowsOf(String.raw`
{"$dateDiff":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"endDate":{"$date":"2020-02-01T00:00:00Z"},"unit":"month"}} => {"$numberLong":"1"}
{"$dateDiff":{"startDate":{"$date":"2020-01-31T00:00:00Z"},"endDate":{"$date":"2020-02-01T00:00:00Z"},"unit":"year"}} => {"$numberLong":"0"}
{"$dateDiff":{"startDate":{"$date":"2019-12-31T00:00:00Z"},"endDate":{"$date":"2020-02-01T00:00:00Z"},"unit":"year"}} => {"$numberLong":"1"}
{"$dateDiff":{"startDate":{"$date":"2019-12-31T00:00:00Z"},"endDate":{"$date":"2020-02-01T00:00:00Z"},"unit":"quarter"}} => {"$numberLong":"1"}
{"$dateDiff":{"startDate":{"$date":"2019-12-31T00:00:00Z"},"endDate":{"$date":"2020-02-01T00:00:00Z"},"unit":"week"}} => {"$numberLong":"4"}
{"$dateDiff":{"startDate":{"$date":"2020-01-03T00:00:00Z"},"endDate":{"$date":"2020-01-06T00:00:00Z"},"unit":"week"}} => {"$numberLong":"1"}
{"$dateDiff":{"startDate":{"$date":"2020-01-03T00:00:00Z"},"endDate":{"$date":"2020-01-06T00:00:00Z"},"unit":"week","startOfWeek":"monday"}} => {"$numberLong":"1"}
{"$dateDiff":{"startDate":{"$date":"2020-01-03T00:00:00Z"},"endDate":{"$date":"2020-01-06T00:00:00Z"},"unit":"week","startOfWeek":"Mon"}} => {"$numberLong":"1"}
{"$dateDiff":{"startDate":{"$date":"2020-01-03T00:00:00Z"},"endDate":{"$date":"2020-01-06T00:00:00Z"},"unit":"week","startOfWeek":"TUE"}} => {"$numberLong":"0"}
{"$dateDiff":{"startDate":{"$date":"2020-01-03T00:00:00Z"},"endDate":{"$date":"2020-01-06T00:00:00Z"},"unit":"week","startOfWeek":"xx"}} => 5439016 $dateDiff parameter 'startOfWeek' value cannot be recognized as a day of a week: xx
{"$dateDiff":{"startDate":{"$date":"2020-01-03T00:00:00Z"},"endDate":{"$date":"2020-01-06T00:00:00Z"},"unit":"week","startOfWeek":1}} => 5439015 $dateDiff requires 'startOfWeek' to be a string, but got int
{"$dateDiff":{"startDate":{"$date":"2020-01-03T00:00:00Z"},"endDate":{"$date":"2020-01-06T00:00:00Z"},"unit":"week","startOfWeek":null}} => null
{"$dateDiff":{"startDate":{"$date":"2020-01-03T00:00:00Z"},"endDate":{"$date":"2020-01-06T00:00:00Z"},"unit":"day","startOfWeek":"xx"}} => {"$numberLong":"3"}
{"$dateDiff":{"startDate":{"$date":"2020-01-03T00:00:00Z"},"endDate":{"$date":"2020-01-06T00:00:00Z"},"unit":"day","startOfWeek":null}} => {"$numberLong":"3"}
{"$dateDiff":{"startDate":{"$date":"2020-01-03T00:00:00Z"},"endDate":{"$date":"2020-01-06T00:00:00Z"},"unit":"day","startOfWeek":"$missing"}} => {"$numberLong":"3"}
{"$dateDiff":{"startDate":{"$date":"2020-01-03T00:00:00Z"},"endDate":{"$date":"2020-01-06T05:06:07.008Z"},"unit":"hour"}} => {"$numberLong":"77"}
{"$dateDiff":{"startDate":{"$date":"2020-01-03T00:00:00Z"},"endDate":{"$date":"2020-01-06T05:06:07.008Z"},"unit":"minute"}} => {"$numberLong":"4626"}
{"$dateDiff":{"startDate":{"$date":"2020-01-03T00:00:00Z"},"endDate":{"$date":"2020-01-06T05:06:07.008Z"},"unit":"second"}} => {"$numberLong":"277567"}
{"$dateDiff":{"startDate":{"$date":"2020-01-03T00:00:00Z"},"endDate":{"$date":"2020-01-06T05:06:07.008Z"},"unit":"millisecond"}} => {"$numberLong":"277567008"}
{"$dateDiff":{"startDate":{"$date":"2020-01-03T00:00:59Z"},"endDate":{"$date":"2020-01-03T00:01:00Z"},"unit":"minute"}} => {"$numberLong":"1"}
{"$dateDiff":{"startDate":{"$date":"2020-03-28T00:00:00Z"},"endDate":{"$date":"2020-03-30T00:00:00Z"},"unit":"day","timezone":"Europe/Berlin"}} => {"$numberLong":"2"}
{"$dateDiff":{"startDate":{"$date":"2020-03-28T00:00:00Z"},"endDate":{"$date":"2020-03-30T00:00:00Z"},"unit":"hour","timezone":"Europe/Berlin"}} => {"$numberLong":"48"}
{"$dateDiff":{"startDate":{"$date":"2020-03-28T00:15:00Z"},"endDate":{"$date":"2020-03-30T00:00:00Z"},"unit":"hour","timezone":"Asia/Kolkata"}} => {"$numberLong":"48"}
{"$dateDiff":{"startDate":{"$date":"2020-03-28T00:35:00Z"},"endDate":{"$date":"2020-03-30T00:00:00Z"},"unit":"hour","timezone":"Asia/Kolkata"}} => {"$numberLong":"47"}
{"$dateDiff":{"startDate":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"-9223372036854775808"}]},"endDate":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"9223372036854775807"}]},"unit":"millisecond"}} => 5166308 dateDiff overflowed
{"$dateDiff":{"startDate":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"-9223372036854775808"}]},"endDate":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"9223372036854775807"}]},"unit":"second"}} => {"$numberLong":"18446744073709551"}
{"$dateDiff":{"startDate":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"-9223372036854775808"}]},"endDate":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"9223372036854775807"}]},"unit":"day"}} => {"$numberLong":"213503982335"}
{"$dateDiff":{"startDate":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"-9223372036854775808"}]},"endDate":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"9223372036854775807"}]},"unit":"year"}} => {"$numberLong":"584554049"}
{"$dateDiff":{"startDate":null,"endDate":{"$date":"1970-01-01T00:00:00Z"},"unit":"year"}} => null
{"$dateDiff":{"startDate":{"$date":"1970-01-01T00:00:00Z"},"endDate":null,"unit":"year"}} => null
{"$dateDiff":{"startDate":{"$date":"1970-01-01T00:00:00Z"},"endDate":"a","unit":"year"}} => 5166307 $dateDiff requires 'endDate' to be a date, but got string
{"$dateDiff":{"startDate":"a","endDate":{"$date":"1970-01-01T00:00:00Z"},"unit":"year"}} => 5166307 $dateDiff requires 'startDate' to be a date, but got string
{"$dateDiff":{"startDate":{"$date":"1970-01-01T00:00:00Z"},"endDate":{"$date":"1970-01-01T00:00:00Z"},"unit":null}} => null
{"$dateDiff":{"startDate":{"$date":"1970-01-01T00:00:00Z"},"endDate":{"$date":"1970-01-01T00:00:00Z"},"unit":"x"}} => 5439014 $dateDiff parameter 'unit' value cannot be recognized as a time unit: x
{"$dateDiff":{"startDate":{"$date":"1970-01-01T00:00:00Z"},"endDate":{"$date":"1970-01-01T00:00:00Z"},"unit":5}} => 5439013 $dateDiff requires 'unit' to be a string, but got int
{"$dateDiff":{"startDate":{"$date":"1970-01-01T00:00:00Z"},"endDate":{"$date":"1970-01-01T00:00:00Z"},"unit":"day","timezone":null}} => null
{"$dateDiff":{"startDate":{"$date":"1970-01-01T00:00:00Z"},"endDate":{"$date":"1970-01-01T00:00:00Z"},"unit":"day","timezone":"x"}} => 40485 $dateDiff parameter 'timezone' value parsing failed :: caused by :: unrecognized time zone identifier: "x"
{"$dateDiff":{"startDate":{"$date":"1970-01-01T00:00:00Z"},"endDate":{"$date":"1970-01-01T00:00:00Z"},"unit":"day","z":"x"}} => 5166302 Unrecognized argument to $dateDiff: z
{"$dateDiff":{"startDate":{"$date":"1970-01-01T00:00:00Z"},"endDate":{"$date":"1970-01-01T00:00:00Z"}}} => 5166305 Missing 'unit' parameter to $dateDiff
{"$dateDiff":{"startDate":{"$date":"1970-01-01T00:00:00Z"},"unit":"day"}} => 5166304 Missing 'endDate' parameter to $dateDiff
{"$dateDiff":{"endDate":{"$date":"1970-01-01T00:00:00Z"},"unit":"day"}} => 5166303 Missing 'startDate' parameter to $dateDiff
{"$dateDiff":1} => 5166301 $dateDiff only supports an object as its argument
{"$dateDiff":{"startDate":{"$timestamp":{"t":5,"i":6}},"endDate":{"$oid":"5a1f0e2b0123456789abcdef"},"unit":"day"}} => {"$numberLong":"17499"}
{"$dateDiff":{"startDate":{"$date":"2020-04-04T14:05:00Z"},"endDate":{"$date":"2020-04-04T20:35:00Z"},"unit":"hour","timezone":"Australia/Lord_Howe"}} => {"$numberLong":"6"}
{"$dateDiff":{"startDate":{"$date":"2020-04-04T14:35:00Z"},"endDate":{"$date":"2020-04-04T20:25:00Z"},"unit":"hour","timezone":"Australia/Lord_Howe"}} => {"$numberLong":"5"}
{"$dateDiff":{"startDate":{"$date":"2020-04-04T14:05:00Z"},"endDate":{"$date":"2020-04-04T20:00:00Z"},"unit":"hour","timezone":"Australia/Lord_Howe"}} => {"$numberLong":"5"}
{"$dateDiff":{"startDate":{"$date":"2020-04-04T14:05:00Z"},"endDate":{"$date":"2020-04-04T20:00:00Z"},"unit":"minute","timezone":"Africa/Monrovia"}} => {"$numberLong":"355"}
{"$dateDiff":{"startDate":{"$date":{"$numberLong":"-307446895000"}},"endDate":{"$date":{"$numberLong":"-307425570000"}},"unit":"minute","timezone":"Africa/Monrovia"}} => {"$numberLong":"356"}
{"$dateDiff":{"startDate":{"$date":{"$numberLong":"-307446895000"}},"endDate":{"$date":{"$numberLong":"-307425571000"}},"unit":"minute","timezone":"Africa/Monrovia"}} => {"$numberLong":"355"}
{"$dateDiff":{"startDate":{"$date":{"$numberLong":"-307446869000"}},"endDate":{"$date":{"$numberLong":"-307422931000"}},"unit":"hour","timezone":"Africa/Monrovia"}} => {"$numberLong":"6"}
{"$dateDiff":{"startDate":{"$date":{"$numberLong":"-307446869000"}},"endDate":{"$date":{"$numberLong":"-307422930000"}},"unit":"hour","timezone":"Africa/Monrovia"}} => {"$numberLong":"7"}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("$dateTrunc", () => {
  test.for(
    rowsOf(String.raw`
{"$dateTrunc":{"date":{"$date":"2021-03-20T11:30:05.123Z"},"unit":"hour"}} => {"$date":{"$numberLong":"1616238000000"}}
{"$dateTrunc":{"date":{"$date":"2021-03-20T11:30:05.123Z"},"unit":"month"}} => {"$date":{"$numberLong":"1614556800000"}}
{"$dateTrunc":{"date":{"$date":"2021-03-20T11:30:05.123Z"},"unit":"hour","binSize":2}} => {"$date":{"$numberLong":"1616234400000"}}
{"$dateTrunc":{"date":{"$date":"2021-03-20T11:30:05.123Z"},"unit":"hour","binSize":7}} => {"$date":{"$numberLong":"1616223600000"}}
{"$dateTrunc":{"date":{"$date":"1999-03-20T11:30:05.123Z"},"unit":"hour","binSize":7}} => {"$date":{"$numberLong":"921913200000"}}
{"$dateTrunc":{"date":{"$date":"1999-03-20T11:30:05.123Z"},"unit":"month","binSize":7}} => {"$date":{"$numberLong":"909878400000"}}
{"$dateTrunc":{"date":{"$date":"1999-03-20T11:30:05.123Z"},"unit":"quarter","binSize":7}} => {"$date":{"$numberLong":"891388800000"}}
{"$dateTrunc":{"date":{"$date":"1999-03-20T11:30:05.123Z"},"unit":"year","binSize":7}} => {"$date":{"$numberLong":"725846400000"}}
{"$dateTrunc":{"date":{"$date":"1999-03-20T11:30:05.123Z"},"unit":"week","binSize":7}} => {"$date":{"$numberLong":"921369600000"}}
{"$dateTrunc":{"date":{"$date":"1999-03-20T11:30:05.123Z"},"unit":"week","binSize":7,"startOfWeek":"friday"}} => {"$date":{"$numberLong":"921801600000"}}
{"$dateTrunc":{"date":{"$date":"1999-03-20T11:30:05.123Z"},"unit":"day","binSize":7}} => {"$date":{"$numberLong":"921888000000"}}
{"$dateTrunc":{"date":{"$date":"1999-03-20T11:30:05.123Z"},"unit":"minute","binSize":7}} => {"$date":{"$numberLong":"921929160000"}}
{"$dateTrunc":{"date":{"$date":"1999-03-20T11:30:05.123Z"},"unit":"second","binSize":7}} => {"$date":{"$numberLong":"921929405000"}}
{"$dateTrunc":{"date":{"$date":"1999-03-20T11:30:05.123Z"},"unit":"millisecond","binSize":7}} => {"$date":{"$numberLong":"921929405119"}}
{"$dateTrunc":{"date":{"$date":"2021-03-20T11:30:05.123Z"},"unit":"week","timezone":"Europe/Berlin","startOfWeek":"Sat"}} => {"$date":{"$numberLong":"1616194800000"}}
{"$dateTrunc":{"date":{"$date":"2021-03-28T11:30:05.123Z"},"unit":"day","timezone":"Europe/Berlin"}} => {"$date":{"$numberLong":"1616886000000"}}
{"$dateTrunc":{"date":{"$date":"2021-03-28T01:30:05.123Z"},"unit":"hour","timezone":"Europe/Berlin","binSize":3}} => {"$date":{"$numberLong":"1616886000000"}}
{"$dateTrunc":{"date":{"$date":"2021-03-28T01:30:05.123Z"},"unit":"hour","timezone":"Asia/Kolkata","binSize":3}} => {"$date":{"$numberLong":"1616891400000"}}
{"$dateTrunc":{"date":{"$date":"2021-03-28T01:30:05.123Z"},"unit":"hour","binSize":0}} => 5439018 $dateTrunc requires 'binSize' to be greater than 0, but got value 0
{"$dateTrunc":{"date":{"$date":"2021-03-28T01:30:05.123Z"},"unit":"hour","binSize":-1}} => 5439018 $dateTrunc requires 'binSize' to be greater than 0, but got value -1
{"$dateTrunc":{"date":{"$date":"2021-03-28T01:30:05.123Z"},"unit":"hour","binSize":"a"}} => 5439017 $dateTrunc requires 'binSize' to be a 64-bit integer, but got value '"a"' of type string
{"$dateTrunc":{"date":{"$date":{"$numberLong":"1616895005123"}},"unit":"hour","binSize":{"$numberDouble":"1.5"}}} => 5439017 $dateTrunc requires 'binSize' to be a 64-bit integer, but got value '1.5' of type double
{"$dateTrunc":{"date":{"$date":"2021-03-28T01:30:05.123Z"},"unit":"hour","binSize":2.0}} => {"$date":{"$numberLong":"1616889600000"}}
{"$dateTrunc":{"date":{"$date":"2021-03-28T01:30:05.123Z"},"unit":"hour","binSize":null}} => null
{"$dateTrunc":{"date":{"$date":{"$numberLong":"1616895005123"}},"unit":"hour","binSize":{"$numberLong":"9223372036854775807"}}} => 5439002 dateTrunc overflowed
{"$dateTrunc":{"date":{"$date":{"$numberLong":"1616895005123"}},"unit":"year","binSize":{"$numberLong":"9223372036854775807"}}} => 5439006 dateTrunc unsupported binSize value
{"$dateTrunc":{"date":{"$date":{"$numberLong":"1616895005123"}},"unit":"year","binSize":{"$numberLong":"100000000"}}} => {"$date":{"$numberLong":"946684800000"}}
{"$dateTrunc":{"date":{"$date":{"$numberLong":"1616895005123"}},"unit":"hour","binSize":{"$numberLong":"100000000000"}}} => {"$date":{"$numberLong":"946684800000"}}
{"$dateTrunc":{"date":{"$date":{"$numberLong":"1616895005123"}},"unit":"hour","binSize":{"$numberLong":"100000000001"}}} => {"$date":{"$numberLong":"946684800000"}}
{"$dateTrunc":{"date":{"$date":{"$numberLong":"1616895005123"}},"unit":"week","binSize":{"$numberLong":"100000000000"}}} => {"$date":{"$numberLong":"946771200000"}}
{"$dateTrunc":{"date":{"$date":{"$numberLong":"1616895005123"}},"unit":"millisecond","binSize":{"$numberLong":"9223372036854775807"}}} => {"$date":{"$numberLong":"946684800000"}}
{"$dateTrunc":{"date":{"$date":{"$numberLong":"1616895005123"}},"unit":"millisecond","binSize":{"$numberLong":"100000000000"}}} => {"$date":{"$numberLong":"1546684800000"}}
{"$dateTrunc":{"date":{"$date":{"$numberLong":"-29940100194877"}},"unit":"year","binSize":{"$numberLong":"100000000000"}}} => 5976500 invalid dateAdd 'amount' parameter value: -100000000000 year
{"$dateTrunc":{"date":{"$date":{"$numberLong":"-29940100194877"}},"unit":"millisecond","binSize":{"$numberLong":"100000000000"}}} => {"$date":{"$numberLong":"-29953315200000"}}
{"$dateTrunc":{"date":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"9223372036854775807"}]},"unit":"year"}} => {"$date":{"$numberLong":"9223372017129600000"}}
{"$dateTrunc":{"date":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"9223372036854775807"}]},"unit":"millisecond"}} => {"$date":{"$numberLong":"9223372036854775807"}}
{"$dateTrunc":{"date":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"-9223372036854775808"}]},"unit":"day"}} => 5166406 dateAdd overflowed
{"$dateTrunc":{"date":{"$add":[{"$date":{"$numberLong":"0"}},{"$numberLong":"-9223372036854775808"}]},"unit":"year"}} => 5166406 dateAdd overflowed
{"$dateTrunc":{"date":null,"unit":"year"}} => null
{"$dateTrunc":{"date":"a","unit":"year"}} => 5439012 $dateTrunc requires 'date' to be a date, but got string
{"$dateTrunc":{"date":{"$date":"1970-01-01T00:00:00Z"},"unit":null}} => null
{"$dateTrunc":{"date":{"$date":"1970-01-01T00:00:00Z"},"unit":"foo"}} => 5439014 $dateTrunc parameter 'unit' value cannot be recognized as a time unit: foo
{"$dateTrunc":{"date":{"$date":"1970-01-01T00:00:00Z"},"unit":2}} => 5439013 $dateTrunc requires 'unit' to be a string, but got int
{"$dateTrunc":{"date":{"$date":"1970-01-01T00:00:00Z"},"unit":"day","timezone":null}} => null
{"$dateTrunc":{"date":{"$date":"1970-01-01T00:00:00Z"},"unit":"day","timezone":"x"}} => 40485 $dateTrunc parameter 'timezone' value parsing failed :: caused by :: unrecognized time zone identifier: "x"
{"$dateTrunc":{"date":{"$date":"1970-01-01T00:00:00Z"},"unit":"day","startOfWeek":"x"}} => {"$date":{"$numberLong":"0"}}
{"$dateTrunc":{"date":{"$date":"1970-01-01T00:00:00Z"},"unit":"day","startOfWeek":null}} => {"$date":{"$numberLong":"0"}}
{"$dateTrunc":{"date":{"$date":"1970-01-01T00:00:00Z"},"unit":"week","startOfWeek":null}} => null
{"$dateTrunc":{"date":{"$date":"1970-01-01T00:00:00Z"},"unit":"week","startOfWeek":"x"}} => 5439016 $dateTrunc parameter 'startOfWeek' value cannot be recognized as a day of a week: x
{"$dateTrunc":{"date":{"$date":"1970-01-01T00:00:00Z"},"unit":"week","startOfWeek":3}} => 5439015 $dateTrunc requires 'startOfWeek' to be a string, but got int
{"$dateTrunc":{"date":{"$date":"1970-01-01T00:00:00Z"},"unit":"week","x":3}} => 5439008 Unrecognized argument to $dateTrunc: x. Expected arguments are date, unit, and optionally, binSize, timezone, startOfWeek
{"$dateTrunc":{"date":{"$date":"1970-01-01T00:00:00Z"}}} => 5439010 Missing 'unit' parameter to $dateTrunc
{"$dateTrunc":{"unit":"day"}} => 5439009 Missing 'date' parameter to $dateTrunc
{"$dateTrunc":4} => 5439007 $dateTrunc only supports an object as its argument
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});
