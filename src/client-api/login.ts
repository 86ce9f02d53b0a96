import type { FastifyInstance } from "fastify";
import { fieldOf, wrongType } from "../actions/fields.ts";
import type { Attempt } from "../auth/login.ts";
import type { IssuedSession } from "../auth/sessions.ts";
import { Doc } from "../bson/doc.ts";
import { Fault, type FaultCode } from "../kit/fault.ts";
import { noteDevice, notingSession } from "./auth-event.ts";
import { type Answer, appRoute, type ClientCall, mustBearer, typed } from "./call.ts";
import type { ClientServices } from "./client-services.ts";
import { loginContextOf } from "./login-context.ts";

/** `POST …/auth/providers/:provider/login`, which with `?link=true` adds an identity to who is logged in. */
export function loginRoutes(instance: FastifyInstance, services: ClientServices): void {
  const { login } = services.auth;
  instance.post(
    "/app/:appId/auth/providers/:provider/login",
    typed(
      services,
      "AUTH",
      appRoute(services, async (call) => {
        const attempt = attemptOf(services, call);
        if (!isLink(call)) {
          const event = { type: "login", provider: attempt.providerType };
          return answerSession(
            await notingSession(call.entry, event, async () => login.logIn(attempt)),
          );
        }
        // The token first: what is wrong with it is answered as everywhere, so that clients get themselves a new one.
        const holder = await login.readAccess(mustBearer(call.request), call.app.id);
        const event = { type: "link", provider: attempt.providerType };
        call.entry.userId = holder.user.id;
        try {
          return answerSession(
            await notingSession(call.entry, event, async () => login.link(attempt, holder)),
          );
        } catch (cause) {
          throw wordLinkFailure(cause);
        }
      }),
    ),
  );
}

function isLink({ request }: ClientCall): boolean {
  return (request.query as { readonly link?: string }).link === "true";
}

function attemptOf(services: ClientServices, call: ClientCall): Attempt {
  const { provider: providerType } = call.request.params as { readonly provider: string };
  const options = fieldOf(call.body, "options");
  const device = options instanceof Doc ? fieldOf(options, "device") : undefined;
  if (device !== undefined && !(device instanceof Doc)) throw wrongType("device", "an object");
  noteDevice(call.entry, device);
  return {
    ...loginContextOf(services, call),
    providerType,
    payload: call.body.without("options"),
    device,
  };
}

const proofFaults: ReadonlySet<FaultCode> = new Set(["AuthError", "InvalidPassword"]);

/**
 * Says of a failed link that its credentials are to blame.
 *
 * Atlas: answered "unauthorized", as the original is reported to have done, realm-web 2.0.1 takes its access token to
 * have expired, refreshes it and tries again without an end.
 */
function wordLinkFailure(cause: unknown): unknown {
  if (!(cause instanceof Fault) || !proofFaults.has(cause.code)) return cause;
  return new Fault(cause.code, "the identity could not be linked: unauthorized", { cause });
}

export function answerSession(session: IssuedSession): Answer {
  const fields = Doc.of({
    access_token: session.accessToken,
    refresh_token: session.refreshToken,
    user_id: session.userId,
    device_id: session.deviceId,
  });
  return { kind: "fields", status: 200, fields };
}
