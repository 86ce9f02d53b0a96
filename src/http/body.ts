/** Reading a request's body into memory, under a bound. */
import type { IncomingMessage } from "node:http";
import { Fault } from "../kit/fault.ts";
import type { BodyBudget, BodyHolder } from "./body-budget.ts";

/** The client went away before its request was complete: nobody is left to answer. */
export class ClientGone extends Error {
  override readonly name = "ClientGone";
}

const empty = Buffer.alloc(0);

/**
 * Reads the whole body. The bound holds while reading, so that it needs no honest `Content-Length`.
 *
 * @throws {Fault} `RequestTooLarge` as soon as that is certain, `ServiceUnavailable` where there are too many; what
 *   still comes is not kept
 * @throws {ClientGone}
 */
export async function readBody(
  holder: BodyHolder & { readonly request: IncomingMessage },
  bytesMax: number,
  budget: BodyBudget,
): Promise<Buffer> {
  const { request } = holder;
  mustBePlain(request, bytesMax);
  return new Promise((resolve, reject) => {
    let first: Buffer | undefined;
    let others: Buffer[] | undefined;
    let length = 0;
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      try {
        if (length > bytesMax) throw tooLarge(bytesMax);
        budget.take(holder, chunk.length);
      } catch (cause) {
        request.off("data", onData);
        reject(cause);
        return;
      }
      if (first === undefined) first = chunk;
      else (others ??= [first]).push(chunk);
    };
    request.on("data", onData);
    request.on("end", () => {
      resolve(others === undefined ? (first ?? empty) : Buffer.concat(others, length));
    });
    request.on("error", () => {
      reject(new ClientGone());
    });
  });
}

/**
 * Refuses what need not be read to be refused.
 *
 * @throws {Fault} `RequestTooLarge` by the declared length, `BadRequest` for a compressed body
 */
function mustBePlain(request: IncomingMessage, bytesMax: number): void {
  const { headers } = request;
  if (Number(headers["content-length"] ?? 0) > bytesMax) throw tooLarge(bytesMax);
  const coding = headers["content-encoding"];
  if (coding !== undefined && coding !== "" && coding !== "identity")
    throw new Fault("BadRequest", "compressed request bodies are not supported");
}

export function tooLarge(bytesMax: number): Fault {
  return new Fault("RequestTooLarge", `the request is larger than ${bytesMax} bytes`);
}

const lateBodyMsMax = 10_000;

/**
 * Lets a client that was answered early finish sending, so that it reads the answer instead of a broken connection;
 * one that goes on for long is cut off.
 */
export function discardRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  request.resume();
  const timer = setTimeout(() => request.socket.destroy(), lateBodyMsMax);
  timer.unref();
  request.once("close", () => {
    clearTimeout(timer);
  });
}
