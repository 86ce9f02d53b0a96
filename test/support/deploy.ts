import { packFiles } from "../../src/config/app-package.ts";
import { type Sample, toFiles } from "./app-samples.ts";
import { mustBeDescribed } from "./admin-described.ts";
import type { TestServer } from "./server.ts";

const base = "/api/admin/v3.0";

/** What the admin API answered; the body as JSON where it is any. */
export interface AdminAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** The app of a test's server, as the admin API knows it. */
export interface AdminApp {
  /** Below `/groups/G/apps/A`; a path that begins with `//` is below the API's own root. */
  call(method: string, path: string, body?: unknown): Promise<AdminAnswer>;
  /** Makes a directory live. @throws with what the server answered */
  push(sample: Sample, files?: ReadonlyMap<string, Uint8Array>): Promise<void>;
}

export async function adminApp(server: TestServer): Promise<AdminApp> {
  const send = async (method: string, path: string, content?: unknown): Promise<AdminAnswer> => {
    const isBytes = content instanceof Uint8Array;
    const isForm = content instanceof FormData;
    const body = isBytes ? new Uint8Array(content) : isForm ? content : JSON.stringify(content);
    const answer = await fetch(`${server.url}${base}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${server.adminToken}`,
        // Of a form, `fetch` says it, with the boundary.
        ...(content !== undefined &&
          !isForm && { "Content-Type": isBytes ? "application/gzip" : "application/json" }),
      },
      ...(content !== undefined && { body }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get("content-type")?.startsWith("application/json") === true;
    const read: unknown = isJson ? JSON.parse(text) : text;
    const { status } = answer;
    const type = answer.headers.get("content-type");
    await mustBeDescribed(server, { method, path, status, type, body: read });
    return { status, body: read };
  };
  const profile = (await send("GET", "/auth/profile")).body as {
    readonly roles: readonly { readonly group_id: string }[];
  };
  const groups = `/groups/${profile.roles[0]?.group_id}/apps`;
  const apps = (await send("GET", groups)).body as readonly {
    readonly _id: string;
    readonly client_app_id: string;
  }[];
  const root = `${groups}/${apps.find((each) => each.client_app_id === server.appId)?._id}`;
  return {
    call: async (method, path, body) =>
      send(method, path.startsWith("//") ? path.slice(1) : `${root}${path}`, body),
    async push(sample, files = new Map()) {
      const packed = await packFiles(new Map([...toFiles(sample), ...files]));
      const { status, body } = await send("POST", `${root}/deployments`, new Uint8Array(packed));
      if (status !== 201) throw new Error(JSON.stringify(body));
    },
  };
}
