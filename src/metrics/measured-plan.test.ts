import { describe, expect, test } from "vitest";
import { measuredProtocolMs, measuredRows, type SavedTrial } from "./measured-plan.ts";
import { crashFailover } from "./planner.ts";
import { sampleFailover, sampleFailovers } from "./sample-failover.ts";

/** A leader falls silent. */
const frozen = { fault: "freeze", expects: { leader: "next", silentMs: 2000 } } as const;

function trial(totalsMs: readonly number[], changes: Partial<SavedTrial> = {}): SavedTrial {
  const failovers = sampleFailovers(totalsMs);
  return {
    scheme: "predecessor",
    candidates: 50,
    fault: "resign",
    sessionTimeoutMs: 4000,
    expects: { leader: "next", silentMs: 0 },
    failovers,
    ...changes,
  };
}

describe("what the election itself takes", () => {
  test("is the p99 of all faults without a timer, at the nearest number of candidates", () => {
    const trials = [
      trial([9, 9], { candidates: 10 }),
      trial([2, 2]),
      trial([4, 4], { fault: "close" }),
      trial([2000, 2000], frozen),
      trial([50, 50], { fault: "follower", expects: { leader: "same", silentMs: 0 } }),
      trial([70, 70], { scheme: "leader" }),
    ];
    expect(measuredProtocolMs(trials, 50)).toBe(4);
    expect(measuredProtocolMs(trials, 60)).toBe(4);
    expect(measuredProtocolMs(trials, 12)).toBe(9);
  });

  test("is not known of a run that has none, or none that was completed", () => {
    expect(measuredProtocolMs([], 50)).toBeNull();
    expect(measuredProtocolMs([trial([2000], frozen)], 50)).toBeNull();
    const given = trial([], { failovers: [sampleFailover({ end: "aborted" })] });
    expect(measuredProtocolMs([given], 50)).toBeNull();
    expect(measuredProtocolMs([given, trial([3], { candidates: 200 })], 50)).toBe(3);
  });
});

describe("the measured rows", () => {
  test("put each trial of freezes beside the model", () => {
    const silent = trial([2174, 2191], { ...frozen, sessionTimeoutMs: 2000, candidates: 10 });
    const model = crashFailover(2000, 200, 5);
    expect(measuredRows([trial([2]), silent], { tickTimeMs: 200, protocolMs: 5 })).toEqual([
      {
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
  });

  test("are none where the tick is not known, or nothing was measured", () => {
    expect(measuredRows([trial([2174], frozen)], { tickTimeMs: null, protocolMs: 5 })).toEqual([]);
    expect(measuredRows([trial([], frozen)], { tickTimeMs: 200, protocolMs: 5 })).toEqual([]);
  });
});
