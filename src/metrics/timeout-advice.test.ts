import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { quantileSorted } from "simple-statistics";
import { describe, expect, test } from "vitest";
import { advise, crashFailover, smallestTargetMs } from "./timeout-advice.ts";

describe("a crash failover", () => {
  test("lies around T − tick/8 + tick/2, and below T + tick", () => {
    // T = 1800, tick = 200: the age is up to 50; the sum's p99 is 235.86 of 250.
    const { p50Ms, p99Ms, worstMs } = crashFailover(1800, 200, 10);
    expect(p50Ms).toBeCloseTo(1885, 6);
    expect(p99Ms).toBeCloseTo(1995.86, 2);
    expect(worstMs).toBe(2010);
  });

  test("is what the server's own rounding comes to, in a simulation", () => {
    // ExpiryQueue: expiry = (⌊(now + T) / tick⌋ + 1) · tick, with now the last
    // contact, up to tick/4 before the crash.
    const [timeout, tick] = [2000, 500];
    const random = xoroshiro128plus(5);
    const times = Array.from({ length: 50_000 }, () => {
      const contact = 10_000 * uniformFloat64(random);
      const crash = contact + (tick / 4) * uniformFloat64(random);
      return (Math.floor((contact + timeout) / tick) + 1) * tick - crash;
    });
    times.sort((a, b) => a - b);
    const model = crashFailover(timeout, tick, 0);
    expect(Math.abs(model.p50Ms - quantileSorted(times, 0.5))).toBeLessThan(6);
    expect(Math.abs(model.p99Ms - quantileSorted(times, 0.99))).toBeLessThan(6);
    expect(times.at(-1)).toBeLessThan(model.worstMs);
  });
});

describe("advice", () => {
  const question = { targetMs: 3000, candidates: 50, protocolMs: 10 };

  test("has the longest timeout on each tick that reaches the target, and no longer one", () => {
    const rows = advise(question);
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
    const [row] = advise({ ...question, targetMs: 60_000, tickTimesMs: [300] });
    expect(row).toEqual({
      sessionTimeoutMs: 6000,
      tickTimeMs: 300,
      ...crashFailover(6000, 300, 10),
      // The leader syncs every 75 ms, and 15 candidates send two requests every seventh of six seconds. The
      // other 34 send three in eighteen seconds, and a ping every two seconds.
      heartbeatsPerSecond: expect.closeTo(71, 2),
      falseExpiryMarginMs: 4000,
      suspendedAfterMs: 4000,
    });
  });

  test("leaves out ticks that cannot reach the target", () => {
    expect(advise({ ...question, targetMs: 200 })).toEqual([]);
  });

  test("the smallest target is reached, and a smaller one is not", () => {
    const smallest = smallestTargetMs(question);
    // T = 200, tick = 100: 175 + 117.9 + 10.
    expect(smallest).toBeCloseTo(302.9, 1);
    expect(advise({ ...question, targetMs: smallest })).toMatchObject([
      { tickTimeMs: 100, sessionTimeoutMs: 200 },
    ]);
    expect(advise({ ...question, targetMs: smallest - 0.01 })).toEqual([]);
  });
});
