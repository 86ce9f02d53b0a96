/** Speaks to the server that runs on a data directory, as its local administrator. */
import { readFileSync } from "node:fs";
import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { serverFileOf } from "../server.ts";

export interface AdminClient {
  readonly groupId: string;
  /** @param path below `/api/admin/v3.0` @throws {Error} with the server's own message */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Like `call`, with bytes there or back. @param body a packed app directory */
  send(method: string, path: string, body?: Uint8Array): Promise<Buffer>;
}

const callMsMax = 60_000;

/** The server on this data directory; undefined when none answers. */
export async function findServer(data: string): Promise<AdminClient | undefined> {
  const url = readUrl(data);
  if (url === undefined) return undefined;
  const token = readFileSync(path.join(data, "admin-token"), "utf8").trim();
  const send = async (
    method: string,
    target: string,
    body: Uint8Array = new Uint8Array(),
    type = "application/gzip",
  ): Promise<Buffer> =>
    exchange(`${url}/api/admin/v3.0${target}`, { method, token, content: body, type });
  const call = async (method: string, target: string, body?: unknown): Promise<unknown> => {
    const content = body === undefined ? "" : JSON.stringify(body);
    const answer = await send(method, target, Buffer.from(content), "application/json");
    return answer.length === 0 ? null : JSON.parse(answer.toString("utf8"));
  };
  try {
    const profile = (await call("GET", "/auth/profile")) as {
      readonly roles: readonly { readonly group_id: string }[];
    };
    const groupId = profile.roles[0]?.group_id;
    return groupId === undefined ? undefined : { groupId, call, send };
  } catch {
    // The file of a server that was killed: nobody listens there, or somebody else. Whether the directory is really
    // free is for its lock to say.
    return undefined;
  }
}

function readUrl(data: string): string | undefined {
  try {
    const { pid, url } = JSON.parse(readFileSync(serverFileOf(data), "utf8")) as {
      readonly pid: number;
      readonly url: string;
    };
    process.kill(pid, 0);
    return url;
  } catch {
    // No file, or the process that it names is gone.
    return undefined;
  }
}

async function exchange(
  url: string,
  options: {
    readonly method: string;
    readonly token: string;
    readonly content: Uint8Array;
    readonly type: string;
  },
): Promise<Buffer> {
  const { method, token, content, type } = options;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const send = url.startsWith("https:") ? tlsRequest : plainRequest;
    const request = send(
      url,
      {
        method,
        timeout: callMsMax,
        // The certificate is for the name that clients use; the token file has told whom we speak to.
        rejectUnauthorized: false,
        headers: {
          Authorization: `Bearer ${token}`,
          "Content-Type": type,
          "Content-Length": content.length,
          Connection: "close",
        },
      },
      resolve,
    );
    request.on("timeout", () => request.destroy(new Error("the server does not answer")));
    request.on("error", reject);
    request.end(content);
  });
  const answer = await buffer(response);
  if ((response.statusCode ?? 500) < 400) return answer;
  throw new Error(readError(answer.toString("utf8")) ?? "the server refused");
}

function readError(answer: string): string | undefined {
  try {
    return (JSON.parse(answer) as { readonly error?: string } | null)?.error;
  } catch {
    // Not from the server itself: something between here and there answered.
    return undefined;
  }
}
