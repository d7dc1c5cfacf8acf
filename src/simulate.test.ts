import { execa } from "execa";
import { expect, test } from "vitest";
import { bundle } from "./package-root.ts";

/** Long enough that CI tries new schedules; short when a person waits. */
const WALK = process.env.CI === undefined ? "5s" : "20s";

async function simulate(...args: string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [bundle("simulate.js"), ...args], {
    reject: false,
    timeout: 200_000,
  });
  return { exitCode, stdout, stderr };
}

const quiet = { candidates: 2, replicas: 1, suspendedPolicy: "strict", rejoin: false, firstNumber: 0 };
const step = { act: "resign", who: 0, amount: 0, events: 20, choice: 1 };

test(`random schedules for ${WALK}, with a fresh seed`, { timeout: 120_000 }, async () => {
  const { exitCode, stdout } = await simulate("--for", WALK);
  console.log(stdout);
  expect(stdout).toMatch(/^seed \d+\n\d+ schedules with \d+ events in .*: every invariant held$/);
  expect(exitCode).toBe(0);
});

test("a schedule is replayed, and every step printed", async () => {
  const schedule = JSON.stringify({ ...quiet, scheme: "heir", steps: [step] });
  const { exitCode, stdout } = await simulate("--replay", schedule);
  expect(stdout).toContain("resign 0 0");
  expect(stdout).toMatch(/candidate 1 claims with 1, token \d+/);
  expect(stdout).toMatch(/line: 1 \(candidate 1\) leads$/m);
  expect(stdout).toMatch(/every invariant held$/);
  expect(exitCode).toBe(0);
  expect((await simulate("--replay", schedule)).stdout).toBe(stdout);
});

test.each([
  [["--for", "soon"], "--for soon: give seconds or minutes, such as 60s or 5m"],
  [["--for", "0s"], "--for 0s: give seconds or minutes, such as 60s or 5m"],
  [["--replay", "{"], "--replay: give a schedule as yarn simulate prints it, in quotes"],
  [
    ["--seed", "1", "--exhaustive"],
    "--exhaustive, --replay and the random walks are different things; choose one",
  ],
])("%j is refused", async (args, message) => {
  expect(await simulate(...args)).toEqual({ exitCode: 64, stdout: "", stderr: message });
});
