/** What the client API works on; made once, by `server.ts`. */
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Auth } from "../auth/auth.ts";
import type { OauthRedirects } from "../auth/oauth-redirects.ts";
import type { Doc } from "../bson/doc.ts";
import type { AppRegistry } from "../config/app-registry.ts";
import type { App } from "../config/app.ts";
import type { LiveConfigs } from "../config/live-configs.ts";
import type { RequestInfo } from "../config/scope.ts";
import type { Functions } from "../functions/function-call.ts";
import type { Limits } from "../kit/limits.ts";
import type { Entries } from "../logs/entries.ts";
import type { DataAccess } from "../rules/open-namespace.ts";

export interface ClientServices {
  readonly apps: AppRegistry;
  readonly configs: LiveConfigs;
  readonly auth: Auth;
  readonly oauth: OauthRedirects;
  readonly access: DataAccess;
  readonly functions: Functions;
  /** The server's; an app may have its own. */
  readonly limits: Limits;
  /** What is logged of each request. */
  readonly entries: Entries;
  /** Takes and gives back a place among the requests that are worked on at once. */
  readonly admission: {
    /** @throws {Fault} `TooManyRequests` */
    enter(appId: string): void;
    leave(appId: string): void;
  };
  readonly http: ClientHttp;
  /** False from the moment on when the server is to end. */
  readonly isReady: () => boolean;
}

/** What the client API needs of the HTTP server. */
export interface ClientHttp {
  /** The value of `Access-Control-Allow-Origin`. @throws {Fault} `Forbidden` */
  allowOrigin(origin: string, allowed: readonly string[]): string;
  /** Names and values in turn. */
  preflight(headers: IncomingHttpHeaders, methods: string): readonly string[];
  /** The address under which a request reached this server, without a slash at its end. */
  baseUrl(request: IncomingMessage): string;
  /** @throws {Fault} `Forbidden` for an address that an app lets not in, `TooManyRequests` */
  mustAdmit(app: App, request: IncomingMessage): Promise<void>;
  clientAddress(request: IncomingMessage): string;
  requestInfo(request: IncomingMessage, place: { service: string; action: string }): RequestInfo;
  /** Reads EJSON; big texts elsewhere than on the event loop. @throws {Fault} `InvalidParameter` */
  parse(text: Buffer): Doc | Promise<Doc>;
  /** Canonical EJSON of a document that is too big for the event loop; undefined for one that is not. */
  printHeavy(doc: Doc): Promise<Buffer> | undefined;
}
