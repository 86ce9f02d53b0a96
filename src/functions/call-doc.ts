/** A call as its host reads it. */
import { Doc } from "../bson/doc.ts";
import { Binary, type Value } from "../bson/value.ts";
import type { RequestInfo, Scope } from "../config/scope.ts";
import type { User } from "../config/user.ts";
import type { EndpointRequest, FunctionCall } from "./function-call.ts";

/** @param scope as whom it runs */
export function toCallDoc(call: FunctionCall, scope: Scope): Doc {
  const { target, args, endpoint } = call;
  const { caller, user, request } = scope;
  const requestHeaders = request === undefined ? undefined : listsDoc(request.requestHeaders);
  return Doc.of({
    ...(target.kind === "named"
      ? { name: target.name }
      : { name: "source", source: target.source }),
    ...(target.kind === "source" && target.evalSource !== undefined
      ? { evaluate: target.evalSource }
      : {}),
    arguments: args,
    user: userDoc(caller),
    isSystem: user.type === "system",
    ...(request === undefined || requestHeaders === undefined
      ? {}
      : { request: requestDoc(request, requestHeaders) }),
    ...(endpoint === undefined
      ? {}
      : {
          endpoint: endpointDoc(
            endpoint,
            endpoint.headers === request?.requestHeaders ? requestHeaders : undefined,
          ),
        }),
  });
}

/** `context.user`: the system has neither id nor data. */
function userDoc({ id, type, data, customData, identities }: User): Doc {
  return Doc.of({
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
}

function requestDoc(request: RequestInfo, requestHeaders: Doc): Doc {
  const { httpMethod, httpReferrer, httpUserAgent, webhookUrl } = request;
  const optional = { httpMethod, httpReferrer, httpUserAgent, webhookUrl };
  return Doc.of({
    remoteIPAddress: request.remoteIPAddress,
    requestHeaders,
    rawQueryString: request.rawQueryString,
    service: request.service,
    action: request.action,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== "")),
  });
}

/** @param encoded the headers, where they are known already */
function endpointDoc({ query, headers, body }: EndpointRequest, encoded: Doc | undefined): Doc {
  return Doc.of({
    query: Doc.fromEntries(query),
    headers: encoded ?? listsDoc(headers),
    ...(body === undefined ? {} : { body: new Binary(0, body) }),
  });
}

function listsDoc(lists: ReadonlyMap<string, readonly string[]>): Doc {
  return Doc.fromEntries([...lists].map(([name, values]): [string, Value] => [name, values]));
}
