import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request as sendRequest } from "node:http";
import { text } from "node:stream/consumers";
import type { ApiKeys } from "../../src/auth/api-keys.ts";
import type { Auth } from "../../src/auth/auth.ts";
import { type AuthenticateEnvironment, createAuthenticate } from "../../src/auth/authenticate.ts";
import { parseEjson } from "../../src/bson/parse-ejson.ts";
import { toText } from "../../src/bson/stringify.ts";
import { ObjectId } from "../../src/bson/value.ts";
import type { AppRegistry } from "../../src/config/app-registry.ts";
import type { App } from "../../src/config/app.ts";
import type { AppConfig } from "../../src/config/app-config.ts";
import { createRefusal } from "../../src/config/internal-database.ts";
import type { Functions } from "../../src/functions/function-call.ts";
import { createAdmission } from "../../src/http/admission.ts";
import { createBodyBudget } from "../../src/http/body-budget.ts";
import { createDeadlines } from "../../src/http/deadlines.ts";
import type { Exchange } from "../../src/http/exchange.ts";
import { createForwarding } from "../../src/http/forwarding.ts";
import { expire, handle } from "../../src/http/handle.ts";
import { createRateLimits } from "../../src/http/rate-limits.ts";
import { listen } from "../../src/http/listen.ts";
import type { Services } from "../../src/http/services.ts";
import { Fault } from "../../src/kit/fault.ts";
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

const key = { id: "k", appId: "a", userId: "u", name: "key", role: "readWrite", createdAt: 0 };

/** Any API key is right. */
const authenticate = createAuthenticate({
  keys: { verify: () => key },
} as unknown as AuthenticateEnvironment);

/** A server whose one store does what the test says. */
export async function stage(
  verbs: Partial<Collection>,
  limits: Partial<Limits> = {},
  deployed: {
    readonly config?: AppConfig;
    readonly run?: Functions["run"];
    readonly secrets?: Readonly<Record<string, string>>;
  } = {},
): Promise<Stage> {
  const logged: EventFields[] = [];
  const collection = { database: "d", name: "c", ...verbs } as Collection;
  const source = { collection: () => collection, ping: async () => true } as Partial<DataSource>;
  const bounds = { ...defaultLimits, ...limits };
  const services: Services = {
    apps: { find: (id) => (id === app.clientAppId ? app : undefined) } as AppRegistry,
    keys: {} as ApiKeys,
    auth: { authenticate } as Partial<Auth> as Auth,
    configs: { of: () => deployed.config },
    access: {
      stores: new Map([["stub", source as DataSource]]),
      isRefused: createRefusal(),
      callFunction: async () => null,
    },
    functions: {
      run:
        deployed.run ??
        (() => {
          throw new Fault("FunctionExecutionError", "there are no functions on this stage");
        }),
      close: async () => {},
    },
    openSecret: async (_appId, name) => deployed.secrets?.[name],
    limits: bounds,
    isStrict: false,
    corsCredentialHeaders: false,
    logsRequests: true,
    forwarding: createForwarding({ trustProxy: [], publicUrl: "https://api.example" }),
    // Here and not in a thread, which would need a loader for sources.
    heavyText: {
      parse: async (bytes) => parseEjson(bytes),
      print: async (doc, format) => Buffer.from(toText(doc, format)),
      close: async () => {},
    },
    bodies: createBodyBudget(bounds.bodiesBytesMax),
    admission: createAdmission(() => bounds.requestsAtOnceMax),
    deadlines: createDeadlines<Exchange>(bounds.processingMsMax, (exchange) => {
      expire(exchange, services);
    }),
    log: { write: (_level, event, fields) => logged.push({ event, ...fields }), flush: () => {} },
    rateLimits: createRateLimits(bounds),
    recorder: {
      request: () => {},
      work: () => {},
      flush: async () => {},
      lostCount: 0,
      close: async () => {},
    },
    newId: () => ObjectId.fromHex("a".repeat(24)),
    isReady: () => true,
    isStateReady: async () => true,
    manage: async () => {},
  };
  const listener = await listen({
    port: 0,
    host: "127.0.0.1",
    fd: 0,
    reusePort: false,
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
