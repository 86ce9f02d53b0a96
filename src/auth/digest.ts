/**
 * HTTP Digest (RFC 7616; MD5, `auth`), the only way in which the original's tool calls what was Atlas.
 *
 * Nonces are signed instead of kept, so that every node takes those of the others; each node remembers how far those
 * were used that came with a right answer.
 */
import { createHmac, hash } from "node:crypto";
import { createSecret, equalsInConstantTime } from "../kit/secret.ts";

export interface DigestCall {
  readonly method: string;
  /** The targets that the client may mean: as they came, and as they were before a proxy took a prefix off. */
  readonly targets: readonly string[];
  readonly authorization: string | undefined;
}

export interface Digest {
  /** The `WWW-Authenticate` to refuse a call with; undefined when a known key made the call. */
  challenge(call: DigestCall): Promise<string | undefined>;
}

interface Answer {
  readonly username: string;
  readonly nonce: string;
  readonly uri: string;
  readonly nc: string;
  readonly cnonce: string;
  readonly response: string;
}

/** The clocks of nodes may differ by less than this. */
const nonceMsMax = 5 * 60_000;
const noncesMax = 10_000;
const headerLengthMax = 2048;

export function openDigest(environment: {
  readonly realm: string;
  /** Signs nonces: the same on all nodes. */
  readonly secret: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** MD5 of `user:realm:password` in hex digits; undefined for an unknown user. */
  readonly digestOf: (username: string) => Promise<string | undefined>;
}): Digest {
  const { realm, secret, now, digestOf } = environment;
  /** Nonce → the highest count that it came with. */
  const used = new Map<string, number>();
  /** Nonces that were issued until then may have been forgotten. Milliseconds since 1970. */
  let forgottenMs = 0;

  // Tokens of administrators are signed with the same secret; no token begins like this.
  const sign = (text: string): string =>
    createHmac("sha256", secret).update(`digest nonce ${text}`).digest("hex");

  function createNonce(): string {
    const text = `${now()}.${createSecret(16)}`;
    return `${text}.${sign(text)}`;
  }

  /** When a nonce was issued; undefined for one that is not ours. */
  function readNonce(nonce: string): number | undefined {
    const [, text, issued, signature] = /^((\d{1,15})\.\w{16})\.(\w{64})$/.exec(nonce) ?? [];
    if (text === undefined || signature === undefined) return undefined;
    return equalsInConstantTime(signature, sign(text)) ? Number(issued) : undefined;
  }

  async function isRight(answer: Answer, method: string): Promise<boolean> {
    const { username, nonce, uri, nc, cnonce, response } = answer;
    // A user who is not there takes the same way, and has no answer that is right.
    const known = await digestOf(username);
    const what = md5(`${method}:${uri}`);
    const wanted = md5(`${known ?? ""}:${nonce}:${nc}:${cnonce}:auth:${what}`);
    return equalsInConstantTime(wanted, response.toLowerCase()) && known !== undefined;
  }

  /** Whether this call is the first with its nonce and count. Whoever listens must not be able to repeat it. */
  function take({ nonce, nc }: Answer, issuedMs: number): boolean {
    const count = Number.parseInt(nc, 16);
    const before = used.get(nonce);
    if (now() - issuedMs > nonceMsMax) return false;
    if (before === undefined ? issuedMs <= forgottenMs : count <= before) return false;
    const [oldest] = used.keys();
    if (before === undefined && used.size >= noncesMax && oldest !== undefined) {
      used.delete(oldest);
      forgottenMs = Math.max(forgottenMs, readNonce(oldest) ?? 0);
    }
    used.set(nonce, count);
    return true;
  }

  return {
    async challenge({ method, targets, authorization }) {
      const answer = readAnswer(authorization, realm);
      const issuedMs = answer && readNonce(answer.nonce);
      let stale = "";
      if (answer !== undefined && issuedMs !== undefined && targets.includes(answer.uri))
        if (await isRight(answer, method)) {
          if (take(answer, issuedMs)) return undefined;
          stale = "stale=true, ";
        }
      // The tool's reader takes these parts only, divided exactly so.
      return `Digest realm="${realm}", nonce="${createNonce()}", ${stale}algorithm=MD5, qop="auth"`;
    },
  };
}

/** Undefined when it is none, or lacks a part that the challenge asks for. */
function readAnswer(authorization: string | undefined, realm: string): Answer | undefined {
  if (authorization === undefined || authorization.length > headerLengthMax) return undefined;
  if (!/^Digest /i.test(authorization)) return undefined;
  const parts = new Map<string, string>();
  for (const [, name, quoted, plain] of authorization.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,"]+))/g))
    parts.set((name ?? "").toLowerCase(), quoted ?? plain ?? "");
  const part = (name: string): string => parts.get(name) ?? "";
  const isOurs =
    part("realm") === realm &&
    part("qop") === "auth" &&
    (parts.get("algorithm") ?? "MD5").toUpperCase() === "MD5" &&
    /^[0-9a-f]{8}$/i.test(part("nc")) &&
    part("cnonce") !== "";
  if (!isOurs) return undefined;
  return {
    username: part("username"),
    nonce: part("nonce"),
    uri: part("uri"),
    nc: part("nc"),
    cnonce: part("cnonce"),
    response: part("response"),
  };
}

function md5(text: string): string {
  return hash("md5", text, "hex");
}
