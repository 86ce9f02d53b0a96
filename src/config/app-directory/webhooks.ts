/**
 * Incoming webhooks of HTTP services, as directories have them from before there were endpoints: `services/SERVICE/` (or
 * `http_endpoints/SERVICE/`) with `incoming_webhooks/WEBHOOK/{config.json,source.js}`.
 *
 * Each becomes an endpoint and a function, as the original's own conversion did. The first change to the app writes both
 * into files of their own, in place of the webhook's: what is deleted then does not come back.
 */
import type {
  EndpointConfig,
  Expression,
  FunctionConfig,
  RunAs,
  ValidationMethod,
} from "../app-config.ts";
import { partsOfPath, routePathOf } from "../route-path.ts";
import { toValue } from "./codec.ts";
import { foldersIn } from "./data-sources.ts";
import { given } from "./given.ts";
import { fieldOf, type JsonNode, textOf } from "./json-node.ts";
import type { Reading } from "./reading.ts";
import { functionName } from "./schema.ts";

export interface Converted {
  readonly functions: ReadonlyMap<string, FunctionConfig>;
  readonly endpoints: readonly EndpointConfig[];
  /** Names of the HTTP services, which functions may still ask for. */
  readonly httpServices: readonly string[];
}

type Parts = Pick<Converted, "functions" | "endpoints">;

/** Adds to the parts of a directory what its webhooks become. */
export function convertWebhooks(
  reading: Reading,
  endpointsFolder: string,
  { functions, endpoints }: Parts,
): Converted {
  const allFunctions = new Map(functions);
  const allEndpoints = [...endpoints];
  const httpServices: string[] = [];
  const taken = new Set(endpoints.map(({ route }) => pathOf(route)));
  for (const folder of [
    ...foldersIn(reading, "services"),
    ...foldersIn(reading, endpointsFolder),
  ]) {
    const service = httpServiceAt(reading, folder);
    if (service === undefined) continue;
    httpServices.push(service);
    const served: string[] = [];
    for (const place of foldersIn(reading, `${folder}/incoming_webhooks`)) {
      const made = convert(reading, place, service);
      if (made === undefined) continue;
      // It has been converted already.
      if (taken.has(pathOf(made.endpoint.route))) {
        claim(reading, place);
        continue;
      }
      if (allFunctions.has(made.function.name)) {
        refuse(reading, place, `there is another function named "${made.function.name}"`);
        continue;
      }
      allFunctions.set(made.function.name, made.function);
      allEndpoints.push(made.endpoint);
      served.push(made.endpoint.route);
      claim(reading, place);
    }
    if (served.length > 0)
      reading.report.warn(
        { file: folder, path: [] },
        `its incoming webhooks are served as endpoints, each with a function of the same name: ${served.join(", ")}`,
      );
  }
  return { functions: allFunctions, endpoints: allEndpoints, httpServices };
}

/** Endpoint and function stand for its files now; but one that holds a secret is not taken from its owner. */
function claim(reading: Reading, place: string): void {
  const options = fieldOf(reading.json(`${place}/config.json`)?.root, "options");
  if ((textOf(fieldOf(options, "secret")) ?? "") !== "") return;
  reading.claim(`${place}/config.json`);
  reading.claim(`${place}/source.js`);
}

/** The name of a service of type `http`. */
export function httpServiceAt(reading: Reading, folder: string): string | undefined {
  const root = reading.json(`${folder}/config.json`)?.root;
  if (textOf(fieldOf(root, "type")) !== "http") return undefined;
  return textOf(fieldOf(root, "name")) ?? lastOf(folder);
}

interface Made {
  readonly function: FunctionConfig;
  readonly endpoint: EndpointConfig;
}

