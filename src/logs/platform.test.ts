import { expect, test } from "vitest";
import { platformOf } from "./platform.ts";

const like = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)";

test.for<[agent: string, platform: string | undefined, version?: string]>([
  ["curl/8.5.0", "curl", "8.5.0"],
  ["node", "node", ""],
  ["python-requests/2.31.0", "python-requests", "2.31.0"],
  [`${like} Chrome/124.0.0.0 Safari/537.36`, "chrome", "124.0.0.0"],
  [`${like} Chrome/124.0.0.0 Safari/537.36 Edg/124.0.2478.51`, "edge", "124.0.2478.51"],
  ["Mozilla/5.0 (X11; rv:125.0) Gecko/20100101 Firefox/125.0", "firefox", "125.0"],
  [`${like} Version/17.4 Safari/605.1.15`, "safari", "17.4"],
  [`${like} Version/17.4 Mobile/15E148 Safari/604.1`, "safari", "17.4"],
  ["", undefined],
  ["()", undefined],
])("platform: %s", ([agent, platform, platformVersion]) => {
  expect(platformOf(agent)).toEqual(
    platform === undefined ? undefined : { platform, platformVersion },
  );
});
