import { describe, expect, test } from "vitest";
import { defaultConditions } from "../history/conditions.ts";
import type { CrowdCosts } from "../history/crowd-costs.ts";
import { realGrowth } from "../testing/growth-points.ts";
import { sampleFailover, sampleServer } from "../testing/samples.ts";
import { type CostModel, type ModelledTrial, modelsOf } from "./forecast.ts";

const NUMBERS = [10, 30, 100, 300, 1000, 3000];

/** Up to a tenth more or less, the same each time. */
const shaken = (value: number, index: number) => value * (1 + 0.1 * Math.sin(7 * index + value));

function crowdOf(candidates: number): CrowdCosts {
  const beats = candidates / 10;
  return {
    ...{ joinMs: 5 * candidates, joinResponseBytes: 25 * candidates ** 2 },
    ...{ joinServerCpuMs: candidates, joinLabCpuMs: 1 },
    ...{ restMs: 2000, restServerCpuMs: 2 * (1 + 0.04 * beats), restLabCpuMs: beats },
    ...{ sessionsHeapBytes: 4e6, settledHeapBytes: 4e6 + 9000 * candidates },
    watches: candidates,
  };
}

/** A failover of 2 ms, and a microsecond for each name in a list; N lists of N names under `leader`. */
function trialsOf(scheme: string, numbers: readonly number[]): ModelledTrial[] {
  return numbers.map((candidates, place) => {
    const woken = scheme === "leader" ? candidates - 1 : 1;
    const ms = 2 + 0.001 * candidates * woken;
    const failovers = Array.from({ length: 8 }, (_, index) =>
      sampleFailover({
        failover: index + 1,
        totalMs: shaken(ms, 10 * place + index),
        settledMs: ms,
        notifications: woken,
        reads: woken,
        server: sampleServer({ responseBytes: 90 + 49 * candidates * woken, cpuMs: 1 }),
      }),
    );
    return { ...defaultConditions, scheme, candidates, failovers, crowd: crowdOf(candidates) };
  });
}

const find = (models: readonly CostModel[], scheme: string, measure: CostModel["measure"]) => {
  const found = models.find((one) => one.scheme === scheme && one.measure === measure);
  if (found === undefined) throw new Error(`no model of ${measure} under ${scheme}`);
  return found;
};

describe("models of a growth run", () => {
  const models = modelsOf([...trialsOf("predecessor", NUMBERS), ...trialsOf("leader", NUMBERS)], 1, 200);

  test.each([
    ["predecessor", "failoverMs"],
    ["leader", "failoverMs"],
    ["leader", "responseBytes"],
    ["predecessor", "joinBytes"],
    ["predecessor", "heapBytes"],
    ["predecessor", "idleServerCpu"],
  ] as const)("of %s foretell %s of candidates that they have not seen within a fifth", (scheme, measure) => {
    const { heldOut } = find(models, scheme, measure);
    expect(heldOut.map(({ candidates }) => candidates)).toEqual([1000, 3000]);
    for (const { foretold, measured } of heldOut) {
      expect(foretold / measured).toBeGreaterThan(0.8);
      expect(foretold / measured).toBeLessThan(1.2);
    }
  });

  test("foretell many more, within an interval that holds the truth", () => {
    const million = find(models, "predecessor", "failoverMs").forecasts.at(-1);
    expect(million).toMatchObject({ candidates: 1e6 });
    expect(million?.interval[0]).toBeLessThan(1002);
    expect(million?.interval[1]).toBeGreaterThan(1002);
    const heap = find(models, "leader", "heapBytes").forecasts.find(({ candidates }) => candidates === 1e5);
    expect(heap?.foretold).toBeCloseTo(4e6 + 9000 * 1e5, -6);
    const notified = find(models, "leader", "notifications").forecasts;
    // None is foretold of what was measured.
    expect(notified[0]).toEqual({ candidates: 1e4, foretold: 9999, interval: [9999, 9999] });
  });

  test("say how each figure grows, and only a herd costs pairs", () => {
    expect(find(models, "leader", "responseBytes").exponent).toBeCloseTo(2, 1);
    expect(find(models, "predecessor", "responseBytes").costs).toEqual({
      once: expect.closeTo(90, 3),
      perCandidate: expect.closeTo(49, 3),
    });
    expect(Object.keys(find(models, "leader", "failoverMs").costs)).toContain("perPair");
    expect(find(models, "leader", "settledMs").exponentInterval[1]).toBeGreaterThan(1);
  });

  test("are the same for the same seed", () => {
    expect(modelsOf(trialsOf("predecessor", NUMBERS), 1, 200)).toEqual(
      models.filter(({ scheme }) => scheme === "predecessor"),
    );
  });
});

