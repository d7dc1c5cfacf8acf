import { expect, test } from "vitest";
import type { Verdict } from "../checkers/checker.ts";
import type { TrialResult } from "../export/result.ts";
import { analyse } from "../metrics/analysis.ts";
import { comparisonOf, runOf, sampleRun, trialOf } from "../testing/report-run.ts";
import { sampleStatistics, sampleTrial } from "../testing/samples.ts";
import { headline } from "./headline.ts";

const fast = trialOf(1, "predecessor", 100, 0);
const slow = trialOf(2, "leader", 100, 0.2);

test("tells the difference at the largest number of candidates, and the herd", () => {
  expect(headline([sampleRun()])).toBe(
    "With 100 candidates, watching the leader makes failover 9.8 times slower than watching the predecessor and wakes 99 candidates instead of 1",
  );
});

test("tells the strongest of several differences, also a faster one", () => {
  const heir = trialOf(3, "heir", 100, 0);
  const comparisons = [comparisonOf("leader", 1.2, "slower"), comparisonOf("heir", 0.5, "faster")];
  expect(headline([runOf("r", [fast, slow, heir], comparisons)])).toBe(
    "With 100 candidates, the scheme heir makes failover 2.0 times faster than watching the predecessor and wakes 1 candidate as well",
  );
});

test("says that no difference is shown", () => {
  const run = runOf("r", [fast, slow], [comparisonOf("leader", 1.05, "no difference shown")]);
  expect(headline([run])).toBe(
    "With 100 candidates, no difference in failover time is shown between watching the leader and watching the predecessor; watching the leader wakes 99 candidates instead of 1",
  );
});

test("of one scheme tells what it costs", () => {
  expect(headline([runOf("r", [fast])])).toBe(
    "With 100 candidates, the scheme predecessor fails over in 2.35 ms (median of 8) and wakes 1 candidate",
  );
});

test("a false verdict outranks every figure", () => {
  const evidence = [{ at: 5, message: "two leaders", candidates: [1, 2] }];
  const wrong: TrialResult = {
    ...slow,
    verdicts: { ...slow.verdicts, singleLeader: { valid: false, evidence } },
  };
  expect(headline([runOf("r", [fast, wrong], [comparisonOf("leader", 9.8, "slower")])])).toBe(
    "Not a correct election: single leader is false in 1 of 2 trials",
  );
});

test("that a run failed outranks the verdicts of the trial that did, and says where and why", () => {
  const left: Verdict = {
    valid: false,
    evidence: [{ at: 5, message: "znodes left behind: 112", candidates: [] }],
  };
  const broken: TrialResult = {
    ...slow,
    state: "errored",
    reason: "the session is expired",
    verdicts: { ...slow.verdicts, cleanup: left },
  };
  const failed = (name: string, ...trials: TrialResult[]) => {
    const run = runOf(name, trials);
    return { ...run, result: { ...run.result, run: { ...run.result.run, plannedTrials: 3 } } };
  };
  expect(headline([failed("r", fast, broken)])).toBe(
    "The run failed in trial 2 of 3: the session is expired; cleanup is false in 1 trial",
  );
  expect(headline([failed("old", fast), failed("new", { ...broken, verdicts: fast.verdicts })])).toBe(
    "new failed in trial 2 of 3: the session is expired",
  );
});

test("says nothing where nothing was completed", () => {
  expect(headline([runOf("r", [])])).toBe("No trial was completed: nothing can be said");
  const summary = { ...fast.summary, failoverMs: null, notificationsPerFailover: null };
  expect(headline([runOf("r", [{ ...fast, summary }])])).toBe(
    "No failover was completed: nothing can be said",
  );
});

test("tells of several runs how they differ", () => {
  const slower = runOf("new", [trialOf(1, "predecessor", 100, 0.3)]);
  expect(headline([runOf("old", [fast]), slower])).toBe(
    "new is slower in 1 of 1 trial that it shares with old",
  );
  expect(headline([runOf("old", [fast]), runOf("new", [fast])])).toBe(
    "No difference between new and old is shown in 1 trial",
  );
  expect(headline([runOf("old", [fast]), runOf("new", [slow])])).toBe(
    "No trial of one run was tried in old too: nothing to compare",
  );
});

