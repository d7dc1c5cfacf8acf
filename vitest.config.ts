import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { loadedWith } from "./scripts/imports.mjs";

const tests = ["src", "bench", "scripts"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join(folder, file)),
);
/** A test that loads none of these starts no server, no program and no browser, and searches no schedules. */
const slow = [
  "src/ensemble/server.ts",
  "src/zookeeper/binding.ts",
  "node:child_process",
  "execa",
  "playwright-core",
  "src/testing/patched-simulation.ts",
];
/** Tests that measure: nothing else may run beside them. */
const measuring = [
  "src/run/trial-times.test.ts",
  "src/run/trial-counts.test.ts",
  "src/ensemble/counted-window.test.ts",
  "src/zookeeper/silence.test.ts",
];
const fast = tests.filter((test) => {
  const loaded = loadedWith(test);
  return !slow.some((one) => loaded.has(one));
});
const others = tests.filter((test) => ![...fast, ...measuring].includes(test));

/** One after the other. */
const projects = [
  // To load its modules anew would take a file longer than its tests do.
  { name: "fast", include: fast, maxWorkers: 2, isolate: false },
  // Most of them wait most of the time, for real servers.
  { name: "slow", include: others, maxWorkers: 4 },
  { name: "measuring", include: measuring, maxWorkers: 1, fileParallelism: false },
];

/**
 * Tests that take most of a minute, in descending order. Where nothing is known of earlier runs, large files go
 * first, and these would be alone at the end.
 */
const first = [
  "src/live-server/live.browser.test.ts",
  "src/bench.test.ts",
  "src/live/play.browser.test.ts",
  "src/run/trial.test.ts",
  "src/run/lab.test.ts",
  "src/processes/bad-programs.test.ts",
  "src/faults/processes.test.ts",
  "src/cli-cut-short.test.ts",
  "src/faults/servers.test.ts",
  "src/run/trial-witnessed.test.ts",
  "src/election/scenarios/soak.test.ts",
  "src/simulate.test.ts",
  "src/options/scheme-file.test.ts",
  "src/run/lab-members.test.ts",
  "src/by-hand/by-hand.test.ts",
  "src/live-server/strikes.test.ts",
  "scripts/package.test.ts",
  "src/simulation/exhaustive.test.ts",
  "src/report/page.browser.test.ts",
  "src/lost-output.test.ts",
  "src/cli-connect.test.ts",
  "src/report.test.ts",
  "src/simulation/seeded-bugs.test.ts",
  "src/zookeeper/wills.test.ts",
  "src/zookeeper/lost-connection.test.ts",
  "src/zookeeper/last-look.test.ts",
  "src/run/trial-servers.test.ts",
  "src/faults/network.test.ts",
];

class LongOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = first.indexOf(relative(import.meta.dirname, moduleId));
      return place === -1 ? first.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongOnesFirst },
    // Never vitest's threads: each thread that loads the native client needs a copy of its own.
    pool: "forks",
    // They end what hangs: nothing that works takes so long, even on a busy machine.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
    // What decides whether a change lands tries a failed test once more, and says so: the machine has other work.
    retry: process.env.CI === "true" ? 1 : 0,
    globalSetup: ["scripts/build.mjs"],
    projects: projects.map((test, groupOrder) => ({
      extends: true,
      test: { ...test, sequence: { groupOrder } },
    })),
  },
});
