/** The last calls that the console made, newest first. */
export interface NotedCall {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  readonly status: number;
  readonly ms: number;
}

const keptMax = 50;
/** Of a body that is text: documents may be big. */
const textCharsMax = 20_000;
const hidden = /password|apiKey|token|secret|value/i;
const listeners = new Set<() => void>();
let calls: readonly NotedCall[] = [];

export function notedCalls(): readonly NotedCall[] {
  return calls;
}

export function noteCall(made: NotedCall): void {
  calls = [{ ...made, body: withoutSecrets(made.body) }, ...calls].slice(0, keptMax);
  for (const listener of listeners) listener();
}

/** For `useSyncExternalStore`. */
export function onCall(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function withoutSecrets(body: unknown): unknown {
  if (typeof body === "string")
    return body.length > textCharsMax ? `${copyOf(body.slice(0, textCharsMax))}…` : body;
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      hidden.test(name) && typeof value === "string" ? "…" : value,
    ]),
  );
}

/** What is cut out of a text would keep all of it in memory. */
function copyOf(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
