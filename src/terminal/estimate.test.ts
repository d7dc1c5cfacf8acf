import { expect, test } from "vitest";
import { schemes } from "../election/schemes.ts";
import { faults } from "../faults/faults.ts";
import { defaultConditions } from "../history/conditions.ts";
import type { TrialPlan } from "../run/trial-plan.ts";
import { Estimate } from "./estimate.ts";

const plan: TrialPlan = {
  trial: 1,
  scheme: schemes.predecessor,
  schemeSource: { name: "predecessor" },
  ...defaultConditions,
  fault: faults.freeze,
  candidates: 10,
  failovers: 20,
  sessionTimeoutMs: 2000,
};

/** A run of two trials in turns, after this many seconds and failovers. */
function after(seconds: number, failovers: number): Estimate {
  let now = 5000;
  const estimate = new Estimate(() => now);
  const trials = [
    plan,
    { ...plan, trial: 2, scheme: schemes.leader, schemeSource: { name: "leader" } as const },
  ];
  estimate.follow({ type: "opening", groups: [{ trials, turns: { failovers: 10, warmUps: 1 } }] });
  for (let failover = 1; failover <= failovers; failover++) {
    estimate.follow({ type: "failover", plan, failover, failovers: 20, line: [0, 1], last: undefined });
  }
  now += 1000 * seconds;
  return estimate;
}

test("warm-ups are a part of the work: half of the failovers are half of it", () => {
  expect(after(60, 22).share).toBeCloseTo(0.5, 1);
});

test("estimates the remaining time from the pace so far", () => {
  const slow = after(60, 22).leftMs ?? 0;
  expect(slow).toBeGreaterThan(50_000);
  expect(slow).toBeLessThan(70_000);
  expect(after(30, 22).leftMs).toBeCloseTo(slow / 2, 0);
});

test("has no estimate at the start, and nothing left at the end", () => {
  expect(after(1, 0).leftMs).toBeUndefined();
  const end = after(100, 44);
  end.follow({ type: "leaving", plan });
  expect(end.share).toBeGreaterThan(0.99);
  expect(end.leftMs).toBeLessThan(1000);
});

test("a resumed run counts its trials from the plan, not from where it resumes", () => {
  const estimate = new Estimate();
  estimate.follow({
    type: "opening",
    groups: [{ trials: [{ ...plan, trial: 7 }], turns: { failovers: 10, warmUps: 1 } }],
  });
  expect(estimate.trials).toBe(7);
});

test("threads start once for trials that are alike, so they count once", () => {
  const after = (fault: TrialPlan["fault"]) => {
    const estimate = new Estimate(() => 0);
    const one = { ...plan, candidates: 100, failovers: 1, fault: faults.resign };
    const turns = { failovers: Number.POSITIVE_INFINITY, warmUps: 0 };
    const groups = [one, { ...one, trial: 2, fault }].map((trial) => ({ trials: [trial], turns }));
    estimate.follow({ type: "opening", groups });
    estimate.follow({ type: "leaving", plan: one });
    return estimate.share;
  };
  expect(after(faults.resign)).toBeGreaterThan(0.9);
  expect(after(faults.close)).toBeCloseTo(0.5, 1);
});
