/** Expansions: `%%user.id` → where the value comes from, and the value. */
import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import type { AppConfig } from "../../config/app-config.ts";
import type { RequestInfo, Scope } from "../../config/scope.ts";
import type { User } from "../../config/user.ts";
import type { Eventual } from "./eventual.ts";
import type { Left, Reference, Source } from "./node.ts";

/** What an expression may read. Where a document is missing, undefined. */
export interface Documents {
  readonly root: Doc | undefined;
  readonly prevRoot: Doc | undefined;
  readonly this: Value | undefined;
  readonly prev: Value | undefined;
}

export const noDocuments: Documents = {
  root: undefined,
  prevRoot: undefined,
  this: undefined,
  prev: undefined,
};

/** The secret behind a value of the app, by the secret's name; undefined where it is not set. */
export type ReadSecret = (appId: string, name: string) => Eventual<string | undefined>;

const sources: ReadonlyMap<string, Source> = new Map(
  (
    [
      "user",
      "request",
      "values",
      "environment",
      "args",
      "root",
      "prevRoot",
      "this",
      "prev",
    ] as const
  ).map((each) => [each, each]),
);

/** @param text begins with `%%` @returns undefined for an expansion that is none */
export function parseReference(text: string): Reference | undefined {
  const dot = text.indexOf(".");
  const source = sources.get(text.slice(2, dot < 0 ? undefined : dot));
  if (source === undefined) return undefined;
  return { source, path: dot < 0 ? "" : text.slice(dot + 1) };
}

export function printReference({ source, path }: Reference): string {
  return path === "" ? `%%${source}` : `%%${source}.${path}`;
}

/** What a path leads to: through an array to what its elements hold, or to one of them by its number. */
export function valueAt(base: Value | undefined, path: string): Value | undefined {
  if (path === "" || base === undefined) return base;
  const dot = path.indexOf(".");
  const name = dot < 0 ? path : path.slice(0, dot);
  const rest = dot < 0 ? "" : path.slice(dot + 1);
  if (base instanceof Doc) return valueAt(base.get(name), rest);
  if (!isArray(base)) return undefined;
  if (/^\d{1,9}$/.test(name)) return valueAt(base[Number(name)], rest);
  const found: Value[] = [];
  for (const each of base) {
    const value = each instanceof Doc ? valueAt(each, path) : undefined;
    if (value !== undefined) found.push(value);
  }
  return found.length === 0 ? undefined : found;
}

/** The value of an expansion that does not depend on a document. */
export function resolveOfRequest(
  { source, path }: Reference,
  scope: Scope,
  args: Value | undefined,
  readSecret: ReadSecret | undefined,
): Eventual<Value | undefined> {
  switch (source) {
    case "user":
      return valueAt(userDoc(actingUser(scope)), path);
    case "request":
      return scope.request === undefined ? undefined : resolveRequest(scope.request, path);
    case "values":
      return resolveValue(scope, path, readSecret);
    case "environment":
      return scope.config === undefined ? undefined : valueAt(environmentDoc(scope.config), path);
    case "args":
      return valueAt(args, path);
    default:
      return undefined;
  }
}

/** Where the path of a reference begins. */
export function baseOf(left: Left, documents: Documents): Value | undefined {
  switch (left.source) {
    case "found":
      return left.value;
    case "root":
      return documents.root;
    case "prevRoot":
      return documents.prevRoot;
    case "this":
      return documents.this;
    case "prev":
      return documents.prev;
    default:
      return undefined;
  }
}

/** As whom data is read and written; what runs as the system was asked for by somebody. */
function actingUser({ user, caller }: Scope): User {
  return user.type === "system" ? caller : user;
}

const userDocs = new WeakMap<User, Doc>();

function userDoc(user: User): Doc {
  const known = userDocs.get(user);
  if (known !== undefined) return known;
  const identities = user.identities.map((each) =>
    Doc.of({
      id: each.id,
      provider_type: each.providerType,
      // The original's documentation has both spellings.
      providerType: each.providerType,
      provider_id: each.providerId,
      data: each.data ?? Doc.empty,
    }),
  );
  const { id, type, data, customData } = user;
  const made = Doc.of({ id, type, data, custom_data: customData, identities });
  userDocs.set(user, made);
  return made;
}

const headerPrefix = "requestHeaders.";

/** Header names are what HTTP makes of them: the case does not count. */
function resolveRequest(request: RequestInfo, path: string): Value | undefined {
  if (path === "requestHeaders") return headersDoc(request);
  if (!path.startsWith(headerPrefix)) return valueAt(requestDoc(request), path);
  const rest = path.slice(headerPrefix.length).toLowerCase();
  for (const [name, values] of request.requestHeaders) {
    const lower = name.toLowerCase();
    if (lower === rest) return values;
    if (rest.startsWith(`${lower}.`)) return valueAt(values, rest.slice(lower.length + 1));
  }
  return undefined;
}

function headersDoc({ requestHeaders }: RequestInfo): Doc {
  return Doc.fromEntries(requestHeaders);
}

function requestDoc(request: RequestInfo): Doc {
  const { httpMethod, httpReferrer, httpUserAgent, rawQueryString } = request;
  const { remoteIPAddress, service, action, webhookUrl } = request;
  return Doc.of({
    httpMethod,
    httpReferrer,
    httpUserAgent,
    rawQueryString,
    remoteIPAddress,
    requestHeaders: headersDoc(request),
    service,
    action,
    webhookUrl,
  });
}

function resolveValue(
  { app, config }: Scope,
  path: string,
  readSecret: ReadSecret | undefined,
): Eventual<Value | undefined> {
  const dot = path.indexOf(".");
  const value = config?.values.get(dot < 0 ? path : path.slice(0, dot));
  if (value === undefined) return undefined;
  if (value.kind === "plain") return valueAt(value.value, dot < 0 ? "" : path.slice(dot + 1));
  return dot < 0 ? readSecret?.(app.id, value.secretName) : undefined;
}

const environmentDocs = new WeakMap<AppConfig, Doc>();

function environmentDoc(config: AppConfig): Doc {
  const known = environmentDocs.get(config);
  if (known !== undefined) return known;
  const values = config.environments.get(config.environment)?.values ?? [];
  const made = Doc.of({ tag: config.environment, values: Doc.fromEntries(values) });
  environmentDocs.set(config, made);
  return made;
}
