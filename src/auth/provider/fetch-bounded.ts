/** Asking an identity provider: bounded in time and size, over TLS, and nowhere else than where it was sent. */
import { Fault } from "../../kit/fault.ts";

/** How long an identity provider may take, in milliseconds. */
const answerMsMax = 10_000;

const answerBytesMax = 2 ** 20;

export interface Fetched {
  readonly status: number;
  readonly text: string;
}

/**
 * @param isTrusted whether the operator of this server has named the address: only then it may go without TLS
 * @throws {Fault} `ServiceUnavailable` when there is no answer
 */
export async function fetchBounded(
  url: string,
  init: Pick<RequestInit, "method" | "headers" | "body">,
  isTrusted: boolean,
): Promise<Fetched> {
  mustBeSafe(url, isTrusted);
  try {
    const response = await fetch(url, {
      ...init,
      // Wherever a redirect leads, nobody has looked at it.
      redirect: "error",
      signal: AbortSignal.timeout(answerMsMax),
    });
    return { status: response.status, text: await readBounded(response) };
  } catch (cause) {
    throw new Fault("ServiceUnavailable", "the identity provider does not answer", { cause });
  }
}

function mustBeSafe(url: string, isTrusted: boolean): void {
  if (url.startsWith("https://") || (isTrusted && url.startsWith("http://"))) return;
  throw new Fault("ServiceUnavailable", "the identity provider has no https address");
}

async function readBounded({ body }: Response): Promise<string> {
  if (body === null) return "";
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > answerBytesMax) throw new Error("the answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
