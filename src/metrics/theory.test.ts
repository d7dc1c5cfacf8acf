import { expect, test } from "vitest";
import { sampleFailover, sampleFailovers } from "./sample-failover.ts";
import { bandOf, type FailoverTiming, predict } from "./theory.ts";

const timing = (changes: Partial<FailoverTiming> = {}): FailoverTiming => ({
  fault: "resign",
  sessionTimeoutMs: 3000,
  tickTimeMs: 200,
  servers: 1,
  expectedNotifications: 1,
  ...changes,
});

test.each(["resign", "close", "expire"])(
  "no timer is in the way of %s: only the election itself",
  (fault) => {
    expect(bandOf(timing({ fault }))).toEqual({ low: 0, high: 52 });
    expect(bandOf(timing({ fault, tickTimeMs: null }))).toEqual({ low: 0, high: 52 });
    expect(bandOf(timing({ fault, expectedNotifications: 199 }))).toEqual({ low: 0, high: 448 });
  },
);

test("a leader that stands still is missed within T − tick/4 and T + tick", () => {
  expect(bandOf(timing({ fault: "freeze" }))).toEqual({ low: 2900, high: 3252 });
  expect(bandOf(timing({ fault: "freeze", sessionTimeoutMs: 6000, tickTimeMs: 2000 }))).toEqual({
    low: 5450,
    high: 8052,
  });
});

test("a follower may hand on the last sign of life half a tick later", () => {
  expect(bandOf(timing({ fault: "freeze", servers: 3 }))).toEqual({ low: 2900, high: 3352 });
});

test("says nothing without a tick, of an unknown fault, and where nobody new leads", () => {
  expect(bandOf(timing({ fault: "freeze", tickTimeMs: null }))).toBeNull();
  expect(bandOf(timing({ fault: "follower" }))).toBeNull();
  expect(bandOf(timing({ fault: "meteorite" }))).toBeNull();
  expect(predict(timing({ fault: "follower" }), [sampleFailover({ totalMs: null })])).toBeNull();
});

test("counts who is inside, its bounds included, and names who is outside", () => {
  const failovers = sampleFailovers([2900, 3252, 2899, 3253, 3100]);
  expect(predict(timing({ fault: "freeze" }), failovers)).toEqual({
    failoverMs: { low: 2900, high: 3252 },
    inside: 3,
    outside: [3, 4],
  });
});

test("a failover without a successor is neither inside nor outside", () => {
  const failovers = [sampleFailover(), sampleFailover({ failover: 2, end: "aborted", totalMs: null })];
  expect(predict(timing(), failovers)).toMatchObject({ inside: 1, outside: [] });
});
