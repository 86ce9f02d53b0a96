/** The argument of `context.http.post(…)` and its sisters, checked. */
import { randomBytes } from "node:crypto";
import { Doc } from "../../bson/doc.ts";
import { Binary, isArray, isNumber, type Value } from "../../bson/value.ts";
import { Fault } from "../../kit/fault.ts";

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD";

export interface HttpRequest {
  readonly method: HttpMethod;
  /** `http:` or `https:`, without credentials. */
  readonly url: URL;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Uint8Array | undefined;
  readonly followsRedirects: boolean;
  readonly authUrl: URL | undefined;
  /** Credentials that are not sent before they are asked for. */
  readonly digest: { readonly username: string; readonly password: string } | undefined;
}

const methods: ReadonlyMap<unknown, HttpMethod> = new Map([
  ["get", "GET"],
  ["post", "POST"],
  ["put", "PUT"],
  ["patch", "PATCH"],
  ["delete", "DELETE"],
  ["head", "HEAD"],
]);

/** @throws {Fault} `InvalidParameter` as the original words it */
export function readHttpRequest(body: Doc): HttpRequest {
  const method = methods.get(body.get("method"));
  const options = body.get("options");
  if (method === undefined) throw new Fault("ServiceCommandNotFound", "command not found");
  if (!(options instanceof Doc))
    throw new Fault("InvalidParameter", "http request: argument must be an object");
  const url = readUrl(options);
  const username = textAt(options, "username") ?? decodeURIComponent(url.username);
  const password = textAt(options, "password") ?? decodeURIComponent(url.password);
  url.username = "";
  url.password = "";
  url.hash = "";
  const headers = readHeaders(options);
  const content = readContent(options, headers);
  const isDigest = switchAt(options, "digestAuth");
  if (username !== "" && !isDigest && !headers.has("authorization"))
    headers.set("authorization", [
      `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`,
    ]);
  const authUrl = textAt(options, "authUrl");
  return {
    method,
    url,
    headers,
    body: content,
    followsRedirects: switchAt(options, "followRedirects"),
    authUrl: authUrl === undefined ? undefined : mustUrl(authUrl, "authUrl"),
    digest: isDigest ? { username, password } : undefined,
  };
}

function wrong(name: string, wanted: string): Fault {
  return new Fault("InvalidParameter", `http request: "${name}" argument must be ${wanted}`);
}

function textAt(options: Doc, name: string): string | undefined {
  const value = options.get(name);
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw wrong(name, "a string");
}

function switchAt(options: Doc, name: string): boolean {
  const value = options.get(name);
  if (value === undefined || value === null || value === false) return false;
  if (value === true) return true;
  throw wrong(name, "a boolean");
}

function docAt(options: Doc, name: string): Doc {
  const value = options.get(name);
  if (value === undefined || value === null) return Doc.empty;
  if (value instanceof Doc) return value;
  throw wrong(name, "an object");
}

function readUrl(options: Doc): URL {
  const given = textAt(options, "url");
  if (given !== undefined) return mustUrl(given, "url");
  const host = textAt(options, "host") ?? textAt(options, "domain");
  if (host === undefined) throw wrong("url", "a string");
  const scheme = textAt(options, "scheme") ?? "https";
  const url = mustUrl(`${scheme}://${host}`, "host");
  const path = textAt(options, "path") ?? "";
  url.pathname = path;
  for (const [name, values] of docAt(options, "query").entries())
    for (const value of listOf(values, "query")) url.searchParams.append(name, value);
  return url;
}

function mustUrl(text: string, name: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw wrong(name, "a URL of http or https");
}

function readHeaders(options: Doc): Map<string, readonly string[]> {
  const headers = new Map<string, readonly string[]>();
  for (const [name, values] of docAt(options, "headers").entries()) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
      throw wrong("headers", "an object of header names");
    const list = listOf(values, "headers");
    if (list.some((value) => /[\0\r\n]/.test(value)))
      throw wrong("headers", "an object of lists of strings");
    const lower = name.toLowerCase();
    // The connection is the client's own.
    if (!ownHeaders.has(lower)) headers.set(lower, [...(headers.get(lower) ?? []), ...list]);
  }
  const cookies = docAt(options, "cookies").entries();
  const pairs = [...cookies].map(([name, value]) => `${name}=${listOf(value, "cookies").join("")}`);
  if (pairs.some((pair) => /[\0\r\n;]/.test(pair))) throw wrong("cookies", "an object of strings");
  if (pairs.length > 0)
    headers.set("cookie", [[...(headers.get("cookie") ?? []), ...pairs].join("; ")]);
  return headers;
}

const ownHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

function listOf(value: Value, name: string): readonly string[] {
  if (isArray(value)) return value.map((each) => mustScalar(each, name));
  return [mustScalar(value, name)];
}

function mustScalar(value: Value, name: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || typeof value === "number" || typeof value === "bigint")
    return String(value);
  if (isNumber(value) && "value" in value) return String(value.value);
  throw wrong(name, "an object of lists of strings");
}

function readContent(
  options: Doc,
  headers: Map<string, readonly string[]>,
): Uint8Array | undefined {
  const body = options.get("body");
  const form = options.get("form");
  if (form !== undefined && form !== null) {
    if (body !== undefined && body !== null)
      throw new Fault("InvalidParameter", 'http request: "body" and "form" can not both be there');
    return writeForm(docAt(options, "form"), headers);
  }
  if (body === undefined || body === null) return undefined;
  if (body instanceof Binary) return body.bytes;
  if (typeof body !== "string")
    throw wrong("body", "a string or a binary, or encodeBodyAsJSON true");
  if (options.get("encodeBodyAsJSON") === true && !headers.has("content-type"))
    headers.set("content-type", ["application/json"]);
  return Buffer.from(body);
}

function writeForm(form: Doc, headers: Map<string, readonly string[]>): Buffer {
  const boundary = randomBytes(24).toString("hex");
  headers.set("content-type", [`multipart/form-data; boundary=${boundary}`]);
  const parts: Buffer[] = [];
  for (const [name, value] of form.entries()) {
    const safe = name.replace(/["\r\n]/g, (char) => encodeURIComponent(char));
    parts.push(
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${safe}"\r\n\r\n`),
      value instanceof Binary ? Buffer.from(value.bytes) : Buffer.from(mustScalar(value, "form")),
      Buffer.from("\r\n"),
    );
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return Buffer.concat(parts);
}
