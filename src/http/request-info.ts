/** A request as rules and functions see it. Its parts are made when somebody asks: most calls never do. */
import type { IncomingMessage } from "node:http";
import type { RequestInfo } from "../config/scope.ts";
import { readHeaderLists } from "../kit/header-lists.ts";

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

  get rawHeaders(): readonly string[] {
    return this.#request.rawHeaders;
  }

  get requestHeaders(): ReadonlyMap<string, readonly string[]> {
    this.#headers ??= readHeaderLists(this.#request.rawHeaders);
    return this.#headers;
  }
}

/** What stands after the `?`. */
export function queryStringOf({ url = "" }: IncomingMessage): string {
  const start = url.indexOf("?");
  return start < 0 ? "" : url.slice(start + 1).replace(/#.*$/s, "");
}
