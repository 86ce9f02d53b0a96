import { type IncomingHttpHeaders, request as sendRequest } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Value } from "../../src/bson/value.ts";
import { readAppDirectory } from "../../src/config/app-directory.ts";
import type { EndpointResponse, FunctionCall } from "../../src/functions/function-call.ts";
import type { Fault } from "../../src/kit/fault.ts";
import type { Limits } from "../../src/kit/limits.ts";
import { toFiles } from "./app-samples.ts";
import { stage, type Stage } from "./stage.ts";

export type Fields = Readonly<Record<string, unknown>>;

export interface Deployed {
  readonly endpoints?: readonly Fields[];
  /** Of the one function that every endpoint calls. */
  readonly function?: Fields;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly value?: Value | undefined;
  readonly response?: Partial<EndpointResponse>;
  readonly fault?: Fault;
  /** Awaited before the function ends. */
  readonly before?: (call: FunctionCall) => Promise<void>;
  readonly limits?: Partial<Limits>;
}

/** The stage, with what its function was called with. */
export interface EndpointStage extends Stage {
  readonly called: readonly FunctionCall[];
}

/** The HTTP side before a function that does what the test says. */
export async function endpointStage(deployed: Deployed): Promise<EndpointStage> {
  const called: FunctionCall[] = [];
  const { app: config, problems } = readAppDirectory(
    toFiles({
      "realm_config.json": { config_version: 20210101, name: "app", app_id: "data-tests" },
      "functions/config.json": [{ name: "f", run_as_system: true, ...deployed.function }],
      "functions/f.js": "exports = () => 1;",
      "http_endpoints/config.json": (deployed.endpoints ?? [{}]).map((endpoint) => ({
        route: "/r",
        http_method: "*",
        function_name: "f",
        validation_method: "NO_VALIDATION",
        respond_result: true,
        fetch_custom_user_data: false,
        create_user_on_auth: false,
        disabled: false,
        ...endpoint,
      })),
    }),
  );
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const { value, response, fault } = deployed;
  const opened = await stage({}, deployed.limits, {
    config,
    secrets: deployed.secrets ?? {},
    run: async (call) => {
      called.push(call);
      await deployed.before?.(call);
      if (fault !== undefined) return { end: { kind: "failed", fault }, logs: [], ms: 1 };
      const set = { status: undefined, headers: [], body: undefined, ...response };
      const end = { kind: "returned", value, ...(response !== undefined && { response: set }) };
      return { end: end as { kind: "returned"; value: Value }, logs: [], ms: 1 };
    },
  });
  return { ...opened, called };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly raw: readonly string[];
  readonly body: string;
}

export interface Sent {
  readonly method?: string;
  readonly to?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Sends one request. */
export async function send(
  there: Stage,
  { method = "POST", to = "/r", headers = {}, body }: Sent,
): Promise<Answer> {
  const path = to.startsWith("/api/") ? to : `/app/data-tests/endpoint${to}`;
  return new Promise<Answer>((resolve, reject) => {
    const request = sendRequest(
      `${there.url}${path}`,
      { method, headers, agent: false },
      (answer) => {
        buffer(answer).then((bytes) => {
          const { statusCode: status = 0, headers: answered, rawHeaders: raw } = answer;
          resolve({ status, headers: answered, raw, body: bytes.toString("utf8") });
        }, reject);
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}
