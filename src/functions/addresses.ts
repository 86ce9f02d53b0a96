/** Which addresses user code may connect to: what is no public one could be the server's own network. */
import { BlockList, isIP, isIPv6 } from "node:net";

const refusedV4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  // Among them 169.254.169.254, where clouds tell of their machines.
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  // Multicast, reserved, broadcast.
  ["224.0.0.0", 3],
];

const refusedV6: readonly (readonly [string, number])[] = [
  ["::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["3fff::", 20],
  ["5f00::", 16],
  ["fc00::", 7],
  ["fe80::", 9],
  ["ff00::", 8],
];

const blocked = new BlockList();
for (const [address, prefix] of refusedV4) blocked.addSubnet(address, prefix, "ipv4");
for (const [address, prefix] of refusedV6) blocked.addSubnet(address, prefix, "ipv6");

export interface AddressRules {
  /** @param address an IP address, as it is connected to; anything else is refused */
  isAllowed(address: string): boolean;
}

/** @param allowed addresses and ranges (`10.1.0.0/16`, `::1`) that may be connected to all the same */
export function createAddressRules(allowed: readonly string[]): AddressRules {
  const opened = new BlockList();
  for (const each of allowed) add(opened, each);
  const check = (address: string): boolean => {
    const family = isIP(address);
    if (family === 0) return false;
    const type = family === 6 ? "ipv6" : "ipv4";
    if (opened.check(address, type)) return true;
    if (family === 6) {
      const inner = embeddedV4(address);
      if (inner !== undefined) return check(inner);
    }
    return !blocked.check(address, type);
  };
  return { isAllowed: (address) => check(address.split("%", 1)[0] as string) };
}

function add(list: BlockList, range: string): void {
  const [address = "", prefix] = range.split("/");
  if (isIP(address) === 0)
    throw new RangeError(`'${range}' is neither an address nor a range of addresses`);
  const type = isIPv6(address) ? "ipv6" : "ipv4";
  if (prefix === undefined) list.addAddress(address, type);
  else list.addSubnet(address, Number(prefix), type);
}

/** The IPv4 address that an IPv6 one stands for: mapped, NAT64, 6to4. */
function embeddedV4(address: string): string | undefined {
  const [first = 0, second = 0, third = 0, ...others] = groupsOf(address);
  const [sixth, high = 0, low = 0] = others.slice(2);
  const zeros = [third, ...others.slice(0, 2)].every((group) => group === 0);
  const isMapped = first === 0 && second === 0 && zeros && sixth === 0xff_ff;
  const isTranslated = first === 0x64 && second === 0xff_9b && zeros && sixth === 0;
  if (isMapped || isTranslated) return dotted(high, low);
  return first === 0x20_02 ? dotted(second, third) : undefined;
}

function dotted(high: number, low: number): string {
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

/** Eight groups of a valid address. */
function groupsOf(address: string): readonly number[] {
  const tail = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const plain =
    tail === null ? address : `${tail[1]}${hex(tail[2], tail[3])}:${hex(tail[4], tail[5])}`;
  const [head = "", rest] = plain.split("::");
  const left = partsOf(head);
  if (rest === undefined) return left;
  const right = partsOf(rest);
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
}

function hex(high: string | undefined, low: string | undefined): string {
  return (Number(high) * 256 + Number(low)).toString(16);
}

function partsOf(text: string): readonly number[] {
  return text === "" ? [] : text.split(":").map((part) => Number.parseInt(part, 16));
}
