/**
 * Servers that somebody has logged in to from this account: kept in a file of theirs, readable by nobody else.
 *
 * Only the token that gets others is kept, never a password or a private key.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

export interface Login {
  /** Scheme, host and port, without a slash at the end. */
  readonly url: string;
  readonly refreshToken: string;
}

/** The last one first. */
export function readLogins(): readonly Login[] {
  try {
    const found = JSON.parse(readFileSync(loginFile(), "utf8")) as unknown;
    return Array.isArray(found) ? found.filter(isLogin) : [];
  } catch {
    return []; // Nobody has logged in, or the file is half a file: then they do so again.
  }
}

export function keepLogin(login: Login): void {
  writeLogins([login, ...readLogins().filter(({ url }) => url !== login.url)]);
}

/** @returns the login that is forgotten; undefined where there is none */
export function forgetLogin(url: string | undefined): Login | undefined {
  const logins = readLogins();
  const gone = url === undefined ? logins[0] : logins.find((each) => each.url === url);
  if (gone !== undefined) writeLogins(logins.filter((each) => each !== gone));
  return gone;
}

function writeLogins(logins: readonly Login[]): void {
  const file = loginFile();
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const made = `${file}.${process.pid}`;
  writeFileSync(made, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600 });
  renameSync(made, file);
}

function loginFile(): string {
  const config = process.env["XDG_CONFIG_HOME"] || path.join(homedir(), ".config");
  return path.join(config, "petiole", "logins.json");
}

function isLogin(each: unknown): each is Login {
  const { url, refreshToken } = (each ?? {}) as Partial<Login>;
  return typeof url === "string" && typeof refreshToken === "string";
}
