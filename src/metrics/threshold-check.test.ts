import { expect, test } from "vitest";
import { defaultConditions } from "../history/conditions.ts";
import { sampleFailovers } from "../testing/samples.ts";
import { parseThreshold } from "./threshold.ts";
import { checkThreshold } from "./threshold-check.ts";
import type { ThresholdTrial } from "./threshold-measure.ts";

function trial(
  scheme: string,
  totalsMs: readonly number[],
  changes: Partial<ThresholdTrial> = {},
): ThresholdTrial {
  return {
    scheme,
    ...defaultConditions,
    failovers: sampleFailovers(totalsMs),
    summary: { notificationsPerFailover: 1, readsPerFailover: 1, staleWrites: null },
    ...changes,
  };
}

const check = (text: string, ...trials: ThresholdTrial[]) => checkThreshold(parseThreshold(text), trials);

test("says of each trial whether it holds there, and by which figure", () => {
  const trials = [trial("predecessor", [2, 3, 4]), trial("predecessor", [51.23456], { candidates: 200 })];
  const { held, outcomes } = check("predecessor.failoverMs.p50<50", ...trials, trial("leader", [99]));
  expect(held).toBe(false);
  expect(outcomes).toEqual([
    {
      ...defaultConditions,
      value: 3,
      held: true,
      message: "predecessor.failoverMs.p50<50 holds with 50 candidates, resign, timeout 4000 ms: it is 3.",
    },
    {
      ...defaultConditions,
      candidates: 200,
      value: 51.23456,
      held: false,
      message:
        "predecessor.failoverMs.p50<50 is missed with 200 candidates, resign, timeout 4000 ms: it is 51.23.",
    },
  ]);
});

test.each([
  ["<3", false],
  ["<=3", true],
  [">3", false],
  [">=3", true],
  ["<3.01", true],
  [">2.99", true],
])("a median of 3 against %s: %s", (limit, held) => {
  expect(check(`predecessor.failoverMs.p50${limit}`, trial("predecessor", [3])).held).toBe(held);
});

test("looks only at the conditions in the brackets", () => {
  const trials = [trial("predecessor", [2]), trial("predecessor", [99], { candidates: 200 })];
  expect(check("predecessor[candidates=50].failoverMs.max<50", ...trials)).toMatchObject({ held: true });
  expect(check("predecessor.failoverMs.max<50", ...trials)).toMatchObject({ held: false });
});

/** Enough to compare. */
const six = (ms: number) => Array.from({ length: 6 }, () => ms);

test("a ratio takes both schemes under the same conditions", () => {
  const trials = [
    trial("predecessor", six(100), { candidates: 10 }),
    trial("leader", six(12)),
    trial("predecessor", six(3)),
    trial("leader", six(50), { candidates: 10 }),
  ];
  const { outcomes } = check("leader/predecessor.failoverMs.p50>2", ...trials);
  expect(outcomes.map(({ candidates, value, held }) => [candidates, value, held])).toEqual([
    [50, 4, true],
    [10, 0.5, false],
  ]);
});

test.each([
  ["leader/predecessor.failoverMs.p50>2", [1], [1]],
  ["leader/predecessor.settledMs.p99<=9000", [1, 1, 1], six(1)],
  ["leader/predecessor.failoverMs.p50>2", six(9), [1, 1, 1, 1, 1]],
])("%s cannot be decided with too few failovers, and is not held", (text, leader, predecessor) => {
  const { held, outcomes } = check(text, trial("leader", leader), trial("predecessor", predecessor));
  const few = `${leader.length} and ${predecessor.length} failovers are too few to compare, it takes 6 of each`;
  expect(held).toBe(false);
  expect(outcomes).toMatchObject([
    {
      value: null,
      held: false,
      message: `${text} cannot be decided with 50 candidates, resign, timeout 4000 ms: ${few}.`,
    },
  ]);
});

test("counts follow from a rule: one failover is enough to compare them", () => {
  const trials = [trial("leader", [1]), trial("predecessor", [1])];
  expect(check("leader/predecessor.notificationsPerFailover<=1", ...trials)).toMatchObject({ held: true });
  expect(check("leader/predecessor.failoverMs.n>=1", ...trials)).toMatchObject({ held: true });
});

test("is missed if there is no such figure, and says so", () => {
  const { held, outcomes } = check("predecessor.server.lists<=1", trial("predecessor", [2]));
  expect(held).toBe(false);
  expect(outcomes).toMatchObject([
    {
      value: null,
      held: false,
      message: expect.stringMatching(/is missed .*: the run has no such figure\.$/),
    },
  ]);
  const lone = check("leader/predecessor.failoverMs.p50>2", trial("leader", [12]));
  expect(lone).toMatchObject({ held: false, outcomes: [{ value: null }] });
  const toNothing = check(
    "leader/predecessor.notificationMs.p50>2",
    trial("leader", six(1)),
    trial("predecessor", six(1)),
  );
  expect(toNothing).toMatchObject({ held: false, outcomes: [{ value: null }] });
});

test("is not held if none of its trials has run", () => {
  expect(check("heir.failoverMs.p50<50", trial("leader", [1]))).toMatchObject({ held: false, outcomes: [] });
});
