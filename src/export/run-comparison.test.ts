import { describe, expect, test } from "vitest";
import { sampleFailovers } from "../metrics/sample-failover.ts";
import { summariseTrial } from "../metrics/summary.ts";
import { type Environment, RESULT_SCHEMA, type Result, type TrialResult } from "./result.ts";
import { compareRuns } from "./run-comparison.ts";

const ranOn: Environment = {
  node: "20.20.2",
  os: "Linux 6.1",
  cpu: "a processor",
  cores: 2,
  memoryBytes: 8e9,
  clockCostNs: 60,
  client: "zookeeper 7.3.0",
  server: { version: "3.9.5", servers: 1, tickTimeMs: 200, embedded: true, forceSync: true },
};

function trialOf(totalsMs: readonly number[], changes: Partial<TrialResult> = {}): TrialResult {
  const failovers = sampleFailovers(totalsMs);
  const valid = { valid: true } as const;
  return {
    trial: 1,
    scheme: "predecessor",
    candidates: 50,
    fault: "resign",
    sessionTimeoutMs: 4000,
    expects: { leader: "next", silentMs: 0 },
    counter: "none",
    state: "completed",
    enrolment: { readyMs: 1500, rssBytesPerCandidate: 1e7 },
    failovers: failovers.map((failover) => ({ ...failover, pulseMs: null, server: null })),
    summary: summariseTrial(failovers, 1),
    verdicts: {
      singleLeader: valid,
      fencing: valid,
      succession: valid,
      liveness: valid,
      watchBound: valid,
      cleanup: valid,
    },
    prediction: null,
    warnings: [],
    ...changes,
  };
}

function resultOf(trials: readonly TrialResult[], changes: Partial<Environment> = {}): Result {
  return {
    schema: RESULT_SCHEMA,
    run: {
      command: "bench",
      argv: ["bench"],
      startedAt: "2026-01-01T00:00:00Z",
      state: "completed",
      seed: 1,
      plannedTrials: trials.length,
      version: "0.1.0",
      git: null,
    },
    environment: { ...ranOn, ...changes },
    trials,
    analysis: { comparisons: [], uncompared: [], growth: [] },
  };
}

/** Enough to compare. */
const six = (ms: number) => Array.from({ length: 6 }, () => ms);

test("compares each trial that both runs have, now by then", () => {
  const now = resultOf([trialOf(six(6)), trialOf(six(9), { scheme: "leader" })]);
  const then = resultOf([trialOf(six(10), { scheme: "leader" }), trialOf(six(2))]);
  const { trials, onlyNow, onlyThen, environment } = compareRuns(now, then);
  expect(trials).toMatchObject([
    {
      ...{ scheme: "predecessor", candidates: 50, fault: "resign", sessionTimeoutMs: 4000 },
      ...{ nowP50Ms: 6, thenP50Ms: 2, comparison: { ratio: 3, interval: [3, 3], conclusion: "slower" } },
    },
    { scheme: "leader", nowP50Ms: 9, thenP50Ms: 10, comparison: { ratio: 0.9, conclusion: "faster" } },
  ]);
  expect([onlyNow, onlyThen, environment]).toEqual([[], [], []]);
});

test("of too few failovers it says so, and compares nothing", () => {
  const [trial] = compareRuns(resultOf([trialOf([6, 6, 6])]), resultOf([trialOf(six(2))])).trials;
  expect(trial).toMatchObject({ nowP50Ms: 6, thenP50Ms: 2, comparison: { n: 3, baselineN: 6 } });
});

test("names the trials that only one of them has", () => {
  const now = resultOf([trialOf([2]), trialOf([2], { candidates: 10 })]);
  const then = resultOf([trialOf([2], { fault: "close" }), trialOf([2])]);
  const { trials, onlyNow, onlyThen } = compareRuns(now, then);
  expect(trials).toHaveLength(1);
  expect(onlyNow).toEqual([
    { scheme: "predecessor", candidates: 10, fault: "resign", sessionTimeoutMs: 4000 },
  ]);
  expect(onlyThen).toEqual([
    { scheme: "predecessor", candidates: 50, fault: "close", sessionTimeoutMs: 4000 },
  ]);
});

test("counts complete failovers only, and has no comparison without any", () => {
  const given = trialOf([6, 900]);
  const failovers = given.failovers.map((failover) =>
    failover.totalMs === 900 ? { ...failover, end: null } : failover,
  );
  const then = resultOf([trialOf([2])]);
  expect(compareRuns(resultOf([{ ...given, failovers }]), then).trials).toMatchObject([{ nowP50Ms: 6 }]);
  expect(compareRuns(resultOf([{ ...given, failovers: [] }]), then).trials).toMatchObject([
    { nowP50Ms: null, thenP50Ms: 2, comparison: null },
  ]);
});

test("names what the two ran on where it differs", () => {
  const server = { version: null, servers: 3, tickTimeMs: null, embedded: false, forceSync: null };
  const now = resultOf([], { node: "22.1.0", cpu: "another", cores: 8, client: "zookeeper 8", server });
  expect(compareRuns(now, resultOf([])).environment).toEqual([
    { what: "node", nowValue: "22.1.0", thenValue: "20.20.2" },
    { what: "client", nowValue: "zookeeper 8", thenValue: "zookeeper 7.3.0" },
    { what: "cpu", nowValue: "another", thenValue: "a processor" },
    { what: "cores", nowValue: "8", thenValue: "2" },
    { what: "server version", nowValue: null, thenValue: "3.9.5" },
    { what: "servers", nowValue: "3", thenValue: "1" },
    { what: "embedded server", nowValue: "no", thenValue: "yes" },
    { what: "tick time", nowValue: null, thenValue: "200" },
    { what: "fsync", nowValue: null, thenValue: "yes" },
  ]);
});

test("what does not move the figures does not count", () => {
  const now = resultOf([], { clockCostNs: 61, memoryBytes: 9e9 });
  expect(compareRuns(now, resultOf([])).environment).toEqual([]);
});

describe("a machine that is twice as slow now", () => {
  const paced = (totalsMs: readonly number[], pulseMs: number, changes: Partial<TrialResult> = {}) => {
    const trial = trialOf(totalsMs, changes);
    return { ...trial, failovers: trial.failovers.map((failover) => ({ ...failover, pulseMs })) };
  };
  const then = [2, 2.2, 1.8, 2.1, 1.9, 2];
  const now = then.map((ms) => 2 * ms);

  test("is told from a slow election", () => {
    const [trial] = compareRuns(resultOf([paced(now, 3)]), resultOf([paced(then, 1.5)])).trials;
    expect(trial).toMatchObject({ machine: 2, comparison: { ratio: 1, conclusion: "no difference shown" } });
  });

  test("does not matter where a timer decides", () => {
    const freeze = { expects: { leader: "next", silentMs: 4000 } } as const;
    const runs = [resultOf([paced(now, 3, freeze)]), resultOf([paced(then, 1.5, freeze)])] as const;
    expect(compareRuns(...runs).trials[0]).toMatchObject({ machine: null, comparison: { ratio: 2 } });
  });

  test("is not known of a run that was saved by an older version", () => {
    const [trial] = compareRuns(resultOf([paced(now, 3)]), resultOf([trialOf(then)])).trials;
    expect(trial).toMatchObject({ machine: null, comparison: { ratio: 2 } });
  });
});
