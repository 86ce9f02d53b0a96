/** The admin API's own description, against which every reply is checked that a test gets. */
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { TestServer } from "./server.ts";

interface Reply {
  readonly method: string;
  /** Below `/api/admin/v3.0`, with its query. */
  readonly path: string;
  readonly status: number;
  readonly type: string | null;
  /** Read where it is JSON. */
  readonly body: unknown;
}

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Route {
  readonly form: RegExp;
  readonly parametersCount: number;
  readonly operations: Readonly<Record<string, Operation>>;
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const validators = new WeakMap<object, ValidateFunction>();
const isFailure = ajv.compile({
  type: "object",
  required: ["error", "error_code"],
  properties: { error: { type: "string" }, error_code: { type: "string", pattern: "^[A-Z]\\w+$" } },
});

/** Makes what tells in words how a reply differs from its description; undefined: it does not. */
function describedBy(description: unknown): (reply: Reply) => string | undefined {
  const { paths } = description as Description;
  const routes: readonly Route[] = Object.entries(paths)
    .map(([path, operations]) => ({
      form: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
      parametersCount: path.split("{").length,
      operations,
    }))
    .toSorted((a, b) => a.parametersCount - b.parametersCount);
  return (reply) => {
    const path = reply.path.split("?", 1)[0] ?? "";
    const operation = routes
      .filter(({ form }) => form.test(path))
      .map(({ operations }) => operations[reply.method.toLowerCase()])
      .find((each) => each !== undefined);
    // What there is no route for is answered with a failure as well.
    if (operation === undefined || reply.status >= 400) return failureOf(reply);
    return differenceOf(operation, reply);
  };
}

function failureOf({ status, body }: Reply): string | undefined {
  if (status < 400) return "there is no such route";
  return isFailure(body) ? undefined : `no failure as described: ${JSON.stringify(body)}`;
}

function differenceOf({ responses }: Operation, { status, type, body }: Reply): string | undefined {
  const response = responses[String(status)];
  if (response === undefined)
    return `status ${status} is not among ${Object.keys(responses).join(", ")}`;
  const { content } = response;
  if (content === undefined) return body === "" ? undefined : "a body that is not described";
  const given = type?.split(";", 1)[0] ?? "";
  const media = content[given] ?? content["*/*"];
  if (media === undefined) return `type ${given}, not ${Object.keys(content).join(", ")}`;
  const { schema } = media;
  if (given !== "application/json") return undefined;
  let validate = validators.get(schema);
  if (validate === undefined) validators.set(schema, (validate = ajv.compile(schema)));
  return validate(body) ? undefined : ajv.errorsText(validate.errors);
}

let reading: Promise<(reply: Reply) => string | undefined> | undefined;

/** The description is the same for all servers. @throws where a reply is not as it says */
export async function mustBeDescribed(
  server: Pick<TestServer, "url" | "adminToken">,
  reply: Reply,
): Promise<void> {
  reading ??= readDescription(server);
  const difference = (await reading)(reply);
  if (difference === undefined) return;
  const { method, path, status } = reply;
  throw new Error(`${method} ${path}, answered ${status}, is not as described: ${difference}`);
}

async function readDescription(
  server: Pick<TestServer, "url" | "adminToken">,
): Promise<(reply: Reply) => string | undefined> {
  const answer = await fetch(`${server.url}/api/admin/v3.0/openapi.json`, {
    headers: { Authorization: `Bearer ${server.adminToken}` },
  });
  return describedBy(await answer.json());
}
