/** What a function did to the response object of an endpoint, as its host tells it. */
import { Doc } from "../bson/doc.ts";
import { Binary, isArray, type Value } from "../bson/value.ts";
import type { EndpointResponse } from "./function-call.ts";

/** @returns undefined where it left the object alone */
export function readResponse(value: Value | undefined): EndpointResponse | undefined {
  if (!(value instanceof Doc)) return undefined;
  const status = value.get("status");
  const body = value.get("body");
  const headers = value.get("headers");
  return {
    status: typeof status === "number" ? status : undefined,
    body: body instanceof Binary ? body.bytes : undefined,
    headers: isArray(headers) ? headers.flatMap(readHeader) : [],
  };
}

function readHeader(pair: Value): readonly (readonly [string, string])[] {
  if (!isArray(pair)) return [];
  const [name, value] = pair;
  return typeof name === "string" && typeof value === "string" ? [[name, value]] : [];
}
