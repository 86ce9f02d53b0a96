/**
 * Credential headers that were found to be right, for minutes: a password costs a third of a second to check, and some
 * clients send it with every request. What is kept is keyed by an HMAC, never by the credentials.
 */
import { createHmac, randomBytes } from "node:crypto";
import type { Doc } from "../bson/doc.ts";
import type { ProviderConfig } from "../config/app-config.ts";
import type { ProvenIdentity } from "./provider.ts";

/** What somebody shows, and to whom. */
export interface ShownCredentials {
  /** The app's 24 hex digits. */
  readonly appId: string;
  /** Of the deployment that is live: what another one let in is not remembered. */
  readonly config: ProviderConfig;
  readonly payload: Doc;
}

export interface VerifiedCredentials {
  /**
   * The identity that credentials prove: as it is remembered, or as `verify` finds it; once for all who ask at the same
   * time. What was forgotten while `verify` was at work is not remembered.
   */
  prove(
    shown: ShownCredentials,
    verify: () => Promise<ProvenIdentity>,
  ): ProvenIdentity | Promise<ProvenIdentity>;
  /** Forgets what proved an identity; undefined: everything. @param id as in `identities` */
  forget(id: string | undefined): void;
  /** Identities that are remembered. */
  readonly size: number;
}

interface Entry {
  readonly proven: ProvenIdentity;
  readonly config: ProviderConfig;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

const keptMs = 5 * 60_000;
/** Tokens cost little to check, and what they are checked with may be taken away. */
const tokenKeptMs = 30_000;
const entriesMax = 10_000;

export function createVerifiedCredentials(now: () => number): VerifiedCredentials {
  const key = randomBytes(32);
  const entries = new Map<string, Entry>();
  const running = new Map<string, Promise<ProvenIdentity>>();
  let epoch = 0;

  function keyOf({ appId, config, payload }: ShownCredentials): string {
    return createHmac("sha256", key)
      .update(`${appId} ${config.type} `)
      .update(payload.toBytes())
      .digest("base64");
  }

  async function run(
    id: string,
    config: ProviderConfig,
    verify: () => Promise<ProvenIdentity>,
  ): Promise<ProvenIdentity> {
    const since = epoch;
    const proving = verify().finally(() => {
      if (running.get(id) === proving) running.delete(id);
    });
    running.set(id, proving);
    const proven = await proving;
    if (since === epoch) remember(id, config, proven);
    return proven;
  }

  function remember(id: string, config: ProviderConfig, proven: ProvenIdentity): void {
    const lasting = config.type === "custom-token" ? tokenKeptMs : keptMs;
    const [oldest] = entries.keys();
    if (entries.size >= entriesMax && oldest !== undefined) entries.delete(oldest);
    const expiresAt = Math.min(now() + lasting, proven.expiresAt ?? Infinity);
    entries.set(id, { proven, config, expiresAt });
  }

  return {
    prove(shown, verify) {
      const id = keyOf(shown);
      const entry = entries.get(id);
      if (entry !== undefined && entry.expiresAt > now() && entry.config === shown.config)
        return entry.proven;
      return running.get(id) ?? run(id, shown.config, verify);
    },
    get size() {
      return entries.size;
    },
    forget(id) {
      epoch += 1;
      // Whoever asks from now on is not to get what was begun before.
      running.clear();
      if (id === undefined) entries.clear();
      else
        for (const [entryKey, { proven }] of entries)
          if ((proven.id ?? proven.name) === id) entries.delete(entryKey);
    },
  };
}
