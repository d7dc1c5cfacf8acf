import { describe, expect, test } from "vitest";
import { summariseTrial } from "../metrics/summary.ts";
import { sampleFailovers, sampleResult, sampleTrial } from "../testing/samples.ts";
import type { Environment, Result, TrialResult } from "./result.ts";
import { compareRuns } from "./run-comparison.ts";

function trialOf(totalsMs: readonly number[], changes: Partial<TrialResult> = {}): TrialResult {
  const failovers = sampleFailovers(totalsMs);
  return sampleTrial({ failovers, summary: summariseTrial(failovers, 1), ...changes });
}

function resultOf(trials: readonly TrialResult[], changes: Partial<Environment> = {}): Result {
  const { environment } = sampleResult();
  return sampleResult({ environment: { ...environment, ...changes }, trials });
}

/** Enough to compare. */
const six = (ms: number) => Array.from({ length: 6 }, () => ms);

test("compares each trial that both runs have, now by then", () => {
  const now = resultOf([trialOf(six(6)), trialOf(six(9), { scheme: "leader" })]);
  const then = resultOf([trialOf(six(10), { scheme: "leader" }), trialOf(six(2))]);
  const { trials, onlyNow, onlyThen, environment } = compareRuns(now, then);
  expect(trials).toMatchObject([
    {
      ...{
        scheme: "predecessor",
        candidates: 50,
        fault: "resign",
        sessionTimeoutMs: 4000,
        delay: "none",
        servers: 1,
        host: "thread",
        perThread: 1,
        join: "by-list",
      },
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
    {
      scheme: "predecessor",
      candidates: 10,
      fault: "resign",
      sessionTimeoutMs: 4000,
      delay: "none",
      servers: 1,
      host: "thread",
      perThread: 1,
      join: "by-list",
    },
  ]);
  expect(onlyThen).toEqual([
    {
      scheme: "predecessor",
      candidates: 50,
      fault: "close",
      sessionTimeoutMs: 4000,
      delay: "none",
      servers: 1,
      host: "thread",
      perThread: 1,
      join: "by-list",
    },
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
  const server = {
    ...{ version: null, servers: 3, tickTimeMs: null, embedded: false, forceSync: null },
    ...{ spread: null, jvmOptions: [], zooCfg: [] },
  };
  const now = resultOf([], { node: "22.1.0", cpu: "another", cores: 8, client: "zookeeper 8", server });
  expect(compareRuns(now, resultOf([])).environment).toEqual([
    { what: "node", nowValue: "22.1.0", thenValue: "20.19.0" },
    { what: "client", nowValue: "zookeeper 8", thenValue: "zookeeper 7.3.0" },
    { what: "cpu", nowValue: "another", thenValue: "a processor" },
    { what: "cores", nowValue: "8", thenValue: "2" },
    { what: "server version", nowValue: null, thenValue: "3.9.5" },
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
