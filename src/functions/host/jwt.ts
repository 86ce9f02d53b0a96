/** `utils.jwt`: compact signed tokens with the twelve usual algorithms. */
import { constants, createHmac, createSign, createVerify, timingSafeEqual } from "node:crypto";

interface Algorithm {
  readonly family: "HS" | "RS" | "PS" | "ES";
  readonly hash: "sha256" | "sha384" | "sha512";
}

const algorithms: ReadonlyMap<string, Algorithm> = new Map(
  (["HS", "RS", "PS", "ES"] as const).flatMap((family) =>
    (["256", "384", "512"] as const).map((size) => [
      `${family}${size}`,
      { family, hash: `sha${size}` } as const,
    ]),
  ),
);

export const jwtUtils: Readonly<Record<string, unknown>> = {
  encode(name: unknown, payload: unknown, secret: unknown, header: unknown = {}): string {
    const algorithm = mustKnow(name, "encode");
    if (typeof payload !== "object" || payload === null)
      throw argumentError("encode", "payload", "an object");
    const key = mustText(secret, "encode", "secret");
    // The algorithm that signs is the one that the header names, whatever else it holds.
    const fields = Object.assign({ alg: name, typ: "JWT" }, header, { alg: name });
    const signed = `${part(fields)}.${part(payload)}`;
    return `${signed}.${sign(algorithm, signed, key).toString("base64url")}`;
  },
  decode(
    token: unknown,
    secret: unknown,
    withHeader: unknown = false,
    accepted?: unknown,
  ): unknown {
    const text = mustText(token, "decode", "jwtString");
    const key = mustText(secret, "decode", "key");
    const [first = "", second = "", third = "", ...others] = text.split(".");
    const header = readPart(first);
    const payload = readPart(second);
    if (others.length > 0 || third === "" || header === undefined || payload === undefined)
      throw new Error("jwt decode: token is malformed");
    const algorithm = mustBeAccepted(header["alg"], accepted);
    if (!verify(algorithm, `${first}.${second}`, key, Buffer.from(third, "base64url")))
      throw new Error("jwt decode: signature is invalid");
    mustBeCurrent(payload);
    return withHeader === true ? { header, payload } : payload;
  },
};

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function readPart(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function mustKnow(name: unknown, method: string): Algorithm {
  const found = typeof name === "string" ? algorithms.get(name) : undefined;
  if (found !== undefined) return found;
  throw argumentError(method, "signingMethod", `one of ${[...algorithms.keys()].join(", ")}`);
}

function mustBeAccepted(name: unknown, accepted: unknown): Algorithm {
  const isAccepted = !Array.isArray(accepted) || accepted.includes(name);
  if (isAccepted && typeof name === "string" && algorithms.has(name))
    return mustKnow(name, "decode");
  throw new Error(`jwt decode: signing method ${String(name)} is invalid`);
}

/** As the original's library did, which checks what is there. */
function mustBeCurrent(payload: Readonly<Record<string, unknown>>): void {
  const now = Date.now() / 1000;
  const { exp, nbf } = payload;
  if (typeof exp === "number" && exp < now) throw new Error("jwt decode: token is expired");
  if (typeof nbf === "number" && nbf > now) throw new Error("jwt decode: token is not valid yet");
}

function sign({ family, hash }: Algorithm, text: string, key: string): Buffer {
  if (family === "HS") return createHmac(hash, key).update(text).digest();
  return createSign(hash)
    .update(text)
    .sign({ key, ...formOf(family) });
}

function verify({ family, hash }: Algorithm, text: string, key: string, given: Buffer): boolean {
  if (family === "HS") {
    // A public key is no secret: a token that was signed with one as if it were must not pass.
    if (key.includes("-----BEGIN")) throw new Error("jwt decode: key is of invalid type");
    const wanted = createHmac(hash, key).update(text).digest();
    return wanted.length === given.length && timingSafeEqual(wanted, given);
  }
  return createVerify(hash)
    .update(text)
    .verify({ key, ...formOf(family) }, given);
}

function formOf(family: "RS" | "PS" | "ES"): object {
  if (family === "ES") return { dsaEncoding: "ieee-p1363" };
  if (family === "RS") return { padding: constants.RSA_PKCS1_PADDING };
  return {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  };
}

function mustText(value: unknown, method: string, argument: string): string {
  if (typeof value === "string") return value;
  throw argumentError(method, argument, "a string");
}

function argumentError(method: string, argument: string, wanted: string): TypeError {
  return new TypeError(`jwt ${method}: "${argument}" argument must be ${wanted}`);
}
