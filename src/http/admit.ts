/** What every call to an app goes through first: the app, the browser's origin, the deadline. */
import { mayCallFrom } from "../config/access-list.ts";
import { limitsOf } from "../config/app-limits.ts";
import type { App } from "../config/app.ts";
import { Fault } from "../kit/fault.ts";
import { ClientGone } from "./body.ts";
import { mustAllowOrigin, preflightHeaders } from "./cors.ts";
import type { Exchange } from "./exchange.ts";
import { sendEmpty } from "./reply.ts";
import type { Services } from "./services.ts";

/** Finds the app and checks the browser's origin. */
export function admit(exchange: Exchange, appId: string, services: Services): App {
  const { request } = exchange;
  const { origin } = request.headers;
  if (origin !== undefined) exchange.allowedOrigin = "*";
  if (request.httpVersionMajor === 1 && request.httpVersionMinor === 0)
    throw new Fault("HTTPVersionNotSupported", "HTTP/1.1 or newer is required");
  const app = services.apps.find(appId);
  if (app === undefined)
    throw new Fault("AppNotFound", `cannot find app using Client App ID '${appId}'`);
  exchange.appId = app.clientAppId;
  exchange.entry.appId = app.id;
  exchange.entry.type = "ENDPOINT";
  if (app.accessList !== undefined) mustBeOnList(app, services.forwarding.clientAddress(request));
  if (origin !== undefined) {
    // An origin that is refused must not read why.
    exchange.allowedOrigin = undefined;
    exchange.allowedOrigin = mustAllowOrigin(origin, app.allowedOrigins);
  }
  return app;
}

/**
 * Atlas: with what the original refused such a call is not told.
 *
 * @throws {Fault} `Forbidden`
 */
export function mustBeOnList({ accessList }: App, address: string): void {
  if (mayCallFrom(accessList, address)) return;
  throw new Fault("Forbidden", "this address is not on the access list of the app");
}

/** Ties the work to its time and to its client, from the end of the request's body on. */
export function watch(exchange: Exchange, app: App, { deadlines, limits }: Services): void {
  exchange.endsAt = performance.now() + limitsOf(app, limits).processingMsMax;
  deadlines.add(exchange);
  exchange.response.on("close", () => {
    if (!exchange.isAnswered) exchange.abort(new ClientGone());
  });
}

/** Answers `OPTIONS`, of a browser that asks first or of anybody else. @param methods as in `Allow` */
export function answerOptions(exchange: Exchange, methods: string, services: Services): void {
  const { headers } = exchange.request;
  const asked = headers["access-control-request-method"];
  if (asked === undefined) {
    sendEmpty(exchange, 204, [
      "Allow",
      methods.includes("OPTIONS") ? methods : `OPTIONS, ${methods}`,
    ]);
    return;
  }
  const answered = preflightHeaders(headers, methods, {
    allowsCredentialHeaders: services.corsCredentialHeaders,
  });
  sendEmpty(exchange, 204, answered);
}

export function endpointNotFound(): Fault {
  return new Fault("EndpointNotFound", "no matching endpoint found");
}
