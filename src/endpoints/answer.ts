/** What a function returned, and what it did to its response object → what is answered. */
import type { EndpointConfig } from "../config/app-config.ts";
import type { Value } from "../bson/value.ts";
import type { EndpointResponse, FunctionOutcome } from "../functions/function-call.ts";
import { Fault } from "../kit/fault.ts";
import { contentTypeOfBytes } from "./content-type.ts";
import { readHeaders } from "./response-headers.ts";

export interface EndpointAnswer {
  readonly status: number;
  /** Names and values in turn, without `Content-Length`; a `Content-Type` wherever there are `bytes`. */
  readonly headers: readonly string[];
  readonly body:
    | { readonly kind: "none" }
    | { readonly kind: "bytes"; readonly bytes: Uint8Array }
    /** To be printed as JSON or EJSON, whichever the caller takes; undefined: nothing was returned. */
    | { readonly kind: "value"; readonly value: Value | undefined };
}

type Returned = Extract<FunctionOutcome["end"], { kind: "returned" }>;

const none = { kind: "none" } as const;

/**
 * Applies the rules by which an endpoint answers.
 *
 * @throws {Fault} `FunctionExecutionError` for a status or header that HTTP has not
 */
export function answerOf(
  { value, response }: Returned,
  { respondResult }: Pick<EndpointConfig, "respondResult">,
): EndpointAnswer {
  if (!respondResult) {
    // Atlas: the reference says 204, the guide to converting webhooks shows a status that a function set.
    return { status: statusOf(response, 204), headers: [], body: none };
  }
  if (response === undefined) return { status: 200, headers: [], body: { kind: "value", value } };
  const status = statusOf(response, 200);
  const headers = readHeaders(response.headers);
  if (isEmpty(status)) return { status, headers: withoutType(headers), body: none };
  const { body } = response;
  if (body !== undefined) return { status, headers: withType(headers, body), body: toBytes(body) };
  // Atlas: as the guide shows, a status alone leaves what was returned as the body. Nothing returned: no body.
  if (value === undefined) return { status, headers, body: none };
  return { status, headers, body: { kind: "value", value } };
}

function toBytes(bytes: Uint8Array): EndpointAnswer["body"] {
  return { kind: "bytes", bytes };
}

function statusOf(response: EndpointResponse | undefined, otherwise: number): number {
  const status = response?.status ?? otherwise;
  if (Number.isInteger(status) && status >= 200 && status <= 599) return status;
  throw new Fault("FunctionExecutionError", `the status code must be 200 to 599, not ${status}`);
}

/** Statuses that never have a body. */
function isEmpty(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

function withType(headers: readonly string[], body: Uint8Array): readonly string[] {
  if (hasHeader(headers, "content-type")) return headers;
  return [
    ...headers,
    "Content-Type",
    contentTypeOfBytes(body),
    "X-Content-Type-Options",
    "nosniff",
  ];
}

function withoutType(headers: readonly string[]): readonly string[] {
  return headers.filter(
    (_, index) => headers[index - (index % 2)]?.toLowerCase() !== "content-type",
  );
}

/** @param name in small letters */
export function hasHeader(headers: readonly string[], name: string): boolean {
  return headers.some((each, index) => index % 2 === 0 && each.toLowerCase() === name);
}
