/** What a server leaves in its data directory for the commands, and reads of its certificate. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Settings } from "./config/settings.ts";
import type { Certificate } from "./http/listen.ts";
import { createSecret } from "./kit/secret.ts";

/**
 * The local administrator's token, readable by the owner of the data directory alone. Without a data directory it is
 * the one that was given; else nobody's.
 */
export function ensureAdminToken(settings: Settings, given: string | undefined): string {
  if (settings.state !== undefined) return given ?? createSecret(48);
  const file = path.join(settings.data, "admin-token");
  try {
    const token = readFileSync(file, "utf8").trim();
    if (token.length >= 32) return token;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
  }
  const token = createSecret(48);
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return token;
}

/** Where commands find the running server. */
export function serverFileOf(data: string): string {
  return path.join(data, "server.json");
}

/** @returns what takes the note away */
export function noteServer({ data, state }: Settings, url: string): () => void {
  if (state !== undefined) return () => {};
  const file = serverFileOf(data);
  writeFileSync(file, `${JSON.stringify({ pid: process.pid, url })}\n`, { mode: 0o600 });
  return () => {
    rmSync(file, { force: true });
  };
}

export function readCertificate(settings: Settings): Certificate | undefined {
  const { tlsCert, tlsKey } = settings;
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  return { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) };
}
