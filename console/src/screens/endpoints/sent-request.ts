/** A request to an endpoint, as it is made and written. */
import type { Endpoint } from "../../api/parts-of-app.ts";

/** What is typed of it. */
export interface RequestDraft {
  /** Of an endpoint that takes any. */
  readonly method: string;
  readonly query: string;
  readonly key: string;
  /** `Name: value`, a line each. */
  readonly headers: string;
  readonly body: string;
}

export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
  readonly ms: number;
  /** Its id in the log; empty where it has none. */
  readonly logId: string;
}

/**
 * @param base of the app's endpoints
 * @param secret that the endpoint checks; empty where it is not to be sent
 * @throws {Error} where the browser can not sign
 */
export async function makeRequest(
  base: string,
  { route, http_method: fixed, validation_method: validation }: Endpoint,
  draft: RequestDraft,
  secret: string,
): Promise<SentRequest> {
  const method = fixed === "*" ? draft.method : fixed;
  const body = method === "GET" ? undefined : draft.body;
  const query = new URLSearchParams(draft.query);
  if (secret !== "" && validation === "SECRET_AS_QUERY_PARAM") query.set("secret", secret);
  const search = query.toString();
  return {
    method,
    url: `${base}${route}${search === "" ? "" : `?${search}`}`,
    headers: {
      ...(body !== undefined && { "Content-Type": "application/json" }),
      ...(draft.key !== "" && { apiKey: draft.key }),
      ...(secret !== "" &&
        validation === "VERIFY_PAYLOAD" && {
          "Endpoint-Signature": `sha256=${await sign(body ?? "", secret)}`,
        }),
      ...readHeaders(draft.headers),
    },
    body,
  };
}

export async function send({ method, url, headers, body }: SentRequest): Promise<Answer> {
  const startedAt = performance.now();
  const response = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
  const text = await response.text();
  return {
    status: response.status,
    headers: [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n"),
    body: text,
    ms: performance.now() - startedAt,
    logId: response.headers.get("x-request-id") ?? "",
  };
}

export function toCurl({ method, url, headers, body }: SentRequest): string {
  const lines = [
    `curl -X ${method} ${quoted(url)}`,
    ...Object.entries(headers).map(([name, value]) => `  -H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`  -d ${quoted(body)}`]),
  ];
  return lines.join(" \\\n");
}

/** For a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function readHeaders(text: string): Readonly<Record<string, string>> {
  const lines = text.split("\n").filter((line) => line.includes(":"));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(":");
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()] as const;
    }),
  );
}

async function sign(body: string, secret: string): Promise<string> {
  // Browsers have it on pages of https, and of this machine.
  if (!globalThis.isSecureContext)
    throw new Error("this browser signs on pages of https:// alone: open the console over TLS");
  const { subtle } = crypto;
  const encoder = new TextEncoder();
  const key = await subtle.importKey(
    "raw",
    encoder.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const signature = new Uint8Array(await subtle.sign("HMAC", key, encoder.encode(body)));
  return [...signature].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
