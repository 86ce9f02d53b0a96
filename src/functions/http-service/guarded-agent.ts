/** The client of HTTP, with a look at every address before it is connected to. */
import { lookup as lookUp } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import type { Agent } from "undici";
import type { AddressRules } from "../addresses.ts";

/** An address that is not public. */
export class RefusedAddress extends Error {
  constructor(host: string) {
    super(`connections to '${host}' are not allowed`);
  }
}

const connectionsMax = 128;

export async function createAgent(rules: AddressRules): Promise<Agent> {
  const { Agent: Made, buildConnector } = await import("undici");
  const connect = buildConnector({ lookup: guardedLookup(rules), timeout: 30_000 });
  return new Made({
    connections: connectionsMax,
    pipelining: 1,
    keepAliveTimeout: 10_000,
    connect(options, callback) {
      const host = options.hostname.replace(/^\[(.*)\]$/, "$1");
      // A name that is an address is never looked up.
      if (isIP(host) !== 0 && !rules.isAllowed(host)) callback(new RefusedAddress(host), null);
      else connect(options, callback);
    },
  });
}

/** All addresses of a name that may be connected to; what it leads to a moment later does not matter. */
function guardedLookup(rules: AddressRules): LookupFunction {
  return (hostname, options, callback) => {
    lookUp(hostname, { ...options, all: true }, (cause, addresses) => {
      const allowed = (addresses ?? []).filter(({ address }) => rules.isAllowed(address));
      const [first] = allowed;
      if (cause !== null) callback(cause, "", 0);
      else if (first === undefined) callback(new RefusedAddress(hostname), "", 0);
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