/** Those that have joined look again under `children`; by number, most of the bytes are of no list. */
const isListedOnce = ({ scheme, join }: CostModel) => scheme !== "children" && join === "by-list";

describe("models of points that a real run measured", () => {
  const { trials, seed, tickTimeMs } = realGrowth();
  const models = modelsOf(trials, seed, tickTimeMs);

  // Counts follow a rule, bytes nearly. Those of joining by list also depend on who of many is first.
  test.each([
    ["notifications", 0.01],
    ["reads", 0.01],
    ["responseBytes", 0.05],
    ["joinBytes", 0.1],
  ] as const)("foretell %s of candidates that they have not seen within a share of %d", (measure, share) => {
    const heldOut = models
      .filter((model) => model.measure === measure && (measure !== "joinBytes" || isListedOnce(model)))
      .flatMap((model) => model.heldOut);
    expect(heldOut.length).toBeGreaterThanOrEqual(6);
    for (const { foretold, measured } of heldOut) {
      expect(foretold / measured).toBeGreaterThan(1 - share);
      expect(foretold / measured).toBeLessThan(1 + share);
    }
  });
});

test("a change that no cost follows is missed, and seen to be missed", () => {
  const trials = trialsOf("predecessor", NUMBERS).map((trial) => ({
    ...trial,
    failovers: trial.failovers.map((one) => ({ ...one, totalMs: trial.candidates < 3000 ? 2 : 500 })),
  }));
  const last = find(modelsOf(trials, 1, 200), "predecessor", "failoverMs").heldOut.at(-1);
  expect((last?.foretold ?? 500) / (last?.measured ?? 1)).toBeLessThan(0.5);
});

test("candidates in a thread are a condition of their own only where they do not follow from all", () => {
  const shared = (perThread: (candidates: number) => number) =>
    trialsOf("predecessor", NUMBERS).map((trial) => ({ ...trial, perThread: perThread(trial.candidates) }));
  const growing = modelsOf(
    shared((candidates) => candidates / 10),
    1,
    200,
  );
  expect(growing.filter(({ measure }) => measure === "failoverMs")).toHaveLength(1);
  expect(growing[0]?.perThread).toBeUndefined();
  const compared = modelsOf([...shared(() => 1), ...shared(() => 10)], 1, 200);
  const twice = compared.filter(({ measure }) => measure === "failoverMs");
  expect(twice.map(({ perThread }) => perThread)).toEqual([1, 10]);
});

test("there are none with fewer than five numbers of candidates, of what was not measured, or of zero", () => {
  expect(modelsOf(trialsOf("predecessor", [10, 30, 100, 300]), 1, 200)).toEqual([]);
  const bare = trialsOf("predecessor", NUMBERS).map(({ crowd: _, ...trial }) => ({
    ...trial,
    failovers: trial.failovers.map((one) => ({ ...one, reads: 0, server: null })),
  }));
  expect(modelsOf(bare, 1, 200).map(({ measure }) => measure)).toEqual([
    ...["failoverMs", "settledMs", "notifications"],
  ]);
});
