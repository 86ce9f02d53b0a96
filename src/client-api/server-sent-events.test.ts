import { expect, test } from "vitest";
import { toEvent } from "./server-sent-events.ts";

test.for<[title: string, data: string, event: string]>([
  ["a plain text stays as it is", '{"a":1}', 'data: {"a":1}\n\n'],
  ["what ends a line is escaped", "a\nb\rc", "data: a%0Ab%0Dc\n\n"],
  ["a percent sign is escaped, and nothing else", "100 % ü €", "data: 100 %25 ü €\n\n"],
])("server-sent events: %s", ([, data, event]) => {
  expect(toEvent(Buffer.from(data)).toString()).toBe(event);
});

test("server-sent events: an error says so", () => {
  expect(toEvent(Buffer.from("{}"), "error").toString()).toBe("event: error\ndata: {}\n\n");
});
