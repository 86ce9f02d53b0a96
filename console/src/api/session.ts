/** Who is signed in, kept in this browser until they sign out. */

export interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
}

const storageKey = "petiole.session";
const listeners = new Set<() => void>();
let current = read();

export function sessionNow(): Session | undefined {
  return current;
}

export function setSession(session: Session | undefined): void {
  current = session;
  if (session === undefined) localStorage.removeItem(storageKey);
  else localStorage.setItem(storageKey, JSON.stringify(session));
  for (const listener of listeners) listener();
}

/** For `useSyncExternalStore`. */
export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): Session | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "null");
    if (typeof kept !== "object" || kept === null) return undefined;
    const { accessToken, refreshToken } = kept as Partial<Session>;
    return typeof accessToken === "string" && typeof refreshToken === "string"
      ? { accessToken, refreshToken }
      : undefined;
  } catch {
    return undefined;
  }
}

// Signing out in one tab signs out in all.
globalThis.addEventListener("storage", (event) => {
  if (event.key !== storageKey) return;
  current = read();
  for (const listener of listeners) listener();
});
