/** What the client API gets of this server. */
import type { Auth } from "../auth/auth.ts";
import type { OauthRedirects } from "../auth/oauth-redirects.ts";
import { parseEjson } from "../bson/parse-ejson.ts";
import type { ClientServices } from "../client-api/client-services.ts";
import type { Entries } from "../logs/entries.ts";
import { mustBeOnList } from "./admit.ts";
import { mustAllowOrigin, preflightHeaders } from "./cors.ts";
import { heavyBytesMin } from "./heavy-text.ts";
import { createRequestInfo } from "./request-info.ts";
import type { Services } from "./services.ts";

/** Where identity providers send browsers back to. */
export const oauthCallbackPath = "/api/client/v2.0/auth/callback";

export function clientServicesOf(
  services: Services,
  {
    auth,
    oauth,
    entries,
  }: { readonly auth: Auth; readonly oauth: OauthRedirects; readonly entries: Entries },
): ClientServices {
  const { apps, configs, access, functions, limits, admission, forwarding, heavyText } = services;
  return {
    apps,
    configs,
    auth,
    oauth,
    entries,
    access,
    functions,
    limits,
    admission,
    isReady: services.isReady,
    http: {
      allowOrigin: mustAllowOrigin,
      preflight: (headers, methods) =>
        preflightHeaders(headers, methods, {
          allowsCredentialHeaders: services.corsCredentialHeaders,
        }),
      baseUrl: (request) => forwarding.baseUrl(request),
      async mustAdmit(app, request) {
        const address = forwarding.clientAddress(request);
        mustBeOnList(app, address);
        await services.rateLimits.byAddress(app, () => address);
      },
      clientAddress: (request) => forwarding.clientAddress(request),
      requestInfo: (request, place) =>
        createRequestInfo(request, () => ({
          remoteIPAddress: forwarding.clientAddress(request),
          webhookUrl: "",
          ...place,
        })),
      parse: (text) => (text.length < heavyBytesMin ? parseEjson(text) : heavyText.parse(text)),
      printHeavy: (doc) =>
        doc.toBytes().length < heavyBytesMin ? undefined : heavyText.print(doc, "canonical"),
    },
  };
}
