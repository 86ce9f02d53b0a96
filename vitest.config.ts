import { defineConfig } from "vitest/config";

// Module state and module mocks are banned here, so tests may share one module graph: many times faster.
// Whole files wait for processes they started half of their time: one worker would leave a core idle.
const shared = { isolate: false, maxWorkers: 2, testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    ...shared,
    projects: [
      {
        test: {
          ...shared,
          name: "unit",
          include: ["src/**/*.test.ts", "tools/**/*.test.ts", "bench/**/*.test.ts"],
        },
      },
      {
        test: {
          ...shared,
          name: "whole",
          include: ["test/**/*.test.ts"],
          globalSetup: ["test/support/global-mongod.ts"],
        },
      },
    ],
    coverage: { provider: "v8", include: ["src/**/*.ts"], exclude: ["src/**/*.test.ts"] },
  },
});
