/**
 * Calls of the admin API: with the session's token, which is renewed without a word when it has run out.
 *
 * Every call is noted, so that a screen can show what it did (`parts/api-calls.tsx`).
 */
import { Failure } from "./failure.ts";
import { noteCall } from "./noted-calls.ts";
import { type Session, sessionNow, setSession } from "./session.ts";

export interface Call {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/api/admin/v3.0`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON; a text, which is JSON already, and a form as they are. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** The address of the admin API, wherever the console is served. */
export const apiBase = new URL("../api/admin/v3.0", document.baseURI.replace(/[#?].*$/s, "")).href;
/** The address under which apps are called. */
export const serverBase = new URL("..", document.baseURI.replace(/[#?].*$/s, "")).href.replace(
  /\/$/,
  "",
);

/** @returns the answer's body; undefined where there is none @throws {Failure} */
export async function call<Answer>(wanted: Call): Promise<Answer> {
  return (await readAnswer(await fetchAnswer(wanted))) as Answer;
}

/** @returns the answer, whose body is still to be read @throws {Failure} */
export async function open(wanted: Call): Promise<Response> {
  const response = await fetchAnswer(wanted);
  if (!response.ok) await readAnswer(response);
  return response;
}

/** The whole of an answer, as a file. @throws {Failure} also where it breaks off */
export async function takeFile(wanted: Call): Promise<Blob> {
  const response = await open(wanted);
  return whole(response.blob());
}

/** @throws {Failure} in place of the browser's own words for what broke off */
export async function whole<Body>(body: Promise<Body>): Promise<Body> {
  try {
    return await body;
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new Failure(
      0,
      "BrokenOff",
      "the answer broke off before its end: the server, or a proxy before it, closed the connection; try again",
    );
  }
}

async function fetchAnswer(wanted: Call): Promise<Response> {
  const session = sessionNow();
  const response = await send(wanted, session?.accessToken);
  if (response.status !== 401 || session === undefined) return response;
  const renewed = await renew(session);
  return renewed === undefined ? response : send(wanted, renewed.accessToken);
}

/** Signs in with an e-mail address and password, a programmatic key pair, or the link of a first start. */
export async function signIn(
  provider: "local-userpass" | "mongodb-cloud" | "one-time",
  body: Readonly<Record<string, string>>,
): Promise<void> {
  const response = await send({ method: "POST", path: `/auth/providers/${provider}/login`, body });
  const answer = (await readAnswer(response)) as {
    readonly access_token: string;
    readonly refresh_token: string;
  };
  setSession({ accessToken: answer.access_token, refreshToken: answer.refresh_token });
}

export async function signOut(): Promise<void> {
  const session = sessionNow();
  setSession(undefined);
  if (session === undefined) return;
  await send({ method: "DELETE", path: "/auth/session" }, session.refreshToken).catch(
    () => undefined,
  );
}

let renewing: Promise<Session | undefined> | undefined;

/** Calls that fail together renew once. */
async function renew(session: Session): Promise<Session | undefined> {
  renewing ??= (async () => {
    const response = await send({ method: "POST", path: "/auth/session" }, session.refreshToken);
    if (!response.ok) {
      if (response.status === 401) setSession(undefined);
      return undefined;
    }
    const { access_token: accessToken } = (await response.json()) as {
      readonly access_token: string;
    };
    const renewed = { ...session, accessToken };
    setSession(renewed);
    return renewed;
  })().finally(() => {
    renewing = undefined;
  });
  return renewing;
}

async function send(wanted: Call, token?: string): Promise<Response> {
  const { method = "GET", path, body, signal } = wanted;
  const url = `${apiBase}${path}${queryOf(wanted)}`;
  const headers: Record<string, string> = { Accept: "application/json" };
  if (token !== undefined) headers["Authorization"] = `Bearer ${token}`;
  // A form's own type names what stands between its parts.
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
  const startedAt = performance.now();
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body !== undefined && {
        body: isForm || typeof body === "string" ? body : JSON.stringify(body),
      }),
      ...(signal !== undefined && { signal }),
    });
    noteCall({
      method,
      url,
      body: isForm ? "(a file)" : body,
      status: response.status,
      ms: performance.now() - startedAt,
    });
    return response;
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw new Failure(
      0,
      "NoAnswer",
      "the server does not answer: it may be restarting, or this browser be without a network; try again",
    );
  }
}

function queryOf({ query = {} }: Call): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return "";
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}

async function readAnswer(response: Response): Promise<unknown> {
  const text = await whole(response.text());
  if (response.ok) return text === "" ? undefined : (JSON.parse(text) as unknown);
  let answer: { readonly error?: unknown; readonly error_code?: unknown } = {};
  try {
    answer = JSON.parse(text) as typeof answer;
  } catch {
    // A proxy's page: the status says more.
  }
  const message = typeof answer.error === "string" ? answer.error : `status ${response.status}`;
  const code = typeof answer.error_code === "string" ? answer.error_code : "";
  throw new Failure(response.status, code, message, answer);
}

/**
 * Reads server-sent events until the signal ends it.
 *
 * @throws {Failure} where the stream could not be opened
 */
export async function follow(
  wanted: Call & { readonly signal: AbortSignal },
  onData: (data: unknown) => void,
  onOpen?: () => void,
): Promise<void> {
  const response = await open(wanted);
  onOpen?.();
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += value;
      const events = text.split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const data = event
          .split("\n")
          .filter((line) => line.startsWith("data:"))
          .map((line) => line.slice(5).trim())
          .join("\n");
        if (data !== "") onData(JSON.parse(data));
      }
    }
  } catch (cause) {
    if (!wanted.signal.aborted) throw cause;
  }
}
