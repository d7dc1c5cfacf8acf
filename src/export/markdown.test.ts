import { expect, test } from "vitest";
import { defaultConditions } from "../history/conditions.ts";
import { sampleComparison, sampleResult, sampleStatistics, sampleTrial } from "../testing/samples.ts";
import { markdown } from "./markdown.ts";
import type { TrialResult } from "./result.ts";

const { summary, verdicts } = sampleTrial();
const withTrials = (...trials: TrialResult[]) => markdown(sampleResult({ trials }));
const compared = (...changes: Parameters<typeof sampleComparison>[0][]) =>
  markdown(
    sampleResult({ analysis: { comparisons: changes.map(sampleComparison), uncompared: [], growth: [] } }),
  );

test("a row for each trial, then what the figures are, then where they were measured", () => {
  const leader = { ...summary, failoverMs: sampleStatistics({ n: 6, p50: 23.04, p50Interval: [17, 238.6] }) };
  const own = { ...summary, failoverMs: sampleStatistics({ n: 6 }) };
  expect(withTrials(sampleTrial({ summary: own }), sampleTrial({ scheme: "leader", summary: leader }))).toBe(
    `| scheme      |  N | fault  |               p50 |  p90 |  p99 |  max | woken | reads | settled p50 | verdict   |
| :---------- | -: | :----- | ----------------: | ---: | ---: | ---: | ----: | ----: | ----------: | :-------- |
| predecessor | 50 | resign | 3.00 [2.00, 4.00] | 3.80 | 3.98 | 4.00 |     1 |   1.5 |        3.25 | all valid |
| leader      | 50 | resign |  23.0 [17.0, 239] | 3.80 | 3.98 | 4.00 |     1 |   1.5 |        3.25 | all valid |

Times in ms; in brackets, where the true median lies with 95 % confidence; woken and reads per failover; settled: until all wait again.

ZooKeeper 3.9.5 · 1 server · embedded · tick 200 ms · fsync · no relay · zookeeper 7.3.0 · Node 20.19.0 · Linux 6.18 · a processor · 2 cores · seed 1 · zk-election-lab 0.2.0 (abc) · 2026-01-01T00:00:00.000Z
`,
  );
});

test("the timeout has a column where there are several, and none where there is one", () => {
  const text = withTrials(sampleTrial(), sampleTrial({ sessionTimeoutMs: 2000 }));
  expect(text).toContain("| fault  | timeout |");
  expect(text).toContain("| resign |    2000 |");
  expect(withTrials(sampleTrial())).not.toContain("timeout");
});

test("what was not measured is a dash", () => {
  const nothing = {
    ...summary,
    failoverMs: null,
    settledMs: null,
    notificationsPerFailover: null,
    readsPerFailover: null,
  };
  expect(withTrials(sampleTrial({ summary: nothing }))).toMatch(/resign( \| +–){7} \| all valid/);
});

test("a verdict that is not true names its checkers", () => {
  const unknown = { ...verdicts, liveness: { valid: "unknown", reason: "" } as const };
  expect(withTrials(sampleTrial({ verdicts: unknown }))).toContain("| unknown: liveness |");
  const wrong = { ...unknown, succession: { valid: false, evidence: [] } as const };
  expect(withTrials(sampleTrial({ verdicts: wrong }))).toContain("| **FALSE**: succession |");
});

test("of too few failovers there is no interval, and no comparison but the reason", () => {
  expect(withTrials(sampleTrial())).toContain("| resign | 3.00 | 3.80 |");
  const { scheme, baseline } = sampleComparison();
  const few = { ...defaultConditions, scheme, baseline, n: 1, baselineN: 3 };
  const analysis = {
    comparisons: [],
    uncompared: [
      { ...few, measure: "failoverMs" as const },
      { ...few, measure: "settledMs" as const },
    ],
    growth: [],
  };
  const text = markdown(sampleResult({ analysis }));
  expect(text).toContain(
    "\n- leader and predecessor, failover time: 1 and 3 failovers are too few to compare, it takes 6 of each (50 candidates, resign)\n",
  );
  expect(text).toContain("\n- leader and predecessor, time to settle: 1 and 3 failovers are too few");
  expect(text).not.toMatch(/slower|faster|ratio/);
});

test("comparisons are sentences with their interval and conditions", () => {
  const text = compared(
    {},
    { conclusion: "faster", ratio: 0.5, interval: [0.4, 0.625] },
    { measure: "settledMs", ratio: 40, interval: [36, 44] },
  );
  expect(text).toContain(
    "\n- leader is 7.8 times slower than predecessor [7.1, 8.4] (50 candidates, resign)\n",
  );
  expect(text).toContain(
    "\n- leader is 2.0 times faster than predecessor [1.6, 2.5] (50 candidates, resign)\n",
  );
  expect(text).toContain(
    "\n- leader settles 40.0 times slower than predecessor [36.0, 44.0] (50 candidates, resign)\n",
  );
});

