/**
 * A call as its host reads it: four documents, so that it decodes only those that the function asks for.
 *
 * They are what is to be run, the user, the request, and what an endpoint's function is given.
 */
import { Doc } from "../bson/doc.ts";
import { Binary } from "../bson/value.ts";
import type { RequestInfo, Scope } from "../config/scope.ts";
import type { User } from "../config/user.ts";
import type { EndpointRequest, FunctionCall } from "./function-call.ts";

/** @param scope as whom it runs */
export function toCallDocs(call: FunctionCall, { caller, user, request }: Scope): readonly Doc[] {
  return [
    headDoc(call, user),
    userDoc(caller),
    request === undefined ? Doc.empty : requestDoc(request),
    call.endpoint === undefined ? Doc.empty : endpointDoc(call.endpoint),
  ];
}

function headDoc({ target, args, endpoint }: FunctionCall, { type }: User): Doc {
  const isSystem = type === "system";
  const isEndpoint = endpoint !== undefined;
  if (target.kind === "named")
    return Doc.of({ name: target.name, isSystem, isEndpoint, arguments: args });
  const { source, evalSource } = target;
  const evaluate = evalSource === undefined ? {} : { evaluate: evalSource };
  return Doc.of({ name: "source", isSystem, isEndpoint, arguments: args, source, ...evaluate });
}

/** Those of keys and of the system call often. */
const userDocs = new WeakMap<User, Doc>();

/** `context.user`: the system has neither id nor data. */
function userDoc(user: User): Doc {
  const known = userDocs.get(user);
  if (known !== undefined) return known;
  const { id, type, data, customData, identities } = user;
  const doc = Doc.of({
    id,
    type,
    data,
    custom_data: customData,
    identities: identities.map((identity) =>
      Doc.of({
        id: identity.id,
        provider_type: identity.providerType,
        provider_id: identity.providerId,
        ...(identity.data === undefined ? {} : { data: identity.data }),
      }),
    ),
  });
  const encoded = Doc.fromBytes(doc.toBytes());
  userDocs.set(user, encoded);
  return encoded;
}

/** Those of its fields that may be empty are left out then. */
const optional = ["httpMethod", "httpReferrer", "httpUserAgent", "webhookUrl"] as const;

function requestDoc(request: RequestInfo): Doc {
  const keys = ["remoteIPAddress", "requestHeaders", "rawQueryString", "service", "action"];
  const { remoteIPAddress, rawQueryString, service, action } = request;
  const values = [remoteIPAddress, linesOf(request), rawQueryString, service, action];
  for (const name of optional) {
    const value = request[name];
    if (value === "") continue;
    keys.push(name);
    values.push(value);
  }
  return Doc.fromParts(keys, values);
}

/** Names and values in turn, a line each: one text is quickly written and read, and most functions never look. */
function linesOf(request: RequestInfo): string {
  const { rawHeaders } = request;
  if (rawHeaders !== undefined) return rawHeaders.join("\n");
  // Not before it is needed: some make it from the others then.
  const { requestHeaders } = request;
  return [...requestHeaders]
    .flatMap(([name, values]) => values.flatMap((each) => [name, each]))
    .join("\n");
}

function endpointDoc({ query, body }: EndpointRequest): Doc {
  return Doc.of({
    query: Doc.fromEntries(query),
    ...(body === undefined ? {} : { body: new Binary(0, body) }),
  });
}
