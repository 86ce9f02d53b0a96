import { expect, test } from "vitest";
import { runCrashRounds } from "./crash.ts";

test(
  "crash: five kills under 64 writers lose nothing and tear nothing",
  { timeout: 120_000 },
  async () => {
    const report = await runCrashRounds(5);
    expect(report.problems).toEqual([]);
    expect(report.acknowledged).toBeGreaterThan(0);
  },
);