test("where the interval spans 1 no difference is shown", () => {
  const equal = { conclusion: "no difference shown", ratio: 1.049, interval: [0.944, 1.175] } as const;
  expect(compared(equal, { ...equal, measure: "settledMs" })).toContain(
    `- leader and predecessor, failover time: no difference shown, ratio 1.05 [0.94, 1.18] (50 candidates, resign)
- leader and predecessor, time to settle: no difference shown, ratio 1.05 [0.94, 1.18] (50 candidates, resign)
`,
  );
});

test("a warning comes with its trial and with what to do", () => {
  const warning = {
    type: "outliers",
    message: "1 of 2 is far off",
    hint: "run again",
    failovers: [1],
  } as const;
  expect(withTrials(sampleTrial({ warnings: [warning] }))).toContain(
    "\n- outliers: 1 of 2 is far off (predecessor, 50 candidates, resign); run again\n",
  );
});

test("each kind of warning is one bullet, however many trials have it", () => {
  const of = (trial: number) =>
    ({ type: "outliers", message: `${trial} lie far off`, hint: "run again", failovers: [1] }) as const;
  const trials = Array.from({ length: 19 }, (_, index) => sampleTrial({ warnings: [of(index)] }));
  expect(withTrials(...trials).match(/^- .*$/gm)).toEqual([
    "- outliers: 0 lie far off (predecessor, 50 candidates, resign, and 18 more trials); run again",
  ]);
});

test("a trial or a run that was not completed says so", () => {
  const text = withTrials(sampleTrial({ state: "aborted", reason: "no new leader" }));
  expect(text).toContain("\n- predecessor, 50 candidates, resign: aborted, no new leader\n");
  const { run } = sampleResult();
  expect(markdown(sampleResult({ run: { ...run, state: "interrupted" } }))).toContain(
    "The run was interrupted: these are the results so far.",
  );
  expect(markdown(sampleResult({ trials: [] }))).toMatch(/^No trial was completed\.\n\nZooKeeper/);
});

test("a run that failed says so first, and the verdicts of its trial come second", () => {
  const { run } = sampleResult();
  const cleanup = { valid: false, evidence: [{ at: 1, message: "znodes left", candidates: [] }] } as const;
  const broken = sampleTrial({
    state: "errored",
    reason: "the session is expired",
    verdicts: { ...verdicts, cleanup },
  });
  const text = markdown(
    sampleResult({ run: { ...run, state: "failed", plannedTrials: 3 }, trials: [broken] }),
  );
  expect(text).toMatch(/^\*\*The run failed in trial 1 of 3: the session is expired\.\*\*\n\n\| scheme/);
  expect(text).toContain("| errored; **FALSE**: cleanup |");
  expect(text).toContain("\nThe run failed: these are the results so far.\n");
});

test("names from outside are text: no cell, no line, no HTML, no markup", () => {
  const text = withTrials(sampleTrial({ scheme: "a|b`c`<img src=x>\nd*e*&amp;[f](g)" }));
  expect(text).toContain("| a\\|b\\`c\\`&lt;img src=x&gt; d\\*e\\*&amp;amp;\\[f\\](g) |");
  expect(compared({ scheme: "x\ny|z" })).toContain("- x y\\|z is 7.8 times");
});

test("an ensemble of which little is known is described without it", () => {
  const { environment } = sampleResult();
  const server = {
    ...{ version: null, servers: 3, tickTimeMs: null, embedded: false, forceSync: null },
    ...{ spread: null, jvmOptions: [], zooCfg: [] },
  };
  const trials = [sampleTrial({ servers: 3 })];
  expect(markdown(sampleResult({ environment: { ...environment, server }, trials }))).toContain(
    "ZooKeeper of an unknown version · 3 servers · the user's own · no relay · zookeeper 7.3.0",
  );
});

test("old leaders have their columns where there was something for them to write to", () => {
  const { summary } = sampleTrial();
  const staleWrites = { attempted: 5, accepted: 2 };
  const frozen = sampleTrial({ counter: "guarded", fault: "freeze", summary: { ...summary, staleWrites } });
  const text = markdown(sampleResult({ trials: [sampleTrial(), frozen] }));
  expect(text).toMatch(/\| settled p50 \| unsafe p50 \| stale writes \|/);
  expect(text).toMatch(/\| +0\.00 \| +2 \/ 5 \|/);
  expect(text).toMatch(/\| +0\.00 \| +– \|/);
  expect(text).toContain("stale writes: of old leaders, accepted / tried");
  expect(markdown(sampleResult())).not.toContain("unsafe");
});

test("a false verdict comes with what it is based on", () => {
  const evidence = ["it wrote [7] over 8", "and again"].map((message) => ({
    at: 5,
    message,
    candidates: [],
  }));
  const verdicts = { ...sampleTrial().verdicts, fencing: { valid: false, evidence } } as const;
  expect(withTrials(sampleTrial({ verdicts }))).toContain(
    "- predecessor, 50 candidates, resign: fencing is FALSE: it wrote \\[7\\] over 8 (and 1 more)\n",
  );
});
