/** Where a request really comes from, and the address of this server as the client sees it. */
import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";
import { TLSSocket } from "node:tls";
import { Fault } from "../kit/fault.ts";

export interface Forwarding {
  /** The client's address; `X-Forwarded-For` counts only as far as trusted proxies wrote it. */
  clientAddress(request: IncomingMessage): string;
  /** Scheme, host and port without a slash at the end. */
  baseUrl(request: IncomingMessage): string;
}

export interface ForwardingOptions {
  /** Addresses and ranges, e.g. `10.0.0.0/8`. */
  readonly trustProxy: readonly string[];
  readonly publicUrl: string | undefined;
}

/** What may stand in `Host`: a client's text becomes part of a link. */
const hostForm = /^[\w.\-:[\]]{1,255}$/;

/** @throws {Fault} `InvalidParameter` for what is no address range */
export function createForwarding(options: ForwardingOptions): Forwarding {
  const trusted = readRanges(options.trustProxy);
  const isTrusted = (address: string): boolean => {
    if (trusted === undefined) return false;
    const plain = withoutMapping(address);
    const family = isIP(plain);
    return family !== 0 && trusted.check(plain, family === 6 ? "ipv6" : "ipv4");
  };
  const isFromProxy = (request: IncomingMessage): boolean =>
    trusted !== undefined && isTrusted(request.socket.remoteAddress ?? "");
  return {
    clientAddress(request) {
      let address = withoutMapping(request.socket.remoteAddress ?? "");
      if (!isFromProxy(request)) return address;
      // From the right: each proxy adds the address that it saw; what a client wrote itself stands further left.
      for (const hop of hopsOf(request).toReversed()) {
        if (isIP(hop) === 0) return address;
        address = withoutMapping(hop);
        if (!isTrusted(address)) return address;
      }
      return address;
    },
    baseUrl(request) {
      if (options.publicUrl !== undefined) return options.publicUrl;
      const isTls = request.socket instanceof TLSSocket;
      let scheme = isTls ? "https" : "http";
      let host = request.headers.host ?? "";
      if (isFromProxy(request)) {
        const forwardedScheme = lastOf(request.headers["x-forwarded-proto"]);
        if (forwardedScheme === "https" || forwardedScheme === "http") scheme = forwardedScheme;
        host = lastOf(request.headers["x-forwarded-host"]) || host;
      }
      return `${scheme}://${hostForm.test(host) ? host : "localhost"}`;
    },
  };
}

function hopsOf(request: IncomingMessage): readonly string[] {
  const header = request.headers["x-forwarded-for"];
  const text = Array.isArray(header) ? header.join(",") : (header ?? "");
  return text.split(",").map((each) => each.trim());
}

function lastOf(header: string | readonly string[] | undefined): string {
  const text = typeof header === "string" ? header : (header?.at(-1) ?? "");
  return text.split(",").at(-1)?.trim() ?? "";
}

/** IPv4 addresses as IPv6 sockets show them. */
function withoutMapping(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}

function readRanges(ranges: readonly string[]): BlockList | undefined {
  if (ranges.length === 0) return undefined;
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", prefix, ...rest] = range.split("/");
    const family = isIP(address);
    const bits = prefix === undefined ? undefined : Number(prefix);
    const bitsMax = family === 6 ? 128 : 32;
    const isRange = bits === undefined || (/^\d+$/.test(prefix ?? "") && bits <= bitsMax);
    if (family === 0 || rest.length > 0 || !isRange)
      throw new Fault("InvalidParameter", `--trust-proxy: '${range}' is no address range`);
    list.addSubnet(address, bits ?? bitsMax, family === 6 ? "ipv6" : "ipv4");
  }
  return list;
}
