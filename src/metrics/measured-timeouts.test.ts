import { describe, expect, test } from "vitest";
import { defaultConditions } from "../history/conditions.ts";
import { sampleFailover, sampleFailovers } from "../testing/samples.ts";
import { measuredRows, protocolOf, type SavedTrial } from "./measured-timeouts.ts";
import { crashFailover } from "./timeout-advice.ts";

/** Leaders fall silent. */
const silent = { fault: "freeze", expects: { leader: "next", silentMs: 2000 } } as const;

function trial(totalsMs: readonly number[], changes: Partial<SavedTrial> = {}): SavedTrial {
  const failovers = sampleFailovers(totalsMs);
  return {
    ...defaultConditions,
    scheme: "predecessor",
    expects: { leader: "next", silentMs: 0 },
    failovers,
    ...changes,
  };
}

describe("what the election itself takes", () => {
  const trials = [
    trial([9, 9], { candidates: 10 }),
    trial([2, 2]),
    trial([4, 4], { fault: "close" }),
    trial([2000, 2000], silent),
    trial([50, 50], { fault: "follower", expects: { leader: "same", silentMs: 0 } }),
    trial([70, 70], { scheme: "leader" }),
    trial([9000, 9], { fault: "of-mine", expects: { leader: "next", silentMs: null } }),
  ];

  test("is the p99 of all faults without a timer, with as many candidates", () => {
    expect(protocolOf(trials, 50)).toEqual({ type: "measured", ms: expect.closeTo(4, 6), n: 4 });
    expect(protocolOf(trials, 10)).toEqual({ type: "measured", ms: 9, n: 2 });
  });

  test("is not taken from a trial with another number of candidates", () => {
    const aside = [
      trial([1], { candidates: 12, scheme: "leader" }),
      trial([900], { candidates: 12, ...silent }),
    ];
    expect(protocolOf([...trials, ...aside], 12)).toEqual({ type: "not-tried", ms: 50, tried: [10, 50] });
  });

  test("is not known of a run that has none, or none that was completed", () => {
    expect(protocolOf(undefined, 50)).toEqual({ type: "assumed", ms: 50 });
    const notTried = { type: "not-tried", ms: 50, tried: [] };
    expect(protocolOf([], 50)).toEqual(notTried);
    expect(protocolOf([trial([2000], silent)], 50)).toEqual(notTried);
    expect(protocolOf([trial([], { failovers: [sampleFailover({ end: "aborted" })] })], 50)).toEqual(
      notTried,
    );
  });
});

describe("the measured rows", () => {
  const frozen = trial([2174, 2191], { ...silent, sessionTimeoutMs: 2000, candidates: 10 });

  test("put each trial of freezes beside the model of its own scheme and number of candidates", () => {
    const others = [trial([70]), trial([60], { candidates: 10, scheme: "leader" })];
    const model = crashFailover(2000, 200, 5);
    expect(measuredRows([...others, trial([5], { candidates: 10 }), frozen], 200)).toEqual([
      {
        ...defaultConditions,
        scheme: "predecessor",
        candidates: 10,
        fault: "freeze",
        sessionTimeoutMs: 2000,
        tickTimeMs: 200,
        n: 2,
        measuredP99Ms: expect.closeTo(2190.83, 2),
        modelP99Ms: model.p99Ms,
        modelWorstMs: 2205,
      },
    ]);
    expect(measuredRows([...others, frozen], 200)).toMatchObject([
      { n: 2, modelP99Ms: null, modelWorstMs: null },
    ]);
  });

  test("are none where the tick or the silence is not known, or nothing was measured", () => {
    expect(measuredRows([trial([5], { expects: { leader: "next", silentMs: null } })], 200)).toEqual([]);
    expect(measuredRows([frozen], null)).toEqual([]);
    expect(measuredRows([trial([], silent)], 200)).toEqual([]);
  });
});
