/** `http_endpoints/config.json`, or `https_endpoints/config.json`: the custom HTTPS endpoints. */
import { Type } from "@sinclair/typebox";
import type { EndpointConfig, Layout, Origin, ValidationMethod } from "../app-config.ts";
import { partsOfPath, routePathOf } from "../route-path.ts";
import { type Codec, expressionAt, fromValue, readPart } from "./codec.ts";
import { given } from "./given.ts";
import { fieldOf, itemsOf } from "./json-node.ts";
import type { Reading } from "./reading.ts";
import { at, type Reporter, show } from "./report.ts";
import { mustBe } from "./root.ts";
import {
  anything,
  expression,
  functionName,
  ids,
  maybe,
  oneOf,
  secretNameOrNone,
  strict,
} from "./schema.ts";

const methods = ["", "NO_VALIDATION", "SECRET_AS_QUERY_PARAM", "VERIFY_PAYLOAD"] as const;

/** The guide of the original calls it `verification_method`, its reference `validation_method`. */
export const validationFields = {
  validation_method: maybe(oneOf(methods)),
  verification_method: maybe(oneOf(methods)),
  secret_name: maybe(secretNameOrNone),
  secret_id: anything(),
} as const;

const schema = Type.Object(
  {
    ...ids,
    route: Type.String({
      pattern: "^/[A-Za-z0-9/._~!$&'()*+,;=:@%-]*$",
      maxLength: 1024,
      description: "a path that begins with '/', in ASCII",
    }),
    http_method: oneOf(["GET", "POST", "PUT", "PATCH", "DELETE", "*"]),
    function_name: functionName,
    function_id: anything(),
    ...validationFields,
    respond_result: maybe(Type.Boolean()),
    fetch_custom_user_data: maybe(Type.Boolean()),
    create_user_on_auth: maybe(Type.Boolean()),
    disabled: maybe(Type.Boolean()),
    return_type: maybe(oneOf(["JSON", "EJSON", ""])),
    can_evaluate: maybe(expression()),
  },
  strict,
);

export const endpointCodec: Codec<typeof schema, EndpointConfig> = {
  schema,
  verbatim: new Set(["can_evaluate"]),
  read: (wire, origin, report) => ({
    route: wire.route,
    httpMethod: wire.http_method,
    functionName: wire.function_name,
    ...readValidation(wire, origin, report),
    // Atlas: what an endpoint does that does not say so is not known; every export says so.
    respondResult: wire.respond_result ?? true,
    fetchCustomUserData: wire.fetch_custom_user_data ?? false,
    createUserOnAuth: wire.create_user_on_auth ?? false,
    disabled: wire.disabled ?? false,
    ...given("returnType", wire.return_type || undefined),
    ...given("canEvaluate", expressionAt(origin, ["can_evaluate"], report)),
    origin,
  }),
  write: (endpoint) => ({
    route: endpoint.route,
    http_method: endpoint.httpMethod,
    function_name: endpoint.functionName,
    validation_method: endpoint.validationMethod,
    secret_name: endpoint.secretName,
    respond_result: endpoint.respondResult,
    fetch_custom_user_data: endpoint.fetchCustomUserData,
    create_user_on_auth: endpoint.createUserOnAuth,
    disabled: endpoint.disabled,
    return_type: endpoint.returnType,
    can_evaluate: fromValue(endpoint.canEvaluate),
  }),
};

interface ValidationWire {
  readonly validation_method?: (typeof methods)[number];
  readonly verification_method?: (typeof methods)[number];
  readonly secret_name?: string;
}

/** What is checked of a request before it runs. A method that needs a secret never goes without one. */
export function readValidation(
  wire: ValidationWire,
  origin: Origin,
  report: Reporter,
): { readonly validationMethod: ValidationMethod; readonly secretName?: string } {
  const stated = [wire.validation_method, wire.verification_method].filter(
    (each) => each !== undefined && each !== "",
  );
  if (stated.length === 2 && stated[0] !== stated[1])
    report.wrong(
      at(origin, "verification_method"),
      "the same as validation_method, or nothing",
      show(fieldOf(origin.expanded, "verification_method")),
    );
  const validationMethod = (stated[0] || undefined) ?? "NO_VALIDATION";
  const secretName = wire.secret_name || undefined;
  if (validationMethod !== "NO_VALIDATION" && secretName === undefined)
    report.wrong(
      at(origin, "secret_name"),
      `the name of a secret, since validation_method is ${validationMethod}`,
      show(fieldOf(origin.expanded, "secret_name")),
    );
  return { validationMethod, ...given("secretName", secretName) };
}

export function endpointsFile({ endpointsFolder }: Layout): string {
  return `${endpointsFolder}/config.json`;
}

const dataApiPath = /^\/data\/(?:beta|v1)\/(?:action\/[^/]+|openapi\.json)$/;

export function readEndpoints(reading: Reading, layout: Layout): readonly EndpointConfig[] {
  const file = reading.json(endpointsFile(layout));
  if (file === undefined) return [];
  reading.claim(file.path);
  // `null` is what the original's tool writes into a new app.
  if (file.root.kind === "null" || !mustBe(reading, file, "list")) return [];
  const byCall = new Map<string, EndpointConfig>();
  const endpoints: EndpointConfig[] = [];
  for (const [index, node] of itemsOf(file.root).entries()) {
    const endpoint = readPart(endpointCodec, reading, file, node, [index]);
    if (endpoint?.origin === undefined) continue;
    endpoints.push(endpoint);
    const path = routePathOf(partsOfPath(endpoint.route));
    const call = `${endpoint.httpMethod} ${path}`;
    if (byCall.has(call))
      reading.report.wrong(
        at(endpoint.origin, "route"),
        "a route that no other endpoint has with this method",
        `${call} for the second time`,
      );
    byCall.set(call, endpoint);
    if (dataApiPath.test(path) && !endpoint.disabled)
      reading.report.warn(
        at(endpoint.origin, "route"),
        "is a path of the Data API, which stands before it: the endpoint is never called",
      );
  }
  return endpoints;
}
