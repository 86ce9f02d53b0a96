import { describe, expect, test } from "vitest";
import { evaluateText, rowsOf } from "../../../test/support/expression.ts";

/** Verdicts of a mongod 6.0.5. */
const doc = '{"s":"text","n":null,"i":2,"t":{"$date":{"$numberLong":"1488326400000"}}}';

describe("$dateToString", () => {
  test.for(
    rowsOf(String.raw`
{"$dateToString":{"date":{"$date":"2017-05-06T07:08:09.010Z"}}} => "2017-05-06T07:08:09.010Z"
{"$dateToString":{"date":{"$date":"2017-05-06T07:08:09.010Z"},"timezone":"Europe/Berlin"}} => "2017-05-06T09:08:09.010Z"
{"$dateToString":{"date":{"$date":"2017-05-06T07:08:09.010Z"},"timezone":"UTC"}} => "2017-05-06T07:08:09.010Z"
{"$dateToString":{"date":{"$date":"2017-05-06T07:08:09.010Z"},"timezone":"+02:00"}} => "2017-05-06T09:08:09.010Z"
{"$dateToString":{"date":{"$date":"2017-05-06T07:08:09.010Z"},"format":"%Y %m %d %H %M %S %L %j %u %U %V %w %G %z %Z %%","timezone":"-03:30"}} => "2017 05 06 03 38 09 010 126 6 18 18 7 2017 -0330 -210 %"
{"$dateToString":{"date":{"$date":"2017-05-06T07:08:09.010Z"},"format":"%x"}} => 18536 Invalid format character '%x' in format string
{"$dateToString":{"date":{"$date":"2017-05-06T07:08:09.010Z"},"format":"abc%"}} => 18535 Unmatched '%' at end of format string
{"$dateToString":{"date":{"$date":"2017-05-06T07:08:09.010Z"},"format":""}} => ""
{"$dateToString":{"date":{"$date":"2017-05-06T07:08:09.010Z"},"format":null}} => null
{"$dateToString":{"date":{"$date":"2017-05-06T07:08:09.010Z"},"format":1}} => 18533 $dateToString requires that 'format' be a string, found: int with value 1
{"$dateToString":{"date":{"$date":"2017-05-06T07:08:09.010Z"},"format":"$missing"}} => null
{"$dateToString":{"date":null}} => null
{"$dateToString":{"date":null,"onNull":"x"}} => "x"
{"$dateToString":{"date":null,"onNull":1}} => {"$numberInt":"1"}
{"$dateToString":{"date":null,"onNull":"$missing"}} => missing
{"$dateToString":{"date":{"$date":"1970-01-01T00:00:00Z"},"format":null,"onNull":5}} => null
{"$dateToString":{"date":{"$date":"1970-01-01T00:00:00Z"},"timezone":null,"onNull":5}} => null
{"$dateToString":{"date":null,"timezone":"X","onNull":5}} => 40485 unrecognized time zone identifier: "X"
{"$dateToString":{"date":null,"format":"%x","onNull":5}} => 18536 Invalid format character '%x' in format string
{"$dateToString":{"date":null,"format":1,"onNull":5}} => 18533 $dateToString requires that 'format' be a string, found: int with value 1
{"$dateToString":{"date":null,"format":"$s","onNull":5}} => {"$numberInt":"5"}
{"$dateToString":{"date":{"$date":"1970-01-01T00:00:00Z"},"format":"$s"}} => "text"
{"$dateToString":{"date":"a"}} => 16006 can't convert from BSON type string to Date
{"$dateToString":{"date":{"$date":"1970-01-01T00:00:00Z"},"x":1}} => 18534 Unrecognized argument to $dateToString: x
{"$dateToString":{"format":"%Y"}} => 18628 Missing 'date' parameter to $dateToString
{"$dateToString":1} => 18629 $dateToString only supports an object as its argument
{"$dateToString":{"date":{"$date":{"$numberLong":"-62198755200000"}}}} => 18537 Could not convert date to string: date component was outside the supported range of 0-9999: -1
{"$dateToString":{"date":{"$date":{"$numberLong":"-62135596800001"}}}} => "0000-12-31T23:59:59.999Z"
{"$dateToString":{"date":{"$date":"9999-12-31T23:59:59.999Z"}}} => "9999-12-31T23:59:59.999Z"
{"$dateToString":{"date":{"$date":{"$numberLong":"253402300800000"}}}} => 18537 Could not convert date to string: date component was outside the supported range of 0-9999: 10000
{"$dateToString":{"date":{"$date":{"$numberLong":"-62167219200001"}}}} => 18537 Could not convert date to string: date component was outside the supported range of 0-9999: -1
{"$dateToString":{"date":{"$date":{"$numberLong":"-62167219200000"}}}} => "0000-01-01T00:00:00.000Z"
{"$dateToString":{"date":{"$date":{"$numberLong":"253402300800000"}},"format":"%m"}} => "01"
{"$dateToString":{"date":{"$date":{"$numberLong":"253402300800000"}},"format":"%G"}} => "9999"
{"$dateToString":{"date":{"$date":{"$numberLong":"-62167219200001"}},"format":"%G"}} => 18537 Could not convert date to string: date component was outside the supported range of 0-9999: -1
{"$dateToString":{"date":{"$date":"9999-12-31T23:59:59Z"},"timezone":"+05","format":"%Y"}} => 18537 Could not convert date to string: date component was outside the supported range of 0-9999: 10000
{"$dateToString":{"date":{"$date":"2017-05-06T07:08:09.010Z"},"format":"%z %Z","timezone":"Europe/Berlin"}} => "+0200 120"
{"$dateToString":{"date":{"$date":"2017-05-06T07:08:09.010Z"},"format":"%z %Z","timezone":"-00:30"}} => "-0030 -30"
{"$dateToString":{"date":{"$date":{"$numberLong":"-2829228710990"}},"format":"%z %Z %H:%M:%S","timezone":"Europe/Berlin"}} => "+0053 53 08:01:37"
{"$dateToString":{"date":{"$date":{"$numberLong":"-2829228710990"}},"format":"%z %Z %H:%M:%S","timezone":"America/New_York"}} => "-0456 -296 02:12:07"
{"$dateToString":{"date":{"$date":{"$numberLong":"-2829228710990"}},"format":"%z %Z %H:%M:%S","timezone":"Africa/Monrovia"}} => "-0043 -43 06:25:01"
{"$dateToString":{"date":{"$date":{"$numberLong":"-304707110990"}},"format":"%z %Z %H:%M:%S","timezone":"Africa/Monrovia"}} => "-0044 -44 06:23:39"
{"$dateToString":{"date":{"$date":"2500-07-06T07:08:09.010Z"},"format":"%z %Z %H:%M:%S","timezone":"America/New_York"}} => "-0400 -240 03:08:09"
{"$dateToString":{"date":{"$date":"2038-07-06T07:08:09.010Z"},"format":"%z %Z %H:%M:%S","timezone":"America/New_York"}} => "-0400 -240 03:08:09"
{"$dateToString":{"date":{"$date":"2037-07-06T07:08:09.010Z"},"format":"%z %Z %H:%M:%S","timezone":"America/New_York"}} => "-0400 -240 03:08:09"
{"$dateToString":{"date":{"$date":"9000-07-06T07:08:09.010Z"},"format":"%z %Z %H:%M:%S","timezone":"America/New_York"}} => "-0400 -240 03:08:09"
{"$dateToString":{"date":{"$date":{"$numberLong":"-62119500710990"}},"format":"%z %Z %H:%M:%S","timezone":"America/New_York"}} => "-0456 -296 02:12:07"
{"$dateToString":{"date":{"$date":"2017-05-06T07:08:09.010Z"},"format":["%Y"]}} => 18533 $dateToString requires that 'format' be a string, found: array with value ["%Y"]
{"$dateToString":{"date":{"$oid":"5a1f0e2b0123456789abcdef"}}} => "2017-11-29T19:44:43.000Z"
{"$dateToString":{"date":{"$timestamp":{"t":5,"i":6}}}} => "1970-01-01T00:00:05.000Z"
{"$dateToString":{"date":{"$date":"2017-05-06T00:00:00Z"},"format":"%\u0000x"}} => 18536 Invalid format character '%␀' in format string
{"$dateToString":{"date":{"$date":"2017-05-06T00:00:00Z"},"format":"a\u0000x"}} => "a\u0000x"
{"$dateToString":{"date":{"$date":"2017-05-06T00:00:00Z"},"format":"%z %Z","timezone":"+99:99"}} => "+10039 6039"
{"$dateToString":{"date":{"$date":"2017-05-06T00:00:00Z"},"format":"%z %Z","timezone":"-99:99"}} => "-10039 -6039"
{"$dateToString":{"date":{"$date":{"$numberLong":"-2829254400000"}},"format":"%z %Z","timezone":"America/New_York"}} => "-0456 -296"
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});

describe("month names and days of the year: as of MongoDB 7.0, by its manual", () => {
  test.for(
    rowsOf(String.raw`
{"$dateToString":{"date":"$t","format":"%d %b %Y (%B)"}} => "01 Mar 2017 (March)"
{"$dateFromString":{"dateString":"6 may 2017","format":"%d %b %Y"}} => {"$date":{"$numberLong":"1494028800000"}}
{"$dateFromString":{"dateString":"September 6, 2017","format":"%B %d, %Y"}} => {"$date":{"$numberLong":"1504656000000"}}
{"$dateFromString":{"dateString":"6 foo 2017","format":"%d %b %Y"}} => 241 Error parsing date string '6 foo 2017'; 2: A textual month could not be found 'f'
{"$dateFromString":{"dateString":"2017-125","format":"%Y-%j"}} => {"$date":{"$numberLong":"1494028800000"}}
`),
  )("%s gives %s", ([spec, verdict]) => {
    expect(evaluateText(spec, doc)).toBe(verdict);
  });
});
