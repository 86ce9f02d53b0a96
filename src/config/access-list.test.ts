import { expect, test } from "vitest";
import { isAddressRange, mayCallFrom } from "./access-list.ts";

test.for<[list: readonly string[] | undefined, address: string, may: boolean]>([
  [undefined, "192.0.2.1", true],
  [[], "192.0.2.1", false],
  [["0.0.0.0/0"], "2001:db8::1", true],
  [["0.0.0.0"], "192.0.2.1", true],
  [["::/0"], "192.0.2.1", true],
  [["192.0.2.0/24"], "192.0.2.255", true],
  [["192.0.2.0/24"], "192.0.3.1", false],
  [["192.0.2.7"], "192.0.2.7", true],
  [["2001:db8::/32"], "2001:db8:ffff::1", true],
  [["2001:db8::/32"], "192.0.2.1", false],
  [["192.0.2.7"], "", false],
])("access list %j: %s may call: %s", ([list, address, may]) => {
  const entries = list?.map((each, at) => ({ id: String(at), address: each, comment: "" }));
  expect(mayCallFrom(entries, address)).toBe(may);
});

test.for<[text: string, is: boolean]>([
  ["192.0.2.1", true],
  ["192.0.2.0/0", true],
  ["::1/128", true],
  ["", false],
  ["192.0.2.0/33", false],
  ["::1/129", false],
  ["192.0.2.0/8/8", false],
  ["192.0.2.0/x", false],
  ["example.com", false],
])("access list: '%s' is an address or a range: %s", ([text, is]) => {
  expect(isAddressRange(text)).toBe(is);
});
