import { describe, expect, test } from "vitest";
import { defaultConditions } from "../history/conditions.ts";
import { sampleFailovers, sampleServer } from "../testing/samples.ts";
import { analyse, type TrialFigures } from "./analysis.ts";
import type { Failover } from "./figures.ts";

type Counted = Partial<Failover> & { responseBytes?: number };

function trial(
  scheme: string,
  totalsMs: readonly number[],
  changes: Partial<TrialFigures> = {},
  counted: Counted = {},
) {
  const { responseBytes = 441, ...rest } = counted;
  const failovers = sampleFailovers(totalsMs, { server: sampleServer({ responseBytes }), ...rest });
  return { scheme, ...defaultConditions, failovers, ...changes };
}

/** Enough to compare. */
const six = (ms: number) => Array.from({ length: 6 }, () => ms);

const names = ({ comparisons }: ReturnType<typeof analyse>) =>
  comparisons.map(
    ({ scheme, baseline, measure, candidates }) => `${scheme}/${baseline} ${measure} ${candidates}`,
  );

describe("comparisons", () => {
  test("compare each scheme with the predecessor scheme, wherever that is in the list", () => {
    const trials = [trial("leader", six(6)), trial("predecessor", six(2)), trial("children", six(1))];
    const analysis = analyse(trials, 1);
    expect(names(analysis)).toEqual([
      "leader/predecessor failoverMs 50",
      "leader/predecessor settledMs 50",
      "children/predecessor failoverMs 50",
      "children/predecessor settledMs 50",
    ]);
    expect(analysis.comparisons[0]).toEqual({
      scheme: "leader",
      baseline: "predecessor",
      measure: "failoverMs",
      ...defaultConditions,
      ratio: 3,
      interval: [3, 3],
      pValue: expect.closeTo(0.0012, 3),
      conclusion: "slower",
    });
    expect(analysis.comparisons[2]).toMatchObject({ ratio: 0.5, conclusion: "faster" });
  });

  test("use the first scheme if the predecessor scheme was not tried", () => {
    expect(names(analyse([trial("heir", six(1)), trial("leader", six(2))], 1))).toEqual([
      "leader/heir failoverMs 50",
      "leader/heir settledMs 50",
    ]);
  });

  test("compare like with like only", () => {
    for (const other of [
      { candidates: 10 },
      { fault: "close" },
      { sessionTimeoutMs: 2000 },
      { servers: 3 },
    ]) {
      expect(analyse([trial("predecessor", six(2)), trial("leader", six(6), other)], 1).comparisons).toEqual(
        [],
      );
    }
  });

  test("count complete failovers only", () => {
    const given = trial("leader", [...six(6), 900]);
    const failovers = given.failovers.map((failover) =>
      failover.totalMs === 900 ? { ...failover, end: "aborted" as const } : failover,
    );
    const [comparison] = analyse([trial("predecessor", six(2)), { ...given, failovers }], 1).comparisons;
    expect(comparison).toMatchObject({ ratio: 3, interval: [3, 3] });
  });

  test("compare only the settling after a follower's death, since nobody succeeds", () => {
    const died = { fault: "follower" };
    const unled = { totalMs: null, settledMs: 3 };
    const trials = [
      trial("predecessor", six(1), died, unled),
      trial("children", six(1), died, { totalMs: null, settledMs: 9 }),
    ];
    expect(analyse(trials, 1).comparisons).toMatchObject([{ measure: "settledMs", ratio: 3 }]);
  });
});

describe("too few failovers", () => {
  test("are not compared, and the pairs are named", () => {
    const few = { scheme: "leader", baseline: "predecessor", candidates: 50, fault: "resign" };
    const { comparisons, uncompared } = analyse(
      [trial("predecessor", six(2)), trial("leader", [6, 6, 6, 6, 6])],
      1,
    );
    expect(comparisons).toEqual([]);
    expect(uncompared).toEqual([
      {
        ...few,
        sessionTimeoutMs: 4000,
        delay: "none",
        servers: 1,
        host: "thread",
        perThread: 1,
        join: "by-list",
        measure: "failoverMs",
        n: 5,
        baselineN: 6,
      },
      {
        ...few,
        sessionTimeoutMs: 4000,
        delay: "none",
        servers: 1,
        host: "thread",
        perThread: 1,
        join: "by-list",
        measure: "settledMs",
        n: 5,
        baselineN: 6,
      },
    ]);
  });

  test("are not named if there are none at all", () => {
    const unled = trial("leader", six(1), {}, { totalMs: null, settledMs: null });
    expect(analyse([trial("predecessor", six(2)), unled], 1)).toMatchObject({
      comparisons: [],
      uncompared: [],
    });
  });

  test("show no growth", () => {
    const once = [10, 20, 40].map((candidates) => trial("leader", [candidates], { candidates }));
    expect(analyse(once, 1).growth).toEqual([]);
  });
});

describe("growth", () => {
  const herd = (changes: Partial<TrialFigures> = {}) =>
    [10, 20, 40].map((candidates) =>
      trial(
        "leader",
        six(candidates),
        { candidates, ...changes },
        { notifications: candidates, responseBytes: candidates ** 2 },
      ),
    );

  test("is computed for each scheme, fault and timeout, for the herd's costs", () => {
    const { growth } = analyse([...herd(), ...herd({ fault: "close" })], 1);
    expect(growth.map(({ fault, measure }) => `${fault} ${measure}`)).toEqual([
      "resign settledMs",
      "resign notifications",
      "resign responseBytes",
      "close settledMs",
      "close notifications",
      "close responseBytes",
    ]);
    expect(growth[0]).toEqual({
      scheme: "leader",
      measure: "settledMs",
      fault: "resign",
      sessionTimeoutMs: 4000,
      ...{ delay: "none", servers: 1, host: "thread", perThread: 1, join: "by-list" },
      exponent: expect.closeTo(1, 12),
      interval: [expect.closeTo(1, 12), expect.closeTo(1, 12)],
      factor: expect.closeTo(1, 12),
    });
    expect(growth[2]?.exponent).toBeCloseTo(2, 12);
  });

  test("is missing if servers report nothing, or too few numbers of candidates were tried", () => {
    const silent = herd().map((some) => ({
      ...some,
      failovers: some.failovers.map((failover) => ({ ...failover, server: null })),
    }));
    expect(analyse(silent, 1).growth.map(({ measure }) => measure)).toEqual(["settledMs", "notifications"]);
    expect(analyse(herd().slice(0, 2), 1).growth).toEqual([]);
  });
});

test("nothing follows from nothing", () => {
  expect(analyse([], 1)).toEqual({ comparisons: [], uncompared: [], growth: [] });
});
