import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "bench/**/*.test.ts", "scripts/**/*.test.ts"],
    // Never vitest's threads: each thread that loads the native client needs a copy of its own.
    pool: "forks",
    // Real servers and fifty threads a test: two files at a time, as most of them wait most of the time.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 30_000,
    globalSetup: ["scripts/build.mjs"],
  },
});
