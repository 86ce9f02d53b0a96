/** A request as rules and functions see it. Its parts are made when somebody asks: most calls never do. */
import type { IncomingMessage } from "node:http";
import type { RequestInfo } from "../config/scope.ts";

/** What the request line and the headers do not tell. */
export interface RequestPlace {
  readonly remoteIPAddress: string;
  readonly service: string;
  readonly action: string;
  readonly webhookUrl: string;
}

/** @param rawQueryString instead of the URL's own, where a secret was taken out of it */
export function createRequestInfo(
  request: IncomingMessage,
  place: () => RequestPlace,
  rawQueryString?: string,
): RequestInfo {
  return new LazyRequestInfo(request, place, rawQueryString);
}

class LazyRequestInfo implements RequestInfo {
  readonly #request: IncomingMessage;
  readonly #place: () => RequestPlace;
  readonly #query: string | undefined;
  #headers: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(request: IncomingMessage, place: () => RequestPlace, query: string | undefined) {
    this.#request = request;
    this.#place = place;
    this.#query = query;
  }

  get httpMethod(): string {
    return this.#request.method ?? "";
  }

  get httpReferrer(): string {
    return this.#request.headers.referer ?? "";
  }

  get httpUserAgent(): string {
    return this.#request.headers["user-agent"] ?? "";
  }

  get rawQueryString(): string {
    return this.#query ?? queryStringOf(this.#request);
  }

  get remoteIPAddress(): string {
    return this.#place().remoteIPAddress;
  }

  get service(): string {
    return this.#place().service;
  }

  get action(): string {
    return this.#place().action;
  }

  get webhookUrl(): string {
    return this.#place().webhookUrl;
  }

  get requestHeaders(): ReadonlyMap<string, readonly string[]> {
    this.#headers ??= readHeaders(this.#request.rawHeaders);
    return this.#headers;
  }
}

function readHeaders(raw: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = toCanonical(raw[at] ?? "");
    const values = found.get(name);
    if (values === undefined) found.set(name, [raw[at + 1] ?? ""]);
    else values.push(raw[at + 1] ?? "");
  }
  return found;
}

/** Names as they came → as Go writes them. Clients send few of them, but may make up many. */
const canonicalNames = new Map<string, string>();
const canonicalNamesMax = 1000;

/** As Go writes header names: `content-TYPE` → `Content-Type`. */
function toCanonical(name: string): string {
  const known = canonicalNames.get(name);
  if (known !== undefined) return known;
  const made = name
    .split("-")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1).toLowerCase())
    .join("-");
  if (canonicalNames.size < canonicalNamesMax) canonicalNames.set(name, made);
  return made;
}

/** What stands after the `?`. */
export function queryStringOf({ url = "" }: IncomingMessage): string {
  const start = url.indexOf("?");
  return start < 0 ? "" : url.slice(start + 1).replace(/#.*$/s, "");
}