/** Undefined where it can not be converted, which is then reported. */
function convert(reading: Reading, place: string, service: string): Made | undefined {
  const config = reading.json(`${place}/config.json`)?.root;
  const source = reading.text(`${place}/source.js`);
  if (config === undefined || source === undefined)
    return refuse(reading, place, "it lacks its configuration or its source");
  const name = `${service}/${textOf(fieldOf(config, "name")) ?? lastOf(place)}`;
  if (!new RegExp(functionName.pattern ?? "").test(name))
    return refuse(reading, place, "its name has more than letters, digits, '_' and '-'");
  const call = readCall(config);
  if (typeof call === "string") return refuse(reading, place, call);
  const { httpMethod, validationMethod, condition } = call;
  return {
    function: {
      name,
      source,
      // It was no function that clients could call.
      private: true,
      disableArgLogs: isTrue(config, "disable_arg_logs"),
      runAs: runAsOf(config),
    },
    endpoint: {
      route: `/${name}`,
      httpMethod,
      functionName: name,
      validationMethod,
      ...(validationMethod !== "NO_VALIDATION" && { secretName: secretOf(config, name) }),
      respondResult: isTrue(config, "respond_result"),
      fetchCustomUserData: isTrue(config, "fetch_custom_user_data"),
      createUserOnAuth: isTrue(config, "create_user_on_auth"),
      disabled: false,
      ...given("canEvaluate", condition),
    },
  };
}

const methods: ReadonlyMap<string, EndpointConfig["httpMethod"]> = new Map([
  ...(["GET", "POST", "PUT", "PATCH", "DELETE"] as const).map((each) => [each, each] as const),
  ...["ANY", "*", ""].map((each) => [each, "*"] as const),
]);
const validations: ReadonlyMap<string, ValidationMethod> = new Map([
  ...(["NO_VALIDATION", "SECRET_AS_QUERY_PARAM", "VERIFY_PAYLOAD"] as const).map(
    (each) => [each, each] as const,
  ),
  ["", "NO_VALIDATION"],
]);

interface WebhookCall {
  readonly httpMethod: EndpointConfig["httpMethod"];
  readonly validationMethod: ValidationMethod;
  readonly condition: Expression | undefined;
}

/** What a call of it must be like; or why no endpoint can ask for that. */
function readCall(config: JsonNode): WebhookCall | string {
  const options = fieldOf(config, "options");
  const httpMethod = methods.get(textOf(fieldOf(options, "httpMethod")) ?? "");
  if (httpMethod === undefined) return "no endpoint has its method";
  const validationMethod = validations.get(textOf(fieldOf(options, "validationMethod")) ?? "");
  if (validationMethod === undefined) return "no endpoint has its way of validation";
  const condition = conditionOf(fieldOf(config, "can_evaluate"));
  if (condition === "broken") return "its can_evaluate can not be read";
  return { httpMethod, validationMethod, condition };
}

function refuse(reading: Reading, place: string, why: string): undefined {
  reading.report.warn(
    { file: place, path: [] },
    `this incoming webhook has no answer, since ${why}: write it as an endpoint; kept`,
  );
}

/** A webhook ran as the system unless something else was said. */
function runAsOf(config: JsonNode): RunAs {
  if (isTrue(config, "run_as_authed_user")) return { kind: "caller" };
  const userId = textOf(fieldOf(config, "run_as_user_id")) ?? "";
  if (userId !== "") return { kind: "user", userId };
  const source = textOf(fieldOf(config, "run_as_user_id_script_source")) ?? "";
  return source === "" ? { kind: "system" } : { kind: "script", source };
}

/**
 * The name of its secret. Some exports hold the secret itself, which is no part of an app: it is to be set under a name
 * that tells whose it is.
 */
function secretOf(config: JsonNode, name: string): string {
  const stated = textOf(fieldOf(fieldOf(config, "options"), "secret_name")) ?? "";
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(stated)) return stated;
  return `webhook_${name.replaceAll("/", "_")}`.slice(0, 64);
}

function conditionOf(node: JsonNode | undefined): Expression | undefined | "broken" {
  if (node === undefined || node.kind === "null") return undefined;
  if (node.kind !== "object" && node.kind !== "boolean") return "broken";
  try {
    return toValue(node) as Expression;
  } catch {
    return "broken";
  }
}

function isTrue(config: JsonNode, name: string): boolean {
  const node = fieldOf(config, name);
  return node?.kind === "boolean" && node.value;
}

function pathOf(route: string): string {
  return routePathOf(partsOfPath(route));
}

function lastOf(folder: string): string {
  return folder.slice(folder.lastIndexOf("/") + 1);
}