test("of too few failovers tells no difference but that there are too few", () => {
  const few = (run: ReturnType<typeof runOf>) => {
    const trials = run.result.trials.map((trial) => ({ ...trial, failovers: trial.failovers.slice(0, 3) }));
    return { ...run, result: { ...run.result, trials, analysis: analyse(trials, 1) } };
  };
  expect(headline([few(runOf("r", [fast, slow]))])).toBe(
    "With 100 candidates, failover takes 2.35 ms and wakes 1 under predecessor and 22.4 ms and 99 under leader; " +
      "3 and 3 failovers are too few to compare, it takes 6 of each",
  );
  expect(
    headline([few(runOf("old", [fast])), few(runOf("new", [trialOf(1, "predecessor", 100, 0.3)]))]),
  ).toBe("new and old have too few failovers to compare");
});

/** A leader that stands still, under two schemes. */
function frozen(changes: Partial<TrialResult> = {}, accepted = 0): TrialResult {
  const { verdicts } = sampleTrial();
  const evidence = [{ at: 5, message: "an old leader wrote", candidates: [1] }];
  return sampleTrial({
    ...{ fault: "freeze", sessionTimeoutMs: 2000, candidates: 12, counter: "guarded" },
    summary: {
      ...sampleTrial().summary,
      failoverMs: sampleStatistics({ p50: 2134 }),
      overlapMs: sampleStatistics({ p50: 571.2 }),
      staleWrites: { attempted: 5, accepted },
    },
    verdicts: accepted === 0 ? verdicts : { ...verdicts, fencing: { valid: false, evidence } },
    ...changes,
  });
}

test("of a leader that falls silent it tells of the timeout, of two believers and of late writes", () => {
  const told =
    "The leader stands still until its session expires: the next of 12 candidates leads after 2.13 s, of which 2 s " +
    "are the session timeout; for 571 ms two believe that they lead; ";
  expect(headline([runOf("r", [frozen(), frozen({ trial: 2, scheme: "leader" })])])).toBe(
    `${told}the fence let none of 10 late writes do harm`,
  );
});

test("without a fence, as requested, it says so, and what came of it", () => {
  expect(headline([runOf("r", [frozen({ counter: "unguarded" }, 4)])])).toMatch(
    /^The fence was off, as requested, and fencing is false in 1 of 1 trial\. The leader stands still .*; 4 of 5 late writes did harm$/,
  );
  // A fence that was there and failed is another matter.
  expect(headline([runOf("r", [frozen({}, 4)])])).toBe(
    "Not a correct election: fencing is false in 1 of 1 trial",
  );
});

test("of a fault that the servers are told of there is no such story", () => {
  expect(headline([runOf("r", [frozen({ fault: "resign", expects: null })])])).toMatch(
    /^With 12 candidates, /,
  );
});

test("of a fault that unseats nobody it tells that the leader goes on, and who is woken for nothing", () => {
  const cut = (scheme: string, woken: number) => {
    const { summary, ...rest } = sampleTrial({ scheme, fault: "cut", candidates: 12, trial: woken + 1 });
    const gapMs = sampleStatistics({ p50: 1178 });
    return { ...rest, summary: { ...summary, failoverMs: null, gapMs, notificationsPerFailover: woken } };
  };
  const told =
    "The leader is cut off for half of its session timeout: the same one of 12 candidates leads on; " +
    "for 1.18 s nobody can act as the leader; ";
  expect(headline([runOf("r", [cut("predecessor", 0), cut("leader", 0)])])).toBe(`${told}nobody is woken`);
  expect(headline([runOf("r", [cut("predecessor", 1), cut("children", 10)])])).toBe(
    `${told}woken are 1 under predecessor and 10 under children`,
  );
});

test("of strikes by hand, which differ, it tells how many there were, and who woke on average", () => {
  const struck = (scheme: string, woken: number) => {
    const { summary, ...rest } = sampleTrial({ scheme, fault: "by-hand", expects: null });
    return { ...rest, summary: { ...summary, notificationsPerFailover: woken } };
  };
  const { failovers } = sampleTrial();
  expect(headline([runOf("r", [struck("predecessor", 0.8), struck("leader", 6.6)])])).toBe(
    `Somebody strikes by hand, ${failovers.length} times; on average, woken are 0.8 under predecessor and 6.6 under leader`,
  );
});
