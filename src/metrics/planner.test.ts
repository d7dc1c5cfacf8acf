import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { quantileSorted } from "simple-statistics";
import { describe, expect, test } from "vitest";
import { crashFailover, plan, smallestTargetMs } from "./planner.ts";

describe("a crash failover", () => {
  test("lies around T − T/6 + tick/2, and below T + tick", () => {
    // T = 1800, tick = 200: the age is up to 600; the sum's p99 is 751.01 of 800.
    const { p50Ms, p99Ms, worstMs } = crashFailover(1800, 200, 10);
    expect(p50Ms).toBeCloseTo(1610, 6);
    expect(p99Ms).toBeCloseTo(1961.01, 2);
    expect(worstMs).toBe(2010);
  });

  test("is what the server's own rounding comes to, in a simulation", () => {
    // ExpiryQueue: expiry = (⌊(now + T) / tick⌋ + 1) · tick, with now the last contact, up to T/3 before the crash.
    const [timeout, tick] = [2000, 500];
    const random = xoroshiro128plus(5);
    const times = Array.from({ length: 50_000 }, () => {
      const contact = 10_000 * uniformFloat64(random);
      const crash = contact + (timeout / 3) * uniformFloat64(random);
      return (Math.floor((contact + timeout) / tick) + 1) * tick - crash;
    });
    times.sort((a, b) => a - b);
    const model = crashFailover(timeout, tick, 0);
    expect(Math.abs(model.p50Ms - quantileSorted(times, 0.5))).toBeLessThan(6);
    expect(Math.abs(model.p99Ms - quantileSorted(times, 0.99))).toBeLessThan(6);
    expect(times.at(-1)).toBeLessThan(model.worstMs);
  });
});

describe("a plan", () => {
  const question = { targetMs: 3000, candidates: 50, protocolMs: 10 };

  test("has the longest timeout on each tick that reaches the target, and no longer one", () => {
    const rows = plan(question);
    expect(rows.map(({ tickTimeMs }) => tickTimeMs)).toEqual([100, 200, 500, 1000]);
    for (const { sessionTimeoutMs, tickTimeMs, p99Ms } of rows) {
      expect(p99Ms).toBeLessThanOrEqual(3000);
      expect(sessionTimeoutMs).toBeGreaterThanOrEqual(2 * tickTimeMs);
      expect(sessionTimeoutMs).toBeLessThanOrEqual(20 * tickTimeMs);
      const longer = crashFailover(sessionTimeoutMs + 1, tickTimeMs, 10).p99Ms;
      expect(longer > 3000 || sessionTimeoutMs === 20 * tickTimeMs).toBe(true);
    }
    expect(rows[0]?.sessionTimeoutMs).toBe(2000);
  });

  test("says of each timeout what it costs and what it stands", () => {
    const [row] = plan({ ...question, targetMs: 60_000, tickTimesMs: [300] });
    expect(row).toEqual({
      sessionTimeoutMs: 6000,
      tickTimeMs: 300,
      ...crashFailover(6000, 300, 10),
      pingsPerSecond: 25,
      falseExpiryMarginMs: 4000,
      suspendedAfterMs: 4000,
    });
  });

  test("leaves out ticks that cannot reach the target", () => {
    expect(plan({ ...question, targetMs: 200 })).toEqual([]);
  });

  test("the smallest target is reached, and a smaller one is not", () => {
    const smallest = smallestTargetMs(question);
    // T = 200, tick = 100: 133.3 + 155.1 + 10.
    expect(smallest).toBeCloseTo(298.5, 1);
    expect(plan({ ...question, targetMs: smallest })).toMatchObject([
      { tickTimeMs: 100, sessionTimeoutMs: 200 },
    ]);
    expect(plan({ ...question, targetMs: smallest - 0.01 })).toEqual([]);
  });
});
