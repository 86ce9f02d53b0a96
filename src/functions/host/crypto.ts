/** `utils.crypto`: the original's few functions, on Node's. */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSign,
  createVerify,
  randomBytes,
} from "node:crypto";
import { Binary } from "./bson-classes.ts";

const nonceBytes = 12;
const tagBytes = 16;

export const cryptoUtils: Readonly<Record<string, unknown>> = {
  /** AES-GCM: nonce, ciphertext, tag, in this order; the key is the text's own bytes. */
  encrypt(type: unknown, message: unknown, key: unknown): Binary {
    mustBe(type, ["aes"], "encrypt", "encryptionType");
    const { cipher, secret } = cipherOf(mustText(key, "encrypt", "key"), "encrypt");
    const nonce = randomBytes(nonceBytes);
    const sealing = createCipheriv(cipher, secret, nonce);
    const sealed = sealing.update(bytesOf(message, "encrypt", "message"));
    return new Binary(Buffer.concat([nonce, sealed, sealing.final(), sealing.getAuthTag()]));
  },
  decrypt(type: unknown, message: unknown, key: unknown): Binary {
    mustBe(type, ["aes"], "decrypt", "encryptionType");
    if (!(message instanceof Binary))
      throw argumentError("decrypt", "encryptedMessage", "a BSON.Binary");
    const { cipher, secret } = cipherOf(mustText(key, "decrypt", "key"), "decrypt");
    const bytes = bytesOf(message, "decrypt", "encryptedMessage");
    if (bytes.length < nonceBytes + tagBytes) throw new Error("crypto decrypt: message too short");
    const opening = createDecipheriv(cipher, secret, bytes.subarray(0, nonceBytes));
    opening.setAuthTag(bytes.subarray(-tagBytes));
    try {
      const opened = opening.update(bytes.subarray(nonceBytes, -tagBytes));
      return new Binary(Buffer.concat([opened, opening.final()]));
    } catch (cause) {
      throw new Error("crypto decrypt: message authentication failed", { cause });
    }
  },
  sign(type: unknown, message: unknown, key: unknown, scheme: unknown = "pss"): Binary {
    mustBe(type, ["rsa"], "sign", "encryptionType");
    const signing = createSign("sha256").update(bytesOf(message, "sign", "message"));
    return new Binary(
      signing.sign({ key: mustText(key, "sign", "key"), ...padding(scheme, "sign") }),
    );
  },
  verify(
    type: unknown,
    message: unknown,
    key: unknown,
    signature: unknown,
    scheme: unknown = "pss",
  ): boolean {
    mustBe(type, ["rsa"], "verify", "encryptionType");
    if (!(signature instanceof Binary)) throw argumentError("verify", "signature", "a BSON.Binary");
    const checking = createVerify("sha256").update(bytesOf(message, "verify", "message"));
    return checking.verify(
      { key: mustText(key, "verify", "key"), ...padding(scheme, "verify") },
      bytesOf(signature, "verify", "signature"),
    );
  },
  hmac(input: unknown, secret: unknown, hash: unknown, format: unknown): string {
    const name = mustBe(hash, ["sha1", "sha256", "sha512"], "hmac", "hash_function");
    const encoding = mustBe(format, ["hex", "base64"], "hmac", "output_format");
    return createHmac(name, bytesOf(secret, "hmac", "secret"))
      .update(bytesOf(input, "hmac", "input"))
      .digest(encoding);
  },
  hash(hash: unknown, input: unknown): Binary {
    const name = mustBe(hash, ["sha1", "sha256", "md5"], "hash", "hash_function");
    return new Binary(
      createHash(name)
        .update(bytesOf(input, "hash", "input"))
        .digest(),
    );
  },
};

function cipherOf(
  key: string,
  method: string,
): {
  readonly cipher: "aes-128-gcm" | "aes-192-gcm" | "aes-256-gcm";
  readonly secret: Buffer;
} {
  const secret = Buffer.from(key);
  if (secret.length === 16) return { cipher: "aes-128-gcm", secret };
  if (secret.length === 24) return { cipher: "aes-192-gcm", secret };
  if (secret.length === 32) return { cipher: "aes-256-gcm", secret };
  throw argumentError(method, "key", "16, 24 or 32 bytes long");
}

function padding(
  scheme: unknown,
  method: string,
): {
  readonly padding: number;
  readonly saltLength?: number;
} {
  const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_AUTO } = constants;
  const name = mustBe(scheme, ["pss", "pkcs1v15"], method, "signatureScheme");
  if (name === "pkcs1v15") return { padding: RSA_PKCS1_PADDING };
  // To sign, this means as long as fits.
  const { RSA_PSS_SALTLEN_MAX_SIGN } = constants;
  const saltLength = method === "sign" ? RSA_PSS_SALTLEN_MAX_SIGN : RSA_PSS_SALTLEN_AUTO;
  return { padding: RSA_PKCS1_PSS_PADDING, saltLength };
}

function bytesOf(value: unknown, method: string, argument: string): Buffer {
  if (typeof value === "string") return Buffer.from(value);
  if (value instanceof Binary) return Buffer.from(value.buffer.subarray(0, value.position));
  if (value instanceof Uint8Array) return Buffer.from(value);
  throw argumentError(method, argument, "a string");
}

function mustText(value: unknown, method: string, argument: string): string {
  if (typeof value === "string") return value;
  throw argumentError(method, argument, "a string");
}

function mustBe<T extends string>(
  value: unknown,
  known: readonly T[],
  method: string,
  argument: string,
): T {
  const found = known.find((each) => each === value);
  if (found !== undefined) return found;
  throw argumentError(method, argument, `one of ${known.map((each) => `"${each}"`).join(", ")}`);
}

function argumentError(method: string, argument: string, wanted: string): TypeError {
  return new TypeError(`crypto ${method}: "${argument}" argument must be ${wanted}`);
}
