/**
 * Speaks to a server: to the one that runs on a data directory, as its local administrator, or to one that somebody has
 * logged in to.
 */
import { existsSync, readFileSync } from "node:fs";
import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { Fault } from "../kit/fault.ts";
import { serverFileOf } from "../server-files.ts";
import type { StatePlace } from "../state.ts";
import { type Login, readLogins } from "./login.ts";

export interface AdminClient {
  readonly groupId: string;
  /** @param path below `/api/admin/v3.0` @throws {Error} with the server's own message; the cause is its whole answer */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Like `call`, with bytes there or back. @param body a packed app directory */
  send(method: string, path: string, body?: Uint8Array): Promise<Buffer>;
}

/** A function, and the installation of its packages, may take five minutes. */
const callMsMax = 330_000;

/** Where a command works. */
export interface Place extends StatePlace {
  /** Address of a server that somebody has logged in to. */
  readonly server?: string | undefined;
}

/**
 * The server to ask; undefined where the state is to be opened.
 *
 * It is the one that is named; else, where the state lies on MongoDB, none; else the one that runs on the data
 * directory; where there is no such directory, the one that was logged in to last.
 *
 * @throws {Fault} `Unauthorized` when nobody has logged in to the server that is named
 */
export async function serverOf(place: Place): Promise<AdminClient | undefined> {
  const wanted = place.server ?? "";
  if (wanted !== "") return openLoggedIn(mustFindLogin(wanted));
  if ((place.state ?? "") !== "") return undefined;
  const [last] = readLogins();
  if (last !== undefined && !existsSync(place.data)) return openLoggedIn(last);
  return findServer(place.data);
}

function mustFindLogin(given: string): Login {
  const url = given.replace(/\/+$/, "");
  const found = readLogins().find((each) => each.url === url);
  if (found !== undefined) return found;
  throw new Fault("Unauthorized", `nobody has logged in to ${url}: petiole login ${url}`);
}

async function openLoggedIn({ url, refreshToken }: Login): Promise<AdminClient> {
  const access = (await callServer(url, {
    method: "POST",
    path: "/auth/session",
    token: refreshToken,
  }).catch((cause: unknown) => {
    throw new Error(`${url}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  })) as { readonly access_token: string };
  const client = await createClient(url, { token: access.access_token, isOwn: false });
  if (client === undefined) throw new Error(`${url} is no Petiole`);
  return client;
}

/** One call without a client: login and what belongs to it. @param given.path below `/api/admin/v3.0` */
export async function callServer(
  url: string,
  given: {
    readonly method: string;
    readonly path: string;
    readonly token?: string;
    readonly body?: unknown;
  },
): Promise<unknown> {
  const content = given.body === undefined ? "" : JSON.stringify(given.body);
  const answer = await exchange(`${url}${apiPath}${given.path}`, {
    method: given.method,
    token: given.token,
    content: Buffer.from(content),
    type: "application/json",
    isOwn: false,
  });
  return answer.length === 0 ? null : JSON.parse(answer.toString("utf8"));
}

const apiPath = "/api/admin/v3.0";

/** The server on this data directory; undefined when none answers. */
export async function findServer(data: string): Promise<AdminClient | undefined> {
  const url = readUrl(data);
  if (url === undefined) return undefined;
  const token = readFileSync(path.join(data, "admin-token"), "utf8").trim();
  // The file of a server that was killed: nobody listens there, or somebody else. Whether the directory is really
  // free is for its lock to say.
  return createClient(url, { token, isOwn: true }).catch(() => undefined);
}

/** @param access.isOwn whether it is the server of this machine, whose token file has told whom we speak to */
async function createClient(
  url: string,
  access: { readonly token: string; readonly isOwn: boolean },
): Promise<AdminClient | undefined> {
  const send = async (
    method: string,
    target: string,
    body: Uint8Array = new Uint8Array(),
    type = "application/gzip",
  ): Promise<Buffer> =>
    exchange(`${url}${apiPath}${target}`, { ...access, method, content: body, type });
  const call = async (method: string, target: string, body?: unknown): Promise<unknown> => {
    const content = body === undefined ? "" : JSON.stringify(body);
    const answer = await send(method, target, Buffer.from(content), "application/json");
    return answer.length === 0 ? null : JSON.parse(answer.toString("utf8"));
  };
  const profile = (await call("GET", "/auth/profile")) as {
    readonly roles: readonly { readonly group_id: string }[];
  };
  const groupId = profile.roles[0]?.group_id;
  return groupId === undefined ? undefined : { groupId, call, send };
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
    readonly token: string | undefined;
    readonly content: Uint8Array;
    readonly type: string;
    readonly isOwn: boolean;
  },
): Promise<Buffer> {
  const { method, token, content, type, isOwn } = options;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const send = url.startsWith("https:") ? tlsRequest : plainRequest;
    const request = send(
      url,
      {
        method,
        timeout: callMsMax,
        // The certificate is for the name that clients use, not for the address of this machine.
        rejectUnauthorized: !isOwn,
        headers: {
          ...(token !== undefined && { Authorization: `Bearer ${token}` }),
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
  const text = answer.toString("utf8");
  throw new Error(readError(text) ?? "the server refused", { cause: text });
}

function readError(answer: string): string | undefined {
  try {
    return (JSON.parse(answer) as { readonly error?: string } | null)?.error;
  } catch {
    // Not from the server itself: something between here and there answered.
    return undefined;
  }
}
