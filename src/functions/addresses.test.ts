import { expect, test } from "vitest";
import { createAddressRules } from "./addresses.ts";

test.for<[address: string, isAllowed: boolean]>([
  ["1.1.1.1", true],
  ["93.184.216.34", true],
  ["2606:4700::1111", true],
  ["64:ff9b::5db8:d822", true],
  ["::ffff:93.184.216.34", true],
  ["2002:5db8:d822::1", true],
  ["0.0.0.0", false],
  ["127.0.0.1", false],
  ["127.255.255.254", false],
  ["10.1.2.3", false],
  ["172.31.255.255", false],
  ["172.32.0.1", true],
  ["192.168.0.1", false],
  ["169.254.169.254", false],
  ["100.64.0.1", false],
  ["198.18.0.1", false],
  ["224.0.0.1", false],
  ["255.255.255.255", false],
  ["::", false],
  ["::1", false],
  ["::127.0.0.1", false],
  ["::ffff:127.0.0.1", false],
  ["::ffff:a00:1", false],
  ["0:0:0:0:0:ffff:7f00:1", false],
  ["64:ff9b::10.0.0.1", false],
  ["64:ff9b:1::1", false],
  ["2002:7f00:1::", false],
  ["fc00::1", false],
  ["fd12:3456::1", false],
  ["fe80::1", false],
  ["fe80::1%eth0", false],
  ["fec0::1", false],
  ["ff02::1", false],
  ["2001:db8::1", false],
  ["example.com", false],
  ["", false],
])("addresses: %s is allowed: %s", ([address, isAllowed]) => {
  expect(createAddressRules([]).isAllowed(address)).toBe(isAllowed);
});

test.for<[allowed: string, address: string, isAllowed: boolean]>([
  ["127.0.0.1", "127.0.0.1", true],
  ["127.0.0.1", "127.0.0.2", false],
  ["127.0.0.1", "::ffff:127.0.0.1", true],
  ["10.1.0.0/16", "10.1.200.3", true],
  ["10.1.0.0/16", "10.2.0.1", false],
  ["::1", "::1", true],
  ["fd00::/8", "fd12::1", true],
])("addresses: with %s, %s is allowed: %s", ([allowed, address, isAllowed]) => {
  expect(createAddressRules([allowed]).isAllowed(address)).toBe(isAllowed);
});

test("addresses: what is no address can not be allowed", () => {
  expect(() => createAddressRules(["example.com"])).toThrow("is neither an address");
});
