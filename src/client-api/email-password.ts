import type { FastifyInstance } from "fastify";
import { fieldOf, mustList, mustText } from "../actions/fields.ts";
import type { LoginContext } from "../auth/provider.ts";
import type { Doc } from "../bson/doc.ts";
import { noting } from "./auth-event.ts";
import { appRoute, typed } from "./call.ts";
import type { ClientServices } from "./client-services.ts";
import { loginContextOf } from "./login-context.ts";

const provider = "local-userpass";

/** Registering, confirming, and setting a new password: all empty answers. */
export function emailPasswordRoutes(instance: FastifyInstance, services: ClientServices): void {
  const { emailPassword } = services.auth;
  const post = (
    step: string,
    status: 201 | 204,
    work: (body: Doc, context: LoginContext) => Promise<void>,
  ): void => {
    instance.post(
      `/app/:appId/auth/providers/${provider}/${step}`,
      typed(
        services,
        "AUTH",
        appRoute(services, async (call) => {
          const event = { type: step, provider };
          const context = loginContextOf(services, call);
          await noting(call.entry, event, async () => work(call.body, context));
          return { kind: "empty", status };
        }),
      ),
    );
  };

  post("register", 201, async (body, context) => {
    await emailPassword.register(
      { email: mustText(body, "email"), password: mustText(body, "password") },
      context,
    );
  });
  post("confirm", 204, async (body, context) => {
    await emailPassword.confirm(
      { token: mustText(body, "token"), tokenId: mustText(body, "tokenId") },
      context,
    );
  });
  post("confirm/send", 204, async (body, context) => {
    await emailPassword.sendConfirmation(mustText(body, "email"), context);
  });
  post("confirm/call", 204, async (body, context) => {
    await emailPassword.callConfirmation(mustText(body, "email"), context);
  });
  post("reset", 204, async (body, context) => {
    const password = mustText(body, "password");
    await emailPassword.reset(
      { token: mustText(body, "token"), tokenId: mustText(body, "tokenId"), password },
      context,
    );
  });
  post("reset/send", 204, async (body, context) => {
    await emailPassword.sendReset(mustText(body, "email"), context);
  });
  post("reset/call", 204, async (body, context) => {
    const args = fieldOf(body, "arguments") === undefined ? [] : mustList(body, "arguments");
    await emailPassword.callReset(
      { email: mustText(body, "email"), password: mustText(body, "password"), args },
      context,
    );
  });
}
