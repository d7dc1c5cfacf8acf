import { expect, test } from "vitest";
import type { Failover } from "./failover.ts";
import { herdOf } from "./herd.ts";

const failover = (changes: Partial<Failover>): Failover => ({
  failover: 1,
  end: "settled",
  victim: 0,
  successor: 1,
  totalMs: 2,
  detectionMs: 1,
  notificationMs: 0,
  takeoverMs: 1,
  settledMs: 2,
  overlapMs: 0,
  notifications: 1,
  reads: 1,
  ...changes,
});

test("equal counts average to just that count", () => {
  const equal = Array.from({ length: 7 }, () => failover({ notifications: 49, reads: 49 }));
  expect(herdOf(equal)).toEqual({
    notificationsPerFailover: 49,
    readsPerFailover: 49,
    settledMs: { p50: 2 },
  });
});

test("averages, and takes the median of the settling", () => {
  const unequal = [
    failover({ notifications: 1, reads: 0, settledMs: 30 }),
    failover({ notifications: 2, reads: 1, settledMs: 10 }),
    failover({ notifications: 2, reads: 1, settledMs: 11 }),
    failover({ notifications: 2, reads: 1, settledMs: 12 }),
  ];
  expect(herdOf(unequal)).toEqual({
    notificationsPerFailover: 1.75,
    readsPerFailover: 0.75,
    settledMs: { p50: 11.5 },
  });
});

test("leaves out failovers that were given up or interrupted", () => {
  const aborted = failover({ end: "aborted", notifications: 0, settledMs: null });
  const interrupted = failover({ end: null, notifications: 0, settledMs: null });
  expect(herdOf([failover({}), aborted, interrupted])).toMatchObject({ notificationsPerFailover: 1 });
  const none = { notificationsPerFailover: null, readsPerFailover: null, settledMs: null };
  expect(herdOf([aborted, interrupted])).toEqual(none);
  expect(herdOf([])).toEqual(none);
});
