import { configDefaults, defineConfig } from "vitest/config";

/** Tests of whole runs: each brings a server and many threads of its own. */
const runs = [
  "src/run/trial-servers.test.ts",
  "src/run/lab.test.ts",
  "src/run/lab-members.test.ts",
  "src/bench.test.ts",
  "src/cli.test.ts",
  "src/lost-output.test.ts",
];
/** Tests that measure: nothing else may run beside them. */
const measuring = ["src/run/trial.test.ts", "src/run/trial-counts.test.ts"];

export default defineConfig({
  test: {
    // Never vitest's threads: each thread that loads the native client needs a copy of its own.
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 30_000,
    globalSetup: ["scripts/build.mjs"],
    projects: [
      {
        extends: true,
        test: {
          name: "three at a time",
          include: ["src/**/*.test.ts", "bench/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...runs, ...measuring],
          // Most of them wait most of the time, for real servers.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "two at a time",
          include: runs,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "one at a time",
          include: measuring,
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
