/**
 * `context.http`: requests that the server sends for a function.
 *
 * Every connection is looked at when it is made, with the address that the name has led to: redirects and names that
 * change their address are caught where it counts.
 */
import type { Dispatcher } from "undici";
import { Doc } from "../bson/doc.ts";
import { Binary, toInteger, type Value } from "../bson/value.ts";
import { Fault } from "../kit/fault.ts";
import type { AddressRules } from "./addresses.ts";
import { answerDigest } from "./http-service/digest.ts";
import { createAgent, RefusedAddress } from "./http-service/guarded-agent.ts";
import { type HttpRequest, readHttpRequest } from "./http-service/request.ts";

export interface HttpService {
  /** @throws {Fault} `InvalidParameter`, `RestrictedHost`, `HTTPError` */
  call(body: Doc, signal: AbortSignal): Promise<Value>;
  close(): Promise<void>;
}

const redirectsMax = 10;
const responseBytesMax = 16 * 2 ** 20;

/** @param rules which addresses may be connected to */
export function openHttpService(rules: AddressRules): HttpService {
  // Loaded with the first request: few functions send any.
  let opened: Promise<{ readonly request: typeof Dispatcher.prototype.request }> | undefined;
  let agent: Dispatcher | undefined;

  async function send(request: HttpRequest, signal: AbortSignal): Promise<Answer> {
    opened ??= createAgent(rules).then((made) => {
      agent = made;
      return { request: made.request.bind(made) };
    });
    const { url, method, headers, body } = request;
    const sent = await (
      await opened
    ).request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers: headersOf(headers),
      body: body ?? null,
      signal,
    });
    return {
      status: sent.statusCode,
      reason: sent.statusText,
      headers: sent.headers,
      body: await readAll(sent.body, signal),
    };
  }

  async function run(request: HttpRequest, signal: AbortSignal): Promise<Answer> {
    let next = await authorized(request, signal);
    for (let hop = 0; ; hop += 1) {
      const answer = await send(next, signal);
      const renewed = next.digest === undefined ? undefined : answerDigest(next, answer.headers);
      if (answer.status === 401 && renewed !== undefined) {
        next = renewed;
        continue;
      }
      const target = request.followsRedirects ? redirectOf(answer, next.url) : undefined;
      if (target === undefined) return answer;
      if (hop >= redirectsMax)
        throw new Fault("HTTPError", `http request: stopped after ${redirectsMax} redirects`);
      next = redirected(next, target, answer.status);
    }
  }

  /** `authUrl` gives the cookies that the request goes with. */
  async function authorized(request: HttpRequest, signal: AbortSignal): Promise<HttpRequest> {
    const { authUrl } = request;
    if (authUrl === undefined) return request;
    const headers = new Map<string, readonly string[]>();
    const answer = await send(
      { ...request, url: authUrl, method: "GET", headers, body: undefined },
      signal,
    );
    const cookies = [...cookiesOf(answer.headers)].map(([name, value]) => `${name}=${value}`);
    const given = request.headers.get("cookie") ?? [];
    const all = [...given, ...cookies].join("; ");
    return { ...request, headers: new Map([...request.headers, ["cookie", [all]]]) };
  }

  return {
    async call(body, signal) {
      try {
        return toDoc(await run(readHttpRequest(body), signal));
      } catch (cause) {
        throw wordFailure(cause);
      }
    },
    async close() {
      await agent?.destroy();
    },
  };
}

interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

function headersOf(headers: HttpRequest["headers"]): Record<string, string | string[]> {
  return Object.fromEntries([...headers].map(([name, values]) => [name, [...values]]));
}

async function readAll(body: AsyncIterable<Buffer>, signal: AbortSignal): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > responseBytesMax)
      throw new Fault(
        "HTTPError",
        `http request: the response has more than ${responseBytesMax} bytes`,
      );
    if (signal.aborted) throw new Fault("HTTPError", "http request: given up");
    parts.push(part);
  }
  return Buffer.concat(parts, length);
}

function redirectOf({ status, headers }: Answer, from: URL): URL | undefined {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || typeof location !== "string") return undefined;
  if (!URL.canParse(location, from.href)) return undefined;
  const target = new URL(location, from);
  return target.protocol === "http:" || target.protocol === "https:" ? target : undefined;
}

function redirected(request: HttpRequest, url: URL, status: number): HttpRequest {
  const keepsMethod = status === 307 || status === 308;
  const headers = new Map(request.headers);
  // Credentials are for the host they were given for.
  const isElsewhere = url.host !== request.url.host;
  if (isElsewhere) for (const name of ["authorization", "cookie"]) headers.delete(name);
  const digest = isElsewhere ? undefined : request.digest;
  if (keepsMethod) return { ...request, url, headers, digest };
  for (const name of ["content-type", "content-length"]) headers.delete(name);
  const method = request.method === "HEAD" ? "HEAD" : "GET";
  return { ...request, url, method, headers, digest, body: undefined };
}

function toDoc({ status, reason, headers, body }: Answer): Doc {
  return Doc.of({
    status: reason === "" ? String(status) : `${status} ${reason}`,
    statusCode: status,
    contentLength: toInteger(body.length),
    headers: Doc.fromEntries(
      Object.entries(headers).map(([name, value]): [string, Value] => [
        canonical(name),
        Array.isArray(value) ? value : [value ?? ""],
      ]),
    ),
    cookies: Doc.fromEntries(
      [...cookiesOf(headers)].map(([name, value]): [string, Value] => [name, Doc.of({ value })]),
    ),
    body: new Binary(0, body),
  });
}

/** As Go writes header names, which the original showed: `Content-Type`. */
function canonical(name: string): string {
  return name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

function cookiesOf(headers: Answer["headers"]): ReadonlyMap<string, string> {
  const given = headers["set-cookie"];
  const lines = given === undefined ? [] : Array.isArray(given) ? given : [given];
  return new Map(
    lines.flatMap((line) => {
      const [pair = ""] = line.split(";", 1);
      const at = pair.indexOf("=");
      return at < 1 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const];
    }),
  );
}

function wordFailure(cause: unknown): unknown {
  if (cause instanceof Fault) return cause;
  if (cause instanceof RefusedAddress)
    return new Fault("RestrictedHost", `http request: ${cause.message}`, { cause });
  if (!(cause instanceof Error) || cause.name === "AbortError" || cause instanceof DOMException)
    return cause;
  // The cause of a failed connection, where undici wraps it.
  if (cause.cause instanceof RefusedAddress) return wordFailure(cause.cause);
  return new Fault("HTTPError", `http request: ${cause.message || cause.name}`, { cause });
}
