/** Speaks to the server that runs on a data directory, as its local administrator. */
import { readFileSync } from "node:fs";
import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import path from "node:path";
import { text } from "node:stream/consumers";
import { serverFileOf } from "../server.ts";

export interface AdminClient {
  readonly groupId: string;
  /** @param path below `/api/admin/v3.0` @throws {Error} with the server's own message */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
}

const callMsMax = 60_000;

/** The server on this data directory; undefined when none answers. */
export async function findServer(data: string): Promise<AdminClient | undefined> {
  const url = readUrl(data);
  if (url === undefined) return undefined;
  const token = readFileSync(path.join(data, "admin-token"), "utf8").trim();
  const call = async (method: string, target: string, body?: unknown): Promise<unknown> =>
    exchange(`${url}/api/admin/v3.0${target}`, { method, token, body });
  try {
    const profile = (await call("GET", "/auth/profile")) as {
      readonly roles: readonly { readonly group_id: string }[];
    };
    const groupId = profile.roles[0]?.group_id;
    return groupId === undefined ? undefined : { groupId, call };
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
  options: { readonly method: string; readonly token: string; readonly body: unknown },
): Promise<unknown> {
  const { method, token, body } = options;
  const content = body === undefined ? "" : JSON.stringify(body);
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
          "Content-Type": "application/json",
          "Content-Length": Buffer.byteLength(content),
          Connection: "close",
        },
      },
      resolve,
    );
    request.on("timeout", () => request.destroy(new Error("the server does not answer")));
    request.on("error", reject);
    request.end(content);
  });
  const answer = await text(response);
  const value: unknown = answer === "" ? null : JSON.parse(answer);
  if ((response.statusCode ?? 500) < 400) return value;
  throw new Error((value as { readonly error?: string } | null)?.error ?? "the server refused");
}
