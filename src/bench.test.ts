/** `yarn bench` and `yarn report`, as a person or a script runs them. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Result } from "./export/result.ts";
import { readHistories } from "./history/reader.ts";
import { bundle } from "./package-root.ts";

const program = bundle("cli.js");

let base: string;
/** The program's working folder. */
let folder: string;
/** The folder for all temporary files. */
let temporary: string;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  folder = join(base, "here");
  temporary = join(base, "tmp");
  await mkdir(folder);
  await mkdir(temporary);
});

afterAll(async () => {
  await rm(base, { recursive: true, force: true });
});

function run(...args: string[]) {
  return execa(process.execPath, [program, ...args], {
    cwd: folder,
    env: { TMPDIR: temporary, NO_COLOR: undefined, FORCE_COLOR: undefined },
    reject: false,
    timeout: 150_000,
    killSignal: "SIGKILL",
  });
}

const text = (...path: string[]) => readFile(join(folder, ...path), "utf8");

async function saved(name: string): Promise<Result> {
  return JSON.parse(await text(name, "result.json")) as Result;
}

describe("a grid", () => {
  const FAILOVERS = 8;
  const grid = ["--candidates", "2,3,5", "--scheme", "predecessor,leader", "--failovers", `${FAILOVERS}`];

  test("measures, judges its thresholds, and exports: data to stdout, words to stderr", async () => {
    const ensure = ["--ensure", "leader[candidates=5].notificationsPerFailover>=4"];
    const files = ["--export-csv", "rows.csv", "--export-trace", "trace.json", "--export-markdown", "-"];
    const { exitCode, stdout, stderr } = await run("bench", ...grid, "--out", "first", ...ensure, ...files);
    expect(stderr).toContain("leader[candidates=5].notificationsPerFailover>=4 holds with 5 candidates");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\| scheme/);
    expect(stdout).not.toContain("saved in");
    // A header, and a row for each failover.
    expect((await text("rows.csv")).trim().split("\n")).toHaveLength(1 + 6 * FAILOVERS);
    expect(JSON.parse(await text("trace.json"))).toHaveProperty("traceEvents");
    const page = await text("first", "report.html");
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page).toContain("leader[candidates=5].notificationsPerFailover&gt;=4 holds with 5 candidates");
    expect(await readdir(temporary)).toEqual([]);
    const { run: saying, trials, analysis, thresholds } = await saved("first");
    expect(saying).toMatchObject({ command: "bench", state: "completed", plannedFailovers: 6 * FAILOVERS });
    expect(thresholds).toMatchObject([{ threshold: ensure[1], held: true, outcomes: [{ value: 4 }] }]);
    expect(trials.map(({ trial }) => trial)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const { failovers, state } of trials) {
      expect(state).toBe("completed");
      expect(failovers.map(({ failover }) => failover)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    }
    expect(analysis.comparisons).toHaveLength(2 * 3);
    const notifications = analysis.growth.find(
      ({ scheme, measure }) => scheme === "predecessor" && measure === "notifications",
    );
    expect(notifications?.exponent).toBeCloseTo(0, 10);
  });

  test("against a saved run: trial by trial, with a ratio and an interval; a missed threshold: exit 99, with the figure", async () => {
    const { exitCode, stdout } = await run(
      ...["bench", "--candidates", "2", "--scheme", "predecessor", "--failovers", `${FAILOVERS}`],
      ...["--compare", "first", "--ensure", "predecessor.failoverMs.p50<0.001"],
    );
    expect(stdout).toMatch(/predecessor\.failoverMs\.p50<0\.001 is missed with 2 candidates, .*: it is \d/);
    expect(exitCode).toBe(99);
    expect(stdout).toMatch(/^Against first:$/m);
    expect(stdout).toMatch(
      /^predecessor +2 +resign +\S+ +\S+ +× \d+\.\d\d +\d+\.\d\d \(\d+\.\d\d–\d+\.\d\d\) /m,
    );
  });

  test("an export into a folder that is not there: exit 64, before anything is measured", async () => {
    const { exitCode, stderr } = await run("bench", "--quick", "--export-csv", "nowhere/rows.csv");
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(/^--export-csv nowhere\/rows\.csv: cannot be written to .*; name another file$/);
  });

  test("a run to compare with that is none: exit 64, before anything is measured", async () => {
    const { exitCode, stderr } = await run("bench", "--quick", "--compare", "nowhere");
    expect(exitCode).toBe(64);
    expect(stderr).toContain("nowhere");
  });
});

