import { mustBeDescribed } from "./admin-described.ts";
import type { TestServer } from "./server.ts";

export interface AdminReply<T = unknown> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

/** The admin API of a test server, as its local administrator. */
export interface Admin {
  readonly group: string;
  /** The `_id` of the app that the server was started with. */
  readonly app: string;
  /** @param path below `/api/admin/v3.0`; `{A}` stands for the app's own */
  call<T = unknown>(method: string, path: string, body?: unknown): Promise<AdminReply<T>>;
  /** The body of an answer that has to be a success; for what a test needs before it begins. */
  must<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
}

const base = "/api/admin/v3.0";

/** @param token another administrator's */
export async function adminOf(server: TestServer, token = server.adminToken): Promise<Admin> {
  const send = async <T>(method: string, path: string, body?: unknown): Promise<AdminReply<T>> => {
    const answer = await fetch(`${server.url}${base}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get("content-type")?.startsWith("application/json") === true;
    const content: unknown = isJson ? JSON.parse(text) : text;
    await mustBeDescribed(server, {
      method,
      path,
      status: answer.status,
      type: answer.headers.get("content-type"),
      body: content,
    });
    return { status: answer.status, body: content as T, headers: answer.headers };
  };
  const profile = await send<{ readonly roles: readonly { readonly group_id: string }[] }>(
    "GET",
    "/auth/profile",
  );
  const group = profile.body.roles[0]?.group_id ?? "";
  const apps = await send<readonly { readonly _id: string; readonly client_app_id: string }[]>(
    "GET",
    `/groups/${group}/apps`,
  );
  const app = apps.body.find((each) => each.client_app_id === server.appId)?._id ?? "";
  const call: Admin["call"] = async (method, path, body) =>
    send(method, path.replace("{A}", `/groups/${group}/apps/${app}`), body);
  return {
    group,
    app,
    call,
    async must<T>(method: string, path: string, body?: unknown) {
      const reply = await call<T>(method, path, body);
      if (reply.status < 300) return reply.body;
      throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    },
  };
}

/** Makes an administrator who may only look. @returns their access token */
export async function tokenOfReader(admin: Admin): Promise<string> {
  const [email, password] = ["reader@example.com", "a password of some length"];
  await admin.must("POST", "/administrators", { email, password, role: "readOnly" });
  const session = await admin.must<{ readonly access_token: string }>(
    "POST",
    "/auth/providers/local-userpass/login",
    { username: email, password },
  );
  return session.access_token;
}
