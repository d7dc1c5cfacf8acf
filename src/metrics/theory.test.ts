import { expect, test } from "vitest";
import { sampleFailover, sampleFailovers } from "../testing/samples.ts";
import { bandOf, type FailoverTiming, predict } from "./theory.ts";

const timing = (
  changes: Partial<FailoverTiming["expects"] & Omit<FailoverTiming, "expects">> = {},
): FailoverTiming => {
  const { leader = "next", silentMs = 0, notifications = 1, ...rest } = changes;
  const delay = { ms: 0, jitterMs: 0 };
  return { expects: { leader, silentMs, notifications }, tickTimeMs: 200, servers: 1, delay, ...rest };
};

test("if the ensemble is told of the end, no timer delays the election", () => {
  expect(bandOf(timing())).toEqual({ low: 0, high: 52 });
  expect(bandOf(timing({ tickTimeMs: null }))).toEqual({ low: 0, high: 52 });
  expect(bandOf(timing({ notifications: 199 }))).toEqual({ low: 0, high: 448 });
});

test("a leader that stands still is missed between T − tick/4 and T + tick", () => {
  expect(bandOf(timing({ silentMs: 3000 }))).toEqual({ low: 2900, high: 3252 });
  expect(bandOf(timing({ silentMs: 6000, tickTimeMs: 2000 }))).toEqual({
    low: 5450,
    high: 8052,
  });
});

test("a follower may pass on the last sign of life half a tick later", () => {
  expect(bandOf(timing({ silentMs: 3000, servers: 3 }))).toEqual({ low: 2900, high: 3352 });
});

test("a delay counts once for each message: from one to four of them", () => {
  const delay = { ms: 40, jitterMs: 10 };
  expect(bandOf(timing({ delay }))).toEqual({ low: 30, high: 52 + 4 * 50 });
});

test("a last sign of life is as old as a pause, or as a round trip that is longer", () => {
  const [quick, slow] = [
    { ms: 10, jitterMs: 0 },
    { ms: 100, jitterMs: 0 },
  ];
  expect(bandOf(timing({ silentMs: 3000, delay: quick }))).toEqual({ low: 2900 + 20, high: 3252 + 40 });
  expect(bandOf(timing({ silentMs: 3000, delay: slow }))).toEqual({ low: 2950, high: 3252 + 400 });
});

test("says nothing if the delay, a silence or its tick is unknown, or if nobody new leads", () => {
  expect(bandOf(timing({ silentMs: null }))).toBeNull();
  expect(bandOf(timing({ delay: null }))).toBeNull();
  expect(bandOf(timing({ silentMs: 3000, tickTimeMs: null }))).toBeNull();
  expect(bandOf(timing({ leader: "same" }))).toBeNull();
  expect(predict(timing({ leader: "same" }), [sampleFailover({ totalMs: null })])).toBeNull();
});

test("counts failovers inside, including the bounds, and names those outside", () => {
  const failovers = sampleFailovers([2900, 3252, 2899, 3253, 3100]);
  expect(predict(timing({ silentMs: 3000 }), failovers)).toEqual({
    failoverMs: { low: 2900, high: 3252 },
    inside: 3,
    outside: [3, 4],
  });
});

test("a failover without a successor is neither inside nor outside", () => {
  const failovers = [sampleFailover(), sampleFailover({ failover: 2, end: "aborted", totalMs: null })];
  expect(predict(timing(), failovers)).toMatchObject({ inside: 1, outside: [] });
});