test("an interrupted grid goes on with what it lacks, and keeps what it has", async () => {
  await writeFile(
    join(folder, "mine.ts"),
    `import type { Scheme } from "zk-election-lab";
     export const scheme: Scheme = {
       name: "mine", watchesChildren: false, notifications: ({ contenders }) => contenders - 1,
       decide: ({ contenders: [oldest], position }) =>
         position === 0 || !oldest ? { type: "lead" } : { type: "watch", contender: oldest },
     };`,
  );
  const args = ["--candidates", "2,3", "--scheme", "predecessor,./mine.ts", "--failovers", "30"];
  const child = run("bench", ...args, "--out", "cut");
  const firstGroup = async () => (await saved("cut").catch(() => undefined))?.trials.length === 2;
  while (!(await firstGroup())) await delay(20);
  await delay(300);
  child.kill("SIGINT");
  expect((await child).exitCode).toBe(130);
  const before = await saved("cut");
  expect(before.run.state).toBe("interrupted");
  expect(before.trials.slice(0, 2).map(({ state }) => state)).toEqual(["completed", "completed"]);

  const { exitCode, stdout } = await run("bench", "--resume", "cut");
  expect(stdout).toContain("saved in cut");
  expect(exitCode).toBe(0);
  const after = await saved("cut");
  expect(after.run).toEqual({ ...before.run, state: "completed" });
  expect(after.trials.slice(0, 2)).toEqual(before.trials.slice(0, 2));
  expect(after.trials.map(({ trial, state }) => `${trial} ${state}`)).toEqual([
    "1 completed",
    "2 completed",
    "3 completed",
    "4 completed",
  ]);
  const histories = await readHistories(join(folder, "cut", "history.jsonl.gz"));
  expect(histories.map(({ header }) => header.trial)).toEqual([1, 2, 3, 4]);
  const again = await run("bench", "--resume", "cut");
  expect(again.exitCode).toBe(64);
  expect(again.stderr).toContain("--resume cut: this run is complete");
  // The clock of the second session continues where that of the first one ended.
  const [end, start] = [histories[1]?.events.at(-1)?.at, histories[2]?.events[0]?.at];
  expect(start).toBeGreaterThan(end ?? Number.POSITIVE_INFINITY);
});

test("a plan: from theory alone, and with a saved run's measurements", async () => {
  const theory = await run("bench", "--plan", "--target-failover", "3000");
  expect(theory.exitCode).toBe(0);
  expect(theory.stdout).toMatch(/timeout +tick +p50 +p99 +worst/);
  expect(theory.stdout).toContain("the election itself taken to be 50.0 ms");
  const measured = await run("bench", "--plan", "--target-failover", "3000", "--candidates", "5", "first");
  expect(measured.exitCode).toBe(0);
  expect(measured.stdout).toMatch(/the election itself measured as \S+ ms \(p99 of 8\)/);
  // The default is 50 candidates.
  const missing = await run("bench", "--plan", "--target-failover", "3000", "first");
  expect(missing.exitCode).toBe(0);
  expect(missing.stdout).toContain("ask with --candidates 2 or 3 or 5, or measure it: yarn bench");
  expect(missing.stdout).toContain(theory.stdout);
});

describe("yarn report", () => {
  test("makes a run's report anew, and exports it", async () => {
    const before = await text("first", "report.html");
    await rm(join(folder, "first", "report.html"));
    const { exitCode, stdout } = await run("report", "first", "--export-json", "copy.json");
    expect(stdout).toContain(join("first", "report.html"));
    expect(exitCode).toBe(0);
    expect(await text("first", "report.html")).toBe(before);
    expect(await text("copy.json")).toBe(await text("first", "result.json"));
  });

  test("of several runs goes where it is told to", async () => {
    const { exitCode } = await run("report", "first", "cut", "--out", "both.html");
    expect(exitCode).toBe(0);
    expect(await text("both.html")).toMatch(/^<!doctype html>/i);
  });

  test.each([
    ["nowhere", "nowhere"],
    ["empty", "result.json"],
    ["broken", "JSON"],
  ])("of a folder that holds no run (%s): exit 64 with the reason", async (name, words) => {
    if (name !== "nowhere") await mkdir(join(folder, name), { recursive: true });
    if (name === "broken") await writeFile(join(folder, name, "result.json"), "{");
    const { exitCode, stderr } = await run("report", name);
    expect(exitCode).toBe(64);
    expect(stderr).toContain(words);
  });
});
