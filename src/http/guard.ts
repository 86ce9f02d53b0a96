/** What an endpoint, or the Data API, checks of a call besides its credentials. */
import type { IncomingMessage } from "node:http";
import type { App } from "../config/app.ts";
import { mustBeSigned, mustNameSecret, type Validation } from "../endpoints/validation.ts";
import { queryStringOf } from "./request-info.ts";
import type { Services } from "./services.ts";

export interface Guard {
  /** @returns the query string without what was only for us @throws {Fault} `IncomingWebhookAuthFailed` */
  checkQuery(): Promise<string>;
  /** @throws {Fault} `IncomingWebhookAuthFailed` */
  checkBody(body: Uint8Array): Promise<void>;
}

/** Undefined where nothing is asked for. */
export function guardOf(
  validation: Validation,
  app: App,
  request: IncomingMessage,
  services: Pick<Services, "openSecret">,
): Guard | undefined {
  if (validation.validationMethod === "NO_VALIDATION") return undefined;
  const openSecret = async (name: string): Promise<string | undefined> =>
    services.openSecret(app.id, name);
  const { headers } = request;
  const signature = headers["endpoint-signature"] ?? headers["x-hook-signature"];
  return {
    checkQuery: async () => mustNameSecret(validation, queryStringOf(request), openSecret),
    checkBody: async (body) => mustBeSigned(validation, signature, body, openSecret),
  };
}
