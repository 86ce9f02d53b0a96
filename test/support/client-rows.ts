/** What scenarios of the client API share. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Sample } from "./app-samples.ts";
import { startClientServer } from "./client-app.ts";
import { play, type Scenario } from "./scenario.ts";
import type { TestServer } from "./server.ts";

export type ClientRow = readonly [title: string, scenario: Scenario];

export const clientApi = "/api/client/v2.0";
export const clientAppPath = `${clientApi}/app/data-tests`;
export const providersPath = `${clientAppPath}/auth/providers`;

/** Neither key nor type, unless a row says so. */
export const noHeaders = { apiKey: undefined, "Content-Type": undefined };
/** Somebody who is logged in. */
export const asUser = { ...noHeaders, Authorization: "Bearer ACCESS" };

export const jsonHeaders = { "content-type": "application/json" };

/** The body of a failure. */
export function failure(message: string, code: string): string {
  return `{"error":"${message}","error_code":"${code}","link":"HOST/console/logs?co_id=*"}`;
}

/**
 * Plays every row on one server. `ACCESS` and `REFRESH` in `Authorization` stand for the tokens of an anonymous user.
 */
export function describeClientRows(
  subject: string,
  sample: Sample,
  rows: readonly ClientRow[],
): void {
  describe(`client API: ${subject}`, () => {
    let server: TestServer;
    let tokens: Readonly<Record<string, string>>;
    beforeAll(async () => {
      server = await startClientServer("embedded", sample);
      const url = `${server.url}${providersPath}/anon-user/login`;
      const answer = await fetch(url, { method: "POST" });
      tokens = (await answer.json()) as Readonly<Record<string, string>>;
    });
    afterAll(async () => {
      await server.close();
    });
    test.for(rows)("%s", async ([, scenario]) => {
      const { Authorization: given, ...others } = scenario.headers ?? {};
      const Authorization = given
        ?.replace("ACCESS", tokens["access_token"] ?? "")
        .replace("REFRESH", tokens["refresh_token"] ?? "");
      const headers = { ...others, Authorization };
      const { actual, wanted } = await play(server, { ...scenario, headers }, "unused");
      expect(actual).toEqual(wanted);
    });
  });
}
