import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** The part of Facebook's Graph API that a login needs, for one app and one user. */
export interface GraphApi {
  readonly url: string;
  close(): Promise<void>;
}

export interface GraphUser {
  readonly appId: string;
  readonly appSecret: string;
  /** The user's access token; `code` is exchanged for it. */
  readonly token: string;
  readonly code: string;
  /** A token of the same user that was given to another app. */
  readonly foreignToken: string;
  readonly profile: Readonly<Record<string, unknown>>;
}

export async function startGraphApi(user: GraphUser): Promise<GraphApi> {
  const server = createServer((request, response) => {
    const answer = answerTo(request, user);
    response.writeHead(answer === undefined ? 400 : 200, { "Content-Type": "application/json" });
    response.end(JSON.stringify(answer ?? { error: { message: "no" } }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function answerTo(request: IncomingMessage, user: GraphUser): unknown {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://graph");
  const get = (name: string): string => searchParams.get(name) ?? "";
  const token = get("access_token");
  switch (pathname.replace(/^\/v\d+\.\d+\//, "")) {
    case "oauth/access_token":
      return get("code") === user.code && get("client_secret") === user.appSecret
        ? { access_token: user.token, token_type: "bearer" }
        : undefined;
    case "debug_token": {
      const isForeign = get("input_token") === user.foreignToken;
      if (token !== `${user.appId}|${user.appSecret}`) return undefined;
      const isValid = isForeign || get("input_token") === user.token;
      const appId = isForeign ? "another app" : user.appId;
      return { data: { app_id: appId, is_valid: isValid, user_id: user.profile["id"] } };
    }
    case "me":
      return get("appsecret_proof") ===
        createHmac("sha256", user.appSecret).update(token).digest("hex") && token === user.token
        ? user.profile
        : undefined;
    default:
      return undefined;
  }
}
