/** OpenAPI 3.1 of the admin API, made of its routes: what a route takes, its own schemas say. */
import type { IncomingMessage } from "node:http";
import type { FastifyInstance, RouteOptions } from "fastify";
import { answerShapesOf } from "./answers.ts";

const prefix = "/api/admin/v3.0";

interface Operation {
  readonly method: string;
  /** Below the prefix, with `:names`. */
  readonly url: string;
  readonly schema: RouteOptions["schema"];
}

export interface ApiDescription {
  /** For as long as routes are being added. */
  note(route: RouteOptions): void;
  describe(baseUrl: string): object;
}

export function createApiDescription(): ApiDescription {
  const operations: Operation[] = [];
  return {
    note({ method, url, schema }) {
      for (const each of [method].flat())
        if (each !== "HEAD" && url.startsWith(prefix))
          operations.push({ method: each.toLowerCase(), url: url.slice(prefix.length), schema });
    },
    describe(baseUrl) {
      const paths = new Map<string, Record<string, object>>();
      for (const operation of operations) {
        const path = operation.url.replace(/:(\w+)/g, "{$1}");
        const known = paths.get(path) ?? {};
        known[operation.method] = describeOperation(operation, path);
        paths.set(path, known);
      }
      return {
        openapi: "3.1.0",
        info: { title: "Petiole administration", version: "v3.0" },
        servers: [{ url: `${baseUrl}${prefix}` }],
        security: [{ bearer: [] }],
        paths: Object.fromEntries([...paths].toSorted(([a], [b]) => (a < b ? -1 : 1))),
        components: {
          securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
          schemas: {
            Error: {
              type: "object",
              required: ["error"],
              properties: { error: { type: "string" }, error_code: { type: "string" } },
            },
          },
        },
      };
    },
  };
}

/** Adds the route that tells of all the others; to be registered where they are. */
export function addDescription(
  instance: FastifyInstance,
  description: ApiDescription,
  baseUrl: (request: IncomingMessage) => string,
): void {
  instance.get("/openapi.json", async (request) => description.describe(baseUrl(request.raw)));
}

function describeOperation({ method, url, schema }: Operation, path: string): object {
  const inPath = [...url.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const body = schema?.body;
  const isOpen = /^\/auth\/(?:providers|session)/.test(path);
  return {
    operationId: `${method}${path.replace(/[^A-Za-z0-9]+(\w)?/g, (_, next?: string) => (next ?? "").toUpperCase())}`,
    ...(isOpen && { security: [] }),
    parameters: [...inPath, ...queryOf(schema?.querystring)],
    ...(body !== undefined && {
      requestBody: { required: true, content: { "application/json": { schema: plain(body) } } },
    }),
    responses: {
      ...answersOf(method, url),
      default: {
        description: "What went wrong.",
        content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
      },
    },
  };
}

function answersOf(method: string, url: string): object {
  const shapes = answerShapesOf(method, url);
  if (shapes.length === 0) return { "2XX": { description: "Done." } };
  const statuses = new Map<number, Record<string, object>>();
  for (const { status, type, schema = {} } of shapes) {
    const content = statuses.get(status) ?? {};
    if (type !== undefined) content[type] = { schema };
    statuses.set(status, content);
  }
  return Object.fromEntries(
    [...statuses].map(([status, content]) => [
      status,
      { description: "Done.", ...(Object.keys(content).length > 0 && { content }) },
    ]),
  );
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

function queryOf(schema: unknown): readonly object[] {
  const { properties = {}, required = [] } = (schema ?? {}) as ObjectSchema;
  return Object.entries(properties).map(([name, each]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema: plain(each),
  }));
}

/** Without the marks that the schema library leaves on its objects. */
function plain(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema));
}
