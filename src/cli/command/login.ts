/** `petiole login` and `petiole logout`. */
import { text } from "node:stream/consumers";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { Fault } from "../../kit/fault.ts";
import { callServer } from "../admin-client.ts";
import { say } from "../counter.ts";
import { forgetLogin, keepLogin } from "../login.ts";

export interface LoginFlags {
  readonly email?: string;
  readonly apiKey?: string;
}

/** Keeps a token for the commands to come; the password itself is not kept. */
export async function logIn(given: string, { email, apiKey }: LoginFlags): Promise<void> {
  const url = mustBeUrl(given);
  const username = email ?? apiKey;
  if (username === undefined || (email !== undefined && apiKey !== undefined))
    throw new Fault("InvalidParameter", "say who logs in: --email EMAIL, or --api-key PUBLIC");
  const secret = await readSecret(email === undefined ? "private key" : "password");
  const [path, body] =
    email === undefined
      ? ["/auth/providers/mongodb-cloud/login", { username, apiKey: secret }]
      : ["/auth/providers/local-userpass/login", { username, password: secret }];
  const session = (await callServer(url, { method: "POST", path, body })) as {
    readonly refresh_token?: string;
  } | null;
  const refreshToken = session?.refresh_token;
  if (refreshToken === undefined) throw new Error(`${url} is no Petiole`);
  keepLogin({ url, refreshToken });
  say(`logged in to ${url} as ${username}`);
}

/** Ends the session on the server, too, if it can be reached. */
export async function logOut(given: string | undefined): Promise<void> {
  const gone = forgetLogin(given === undefined ? undefined : mustBeUrl(given));
  if (gone === undefined) throw new Fault("Unauthorized", "nobody has logged in there");
  const { url, refreshToken: token } = gone;
  await callServer(url, { method: "DELETE", path: "/auth/session", token }).catch(
    (cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      process.stderr.write(`warning: the session itself may live on: ${why}\n`);
    },
  );
  say(`logged out of ${url}`);
}

function mustBeUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "")
    throw new Fault("InvalidParameter", `'${given}' must be an address: https://data.example.com`);
  return given.replace(/\/+$/, "");
}

/** Out of a pipe, or of somebody who types it unseen: in a flag, every process of the machine could see it. */
async function readSecret(what: string): Promise<string> {
  const { stdin } = process;
  const secret = stdin.isTTY ? await ask(`${what}: `) : (await text(stdin)).replace(/\r?\n$/, "");
  if (secret === "") throw new Fault("InvalidParameter", `no ${what} came from standard input`);
  return secret;
}

async function ask(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  const answer = await new Promise<string>((resolve) => {
    lines.question("", resolve);
    lines.on("close", () => {
      resolve("");
    });
  });
  lines.close();
  process.stderr.write("\n");
  return answer;
}
