import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request as sendRequest } from "node:http";
import { text } from "node:stream/consumers";
import type { ApiKeys } from "../../src/auth/api-keys.ts";
import { ObjectId } from "../../src/bson/value.ts";
import type { AppRegistry } from "../../src/config/app-registry.ts";
import type { App } from "../../src/config/app.ts";
import { createRefusal } from "../../src/config/internal-database.ts";
import { createAdmission } from "../../src/http/admission.ts";
import { createDeadlines } from "../../src/http/deadlines.ts";
import type { Exchange } from "../../src/http/exchange.ts";
import { createHeavyText } from "../../src/http/heavy-text.ts";
import { createForwarding } from "../../src/http/forwarding.ts";
import { expire, handle } from "../../src/http/handle.ts";
import { listen } from "../../src/http/listen.ts";
import type { Services } from "../../src/http/services.ts";
import { defaultLimits, type Limits } from "../../src/kit/limits.ts";
import type { EventFields } from "../../src/logs/log.ts";
import type { Collection, DataSource } from "../../src/sources/source.ts";

const app: App = {
  id: "0".repeat(24),
  clientAppId: "data-tests",
  name: "data",
  dataSources: new Map([
    ["s", { id: "1".repeat(24), name: "s", store: "stub", permission: "readWrite" }],
  ]),
  dataApi: { disabled: false, versions: new Set(["v1"]), returnType: "JSON" },
  allowedOrigins: ["https://good.example"],
  createdAt: 0,
  version: 1,
};

/** The HTTP side alone, before a store that does what a test says. */
export interface Stage {
  readonly url: string;
  readonly port: number;
  readonly services: Services;
  readonly logged: readonly EventFields[];
  close(): Promise<void>;
}

/** A server whose one store does what the test says. */
export async function stage(
  verbs: Partial<Collection>,
  limits: Partial<Limits> = {},
): Promise<Stage> {
  const logged: EventFields[] = [];
  const collection = { database: "d", name: "c", ...verbs } as Collection;
  const source = { collection: () => collection, ping: async () => true } as Partial<DataSource>;
  const bounds = { ...defaultLimits, ...limits };
  const services: Services = {
    apps: { find: (id) => (id === app.clientAppId ? app : undefined) } as AppRegistry,
    keys: {
      verify: () => ({ userId: "u", role: "readWrite" }),
    } as unknown as ApiKeys,
    configs: { of: () => undefined },
    access: {
      stores: new Map([["stub", source as DataSource]]),
      isRefused: createRefusal(),
      callFunction: async () => null,
    },
    limits: bounds,
    isStrict: false,
    corsCredentialHeaders: false,
    logsRequests: true,
    forwarding: createForwarding({ trustProxy: [], publicUrl: "https://api.example" }),
    heavyText: createHeavyText(),
    admission: createAdmission(bounds.requestsAtOnceMax),
    deadlines: createDeadlines<Exchange>(bounds.processingMsMax, (exchange) => {
      expire(exchange, services);
    }),
    log: { write: (_level, event, fields) => logged.push({ event, ...fields }), flush: () => {} },
    newId: () => ObjectId.fromHex("a".repeat(24)),
    isReady: () => true,
    isStateReady: async () => true,
    manage: async () => {},
  };
  const listener = await listen({
    port: 0,
    host: "127.0.0.1",
    keepAliveSeconds: 5,
    requestBytesMax: bounds.requestBytesMax,
    certificate: undefined,
    newLink: () => "link",
    handle: (request, response) => {
      void handle(request, response, services);
    },
  });
  return {
    url: listener.url,
    port: listener.port,
    services,
    logged,
    close: async () => {
      services.deadlines.close();
      await listener.close(0);
    },
  };
}

export function post(
  { url }: Stage,
  action: string,
  headers: Readonly<Record<string, string>> = {},
): ClientRequest {
  return sendRequest(`${url}/app/data-tests/endpoint/data/v1/action/${action}`, {
    method: "POST",
    agent: false,
    headers: { apiKey: "k", "Content-Type": "application/json", ...headers },
  });
}

export const fields = '"dataSource":"s","database":"d","collection":"c"';

export async function answerTo(
  request: ClientRequest,
  body = `{${fields}}`,
): Promise<{ status: number | undefined; body: string; headers: NodeJS.Dict<string | string[]> }> {
  request.end(body);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return {
    status: response.statusCode,
    body: await text(response),
    headers: response.headers,
  };
}
