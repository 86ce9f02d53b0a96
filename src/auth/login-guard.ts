/**
 * Slows down whoever guesses passwords: an account from one address, an account altogether, and an address that fails
 * with several accounts. Per node, in memory, bounded.
 */
import { Fault } from "../kit/fault.ts";

export interface LoginGuard {
  /** @throws {Fault} `TooManyRequests` */
  mustBePatient(account: string, address: string): void;
  noteFailure(account: string, address: string): void;
  noteSuccess(account: string, address: string): void;
}

interface Failures {
  count: number;
  /** Until when nobody may try. Milliseconds since 1970. */
  waitsUntil: number;
  lastAt: number;
}

/** Failures before the first wait. */
const freeOfPair = 5;
/** Of an account from anywhere: more, or anybody could shut its owner out. */
const freeOfAccount = 50;
/** Accounts with which an address failed. */
const freeOfAddress = 20;
const waitMsMin = 1000;
const waitMsMax = 60_000;
/** After so long, all is forgotten. */
const memoryMs = 15 * 60_000;
const entriesMax = 20_000;

export function createLoginGuard(now: () => number): LoginGuard {
  const pairs = new Map<string, Failures>();
  const accounts = new Map<string, Failures>();
  const addresses = new Map<string, Failures & { readonly accounts: Set<string> }>();

  function mustWait(table: ReadonlyMap<string, Failures>, key: string): boolean {
    return (table.get(key)?.waitsUntil ?? 0) > now();
  }

  function take<T extends Failures>(table: Map<string, T>, key: string, fresh: () => T): T {
    const former = table.get(key);
    const failures = former === undefined || now() - former.lastAt > memoryMs ? fresh() : former;
    table.delete(key);
    const [oldest] = table.keys();
    if (table.size >= entriesMax && oldest !== undefined) table.delete(oldest);
    table.set(key, failures);
    return failures;
  }

  function count(failures: Failures, free: number): void {
    failures.count += 1;
    failures.lastAt = now();
    const beyond = failures.count - free;
    if (beyond < 0) return;
    failures.waitsUntil = now() + Math.min(waitMsMax, waitMsMin * 2 ** Math.min(beyond, 16));
  }

  return {
    mustBePatient(account, address) {
      const waits =
        mustWait(pairs, pairOf(account, address)) ||
        mustWait(accounts, account) ||
        mustWait(addresses, address);
      if (waits) throw new Fault("TooManyRequests", "too many failed logins; try again later");
    },
    noteFailure(account, address) {
      count(take(pairs, pairOf(account, address), none), freeOfPair);
      count(take(accounts, account, none), freeOfAccount);
      const failures = take(addresses, address, () => ({ ...none(), accounts: new Set<string>() }));
      failures.lastAt = now();
      // Many people may share an address, and some forget their password: only many accounts make it suspect.
      if (failures.accounts.size < freeOfAddress) failures.accounts.add(account);
      else count(failures, 0);
    },
    noteSuccess(account, address) {
      pairs.delete(pairOf(account, address));
    },
  };
}

function none(): Failures {
  return { count: 0, waitsUntil: 0, lastAt: 0 };
}

function pairOf(account: string, address: string): string {
  return `${address} ${account}`;
}
