import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { createLog } from "./log.ts";

function printed(isForPeople: boolean): string {
  const stream = new PassThrough();
  const log = createLog({ stream, isForPeople, now: () => 0 });
  log.write("info", "listening", { url: "http://h", app: undefined });
  log.write("error", "bug", { message: "one\n\u001b[31mtwo", n: 1 });
  log.flush();
  return String(stream.read());
}

test("log: one line of JSON per event", () => {
  expect(printed(false)).toBe(
    '{"time":"1970-01-01T00:00:00.000Z","level":"info","event":"listening","url":"http://h"}\n' +
      '{"time":"1970-01-01T00:00:00.000Z","level":"error","event":"bug","message":"one\\n\\u001b[31mtwo","n":1}\n',
  );
});

test("log: for people, a text can neither forge a line nor colour the terminal", () => {
  expect(printed(true)).toBe(
    "00:00:00 listening url=http://h\n00:00:00 error: bug: one\\n\\u001b[31mtwo n=1\n",
  );
});
