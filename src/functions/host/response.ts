/** The second argument of an endpoint's function: what is to be answered. */
import { Binary } from "./bson-classes.ts";

export interface EndpointResult {
  /** Undefined where the function left the response alone. */
  read(): Readonly<Record<string, unknown>> | undefined;
}

const headersMax = 100;

export function createResponse(): { readonly response: object; readonly result: EndpointResult } {
  let status: number | undefined;
  let body: Binary | undefined;
  let headers: (readonly [string, string])[] = [];
  let isTouched = false;

  function addHeader(name: unknown, value: unknown): void {
    isTouched = true;
    if (headers.length >= headersMax)
      throw new Error(`a response has at most ${headersMax} headers`);
    headers.push([mustText(name, "name"), mustText(value, "value")]);
  }

  const response = {
    setStatusCode(code: unknown) {
      const number = Number(code);
      if (!Number.isInteger(number) || number < 200 || number > 599)
        throw new Error("setStatusCode: the status must be an integer from 200 to 599");
      isTouched = true;
      status = number;
    },
    setBody(content: unknown) {
      isTouched = true;
      if (typeof content === "string") body = new Binary(Buffer.from(content));
      else if (content instanceof Binary) body = content;
      else if (content instanceof Uint8Array) body = new Binary(Uint8Array.from(content));
      else throw new TypeError("setBody: the body must be a string or a BSON.Binary");
    },
    setHeader(name: unknown, value: unknown) {
      const wanted = mustText(name, "name").toLowerCase();
      headers = headers.filter(([each]) => each.toLowerCase() !== wanted);
      addHeader(name, value);
    },
    addHeader,
  };
  return {
    response,
    result: {
      read: () => (isTouched ? { status, body, headers } : undefined),
    },
  };
}

function mustText(value: unknown, what: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  throw new TypeError(`a header's ${what} must be a string`);
}
