/** `/groups/{g}/apps/{a}/user_registrations`: e-mail addresses that wait to be confirmed. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { PasswordAccount } from "../auth/passwords.ts";
import type { LoginContext } from "../auth/provider.ts";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";
import { describePending } from "./users.ts";

interface AppParams {
  readonly appId: string;
}
interface EmailParams extends AppParams {
  readonly email: string;
}

const listedMax = 10_000;
const pageMax = 50;

export function userRegistrationRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps, accounts, auth, configs } = services;
  const { passwords } = accounts;
  const base = "/apps/:appId/user_registrations";

  async function mustFind({ params }: FastifyRequest<{ Params: EmailParams }>) {
    const found = await passwords.find(apps.must(params.appId).id, params.email);
    if (found === undefined) throw new Fault("UserNotFound", "user not found");
    return found;
  }

  async function contextOf(
    request: FastifyRequest<{ Params: EmailParams }>,
  ): Promise<LoginContext> {
    const app = apps.must(request.params.appId);
    const signal = AbortSignal.timeout(services.limits.processingMsMax);
    return { app, config: await configs.of(app), address: "", request: undefined, signal };
  }

  return async (instance) => {
    instance.get<{ Params: AppParams; Querystring: { readonly after?: string } }>(
      `${base}/pending_users`,
      async ({ params, query: { after } }) => {
        const limit = after === undefined ? listedMax : pageMax;
        const found = await passwords.listPending(apps.must(params.appId).id, limit, after);
        return found.map(describePending);
      },
    );
    instance.delete<{ Params: EmailParams }>(`${base}/by_email/:email`, async (request, reply) => {
      const account = mustBePending(await mustFind(request));
      await passwords.delete(account.appId, account.id);
      return reply.code(204).send();
    });
    instance.post<{ Params: EmailParams }>(
      `${base}/by_email/:email/confirm`,
      async (request, reply) => {
        await passwords.confirm(mustBePending(await mustFind(request)));
        return reply.code(204).send();
      },
    );
    instance.post<{ Params: EmailParams }>(
      `${base}/by_email/:email/send_confirm`,
      async (request, reply) => {
        await auth.emailPassword.sendConfirmation(request.params.email, await contextOf(request));
        return reply.code(200).send({});
      },
    );
    instance.post<{ Params: EmailParams }>(
      `${base}/by_email/:email/run_confirm`,
      async (request, reply) => {
        await auth.emailPassword.callConfirmation(request.params.email, await contextOf(request));
        return reply.code(202).send();
      },
    );
  };
}

/** @throws {Fault} `UserAlreadyConfirmed` */
function mustBePending(account: PasswordAccount): PasswordAccount {
  if (account.isConfirmed) throw new Fault("UserAlreadyConfirmed", "already confirmed");
  return account;
}
