import { Chalk } from "chalk";
import { expect, test } from "vitest";
import type { RunComparison, TrialComparison } from "../export/run-comparison.ts";
import { defaultConditions } from "../history/conditions.ts";
import { comparisonText } from "./comparison.ts";

const plain = new Chalk({ level: 0 });

const slower = { ratio: 3, interval: [2.5, 3.456], pValue: 0.001, conclusion: "slower" } as const;

const trial = (changes: Partial<TrialComparison> = {}): TrialComparison => ({
  ...defaultConditions,
  scheme: "predecessor",
  nowP50Ms: 6.9,
  thenP50Ms: 2.3,
  machine: 1.08,
  comparison: slower,
  ...changes,
});

const runs = (changes: Partial<RunComparison> = {}): RunComparison => ({
  trials: [trial()],
  onlyNow: [],
  onlyThen: [],
  environment: [],
  ...changes,
});

const text = (comparison: RunComparison, columns?: number) =>
  comparisonText(comparison, "runs/old", plain, columns);

test("a row for each trial that both runs have, on a terminal of 80 columns", () => {
  const none = {
    ratio: 0.99,
    interval: [0.76, 1.35],
    pValue: 0.9,
    conclusion: "no difference shown",
  } as const;
  const leader = trial({
    scheme: "leader",
    candidates: 200,
    nowP50Ms: 108,
    thenP50Ms: 110,
    machine: null,
    comparison: none,
  });
  expect(text(runs({ trials: [trial(), leader] }), 80)).toBe(
    [
      "Against runs/old:",
      "scheme         N  fault    now  then  machine  ratio             difference",
      "predecessor   50  resign  6.90  2.30   × 1.08  3.00 (2.50–3.46)  slower",
      "leader       200  resign   108   110        –  0.99 (0.76–1.35)  none shown",
      "now, then: median failover in ms; machine: what a bare write and list took, now",
      "by then; ratio: now by then, and by the machine where that is known, in brackets",
      "where it lies with 95 % confidence",
    ].join("\n"),
  );
});

test("has a column for the session timeout where there are several, and fits", () => {
  const long = trial({
    ...defaultConditions,
    scheme: "predecessor",
    candidates: 1000,
    fault: "follower",
    sessionTimeoutMs: 60_000,
  });
  const several = text(runs({ trials: [trial(), long] }), 80);
  expect(several).toContain("timeout");
  expect(Math.max(...several.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("has dashes where there is nothing to compare", () => {
  const unled = trial({ fault: "follower", nowP50Ms: null, thenP50Ms: null, comparison: null });
  expect(text(runs({ trials: [unled] })).split("\n")[2]).toMatch(
    /^predecessor +50 +follower +– +– +\S+ \S+ +– +–$/,
  );
});

test("says when there were too few failovers to compare", () => {
  const few = text(runs({ trials: [trial({ comparison: { n: 1, baselineN: 3 } })] })).split("\n");
  expect(few[2]).toMatch(/^predecessor +50 +resign +6\.90 +2\.30 +× 1\.08 +– +too few, 1 and 3$/);
  expect(few[3]).toMatch(/; too few: to compare, it takes 6 failovers of each$/);
});

test("names the trials that only one run has", () => {
  const name = {
    ...defaultConditions,
    scheme: "leader",
    candidates: 10,
    fault: "close",
    sessionTimeoutMs: 2000,
  };
  expect(
    text(runs({ onlyNow: [name, { ...name, candidates: 20 }], onlyThen: [name] }))
      .split("\n")
      .slice(-2),
  ).toEqual([
    "Only in this run: leader with 10 candidates, close, timeout 2000 ms; leader with 20 candidates, close, timeout 2000 ms.",
    "Only in the saved run: leader with 10 candidates, close, timeout 2000 ms.",
  ]);
});

test("says that comparing is moot if the environments differ", () => {
  const environment = [
    { what: "node", nowValue: "22.1.0", thenValue: "20.20.2" },
    { what: "tick time", nowValue: "200", thenValue: null },
  ];
  expect(text(runs({ environment }))).toContain(
    "\nThe runs are not comparable: what they ran on differs (node 22.1.0, then 20.20.2; tick time 200, then unknown).\n",
  );
});

test("says that there is nothing to compare", () => {
  expect(text(runs({ trials: [] }))).toBe(
    "Against runs/old:\nNo trial is in both runs: there is nothing to compare.",
  );
});
