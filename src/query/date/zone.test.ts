import { expect, test } from "vitest";
import { momentOf, millisecondsOf } from "./calendar.ts";
import { findZone, toLocal } from "./zone.ts";

test.for<[zone: string, utc: string, local: string]>([
  ["Europe/Berlin", "2017-03-26T00:59:59.999Z", "2017-03-26T01:59:59.999Z"],
  ["Europe/Berlin", "2017-03-26T01:00:00.000Z", "2017-03-26T03:00:00.000Z"],
  ["Europe/Berlin", "1880-05-06T07:08:09.000Z", "1880-05-06T08:01:37.000Z"],
  ["America/New_York", "2500-07-06T07:08:09.000Z", "2500-07-06T03:08:09.000Z"],
  ["America/New_York", "9000-01-06T07:08:09.000Z", "9000-01-06T02:08:09.000Z"],
  ["America/New_York", "0001-07-06T07:08:09.000Z", "0001-07-06T02:12:07.000Z"],
  // Daylight-saving time of a week only.
  ["America/Recife", "2000-10-12T12:00:00.000Z", "2000-10-12T10:00:00.000Z"],
  ["America/Recife", "2000-10-16T12:00:00.000Z", "2000-10-16T09:00:00.000Z"],
  ["Asia/Calcutta", "2020-01-01T00:00:00.000Z", "2020-01-01T05:30:00.000Z"],
  ["Etc/GMT+5", "2020-01-01T05:00:00.000Z", "2020-01-01T00:00:00.000Z"],
  ["-0330", "2020-01-01T05:00:00.000Z", "2020-01-01T01:30:00.000Z"],
  ["+99:99", "2020-01-01T00:00:00.000Z", "2020-01-05T04:39:00.000Z"],
])("zone: in %s, %s is %s on the clock", ([name, utc, local]) => {
  const moment = toLocal(findZone(name), momentOf(Date.parse(utc)));
  expect(new Date(Number(millisecondsOf(moment))).toISOString()).toBe(local);
});

const berlinSummer = "2017-07-01T00:00:00Z";

test.for<[zone: string, local: string, utc: string, before?: string]>([
  ["Europe/Berlin", "2017-03-26T02:30:00Z", "2017-03-26T01:30:00.000Z"],
  ["Europe/Berlin", "2017-10-29T02:30:00Z", "2017-10-29T01:30:00.000Z"],
  ["Europe/Berlin", "2017-10-29T02:30:00Z", "2017-10-29T00:30:00.000Z", berlinSummer],
  ["America/New_York", "2017-03-12T02:30:00Z", "2017-03-12T07:30:00.000Z"],
  ["America/New_York", "2017-11-05T01:30:00Z", "2017-11-05T06:30:00.000Z"],
  ["America/New_York", "2017-11-05T01:30:00Z", "2017-11-05T05:30:00.000Z", berlinSummer],
  // What is skipped or repeated is read as if it came from 1970-01-01, which was summer there.
  ["Australia/Hobart", "1999-03-28T02:30:00Z", "1999-03-27T15:30:00.000Z"],
  ["Australia/Sydney", "1999-03-28T02:30:00Z", "1999-03-27T16:30:00.000Z"],
])("zone: the clock in %s at %s is %s", ([name, local, utc, before]) => {
  const moment = findZone(name).toUtc(
    momentOf(Date.parse(local)),
    before === undefined ? undefined : momentOf(Date.parse(before)),
  );
  expect(new Date(Number(millisecondsOf(moment))).toISOString()).toBe(utc);
});

test.for([
  "",
  "Z",
  "utc",
  "europe/berlin",
  "PST",
  "+1",
  "+01:3",
  "-01:30 ",
  "Etc/GMT+14",
  "constructor",
])("zone: %j is none", (identifier) => {
  expect(() => findZone(identifier)).toThrow(`unrecognized time zone identifier: "${identifier}"`);
});
