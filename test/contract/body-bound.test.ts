/** Bodies of requests are in memory up to a bound, whatever they are for. */
import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request as sendRequest } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer, type TestServer } from "../support/server.ts";

const mb = 2 ** 20;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ bodiesBytesMax: mb });
});
afterAll(async () => server.close());

interface Answer {
  readonly status: number | undefined;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

/** A request whose last byte is sent by `finish`. */
interface Held {
  readonly answer: Promise<Answer>;
  finish(): void;
}

const places = ["the Data API", "the client API", "the admin API"] as const;
type Place = (typeof places)[number];

function open(place: Place, length: number, isChunked: boolean): ClientRequest {
  const paths: Readonly<Record<Place, string>> = {
    "the Data API": `/app/${server.appId}/endpoint/data/v1/action/findOne`,
    "the client API": `/api/client/v2.0/app/${server.appId}/auth/providers/anon-user/login`,
    "the admin API": "/api/admin/v3.0/backup",
  };
  const isAdmin = place === "the admin API";
  return sendRequest(`${server.url}${paths[place]}`, {
    method: "POST",
    agent: false,
    headers: {
      ...(isAdmin ? { Authorization: `Bearer ${server.adminToken}` } : { apiKey: server.apiKey }),
      "Content-Type": "application/json",
      ...(!isChunked && { "Content-Length": length }),
    },
  });
}

function hold(place: Place, length: number, isChunked = false): Held {
  const request = open(place, length, isChunked);
  const answer = (async (): Promise<Answer> => {
    const [response] = (await once(request, "response")) as [IncomingMessage];
    const { statusCode: status, headers } = response;
    return { status, retryAfter: headers["retry-after"], body: await text(response) };
  })();
  const fields = '{"dataSource":"mongodb-atlas","database":"d","collection":"c"}';
  request.write(fields.padEnd(length - 1));
  return {
    answer,
    finish() {
      request.end(" ");
    },
  };
}

async function heldBytes(): Promise<number> {
  const answer = await fetch(`${server.url}/metrics`, {
    headers: { Authorization: `Bearer ${server.adminToken}` },
  });
  return Number(/^petiole_request_body_bytes (\d+)$/m.exec(await answer.text())?.[1]);
}

const answered: Readonly<Record<Place, number>> = {
  "the Data API": 200,
  "the client API": 404,
  "the admin API": 400,
};

describe("the bound of bodies", () => {
  test.for(places.flatMap((first) => places.map((second) => [first, second] as const)))(
    "a big body for %s leaves no room for another one for %s",
    async ([first, second]) => {
      const big = hold(first, 700 * 1024);
      await expect.poll(heldBytes).toBe(700 * 1024 - 1);
      for (const isChunked of [false, true]) {
        const refused = hold(second, 200 * 1024, isChunked);
        expect(await refused.answer).toMatchObject({
          status: 503,
          retryAfter: "1",
          body: expect.stringMatching(
            /^\{"error":"too many request bodies at once","error_code":"ServiceUnavailable"/,
          ) as unknown,
        });
        refused.finish();
      }
      // Small ones are let in, and the big one is answered in the end.
      const small = hold(second, 60 * 1024);
      small.finish();
      expect((await small.answer).status).toBe(answered[second]);
      big.finish();
      expect((await big.answer).status).toBe(answered[first]);
      await expect.poll(heldBytes).toBe(0);
    },
  );

  test("who goes away leaves nothing behind", async () => {
    const request = open("the Data API", 700 * 1024, false);
    request.on("error", () => {});
    request.write(" ".repeat(600 * 1024));
    await expect.poll(heldBytes).toBe(600 * 1024);
    request.destroy();
    await expect.poll(heldBytes).toBe(0);
  });
});
