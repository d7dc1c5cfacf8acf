import { expect, test } from "vitest";
import { sampleFailover as failover } from "../testing/samples.ts";
import { summariseTrial } from "./summary.ts";

test("equal counts average to just that count", () => {
  const equal = Array.from({ length: 7 }, () => failover({ notifications: 49, reads: 49 }));
  expect(summariseTrial(equal, 1)).toMatchObject({
    notificationsPerFailover: 49,
    readsPerFailover: 49,
    settledMs: { p50: 2 },
  });
});

test("averages the counts, and sums up the settling", () => {
  const unequal = [
    failover({ notifications: 1, reads: 0, settledMs: 30 }),
    failover({ notifications: 2, reads: 1, settledMs: 10 }),
    failover({ notifications: 2, reads: 1, settledMs: 11 }),
    failover({ notifications: 2, reads: 1, settledMs: 12 }),
  ];
  expect(summariseTrial(unequal, 1)).toMatchObject({
    notificationsPerFailover: 1.75,
    readsPerFailover: 0.75,
    settledMs: { n: 4, min: 10, p50: 11.5, max: 30 },
  });
});

test("leaves out failovers that were given up or interrupted", () => {
  const aborted = failover({ end: "aborted", notifications: 0, settledMs: null });
  const interrupted = failover({ end: null, notifications: 0, settledMs: null });
  expect(summariseTrial([failover({}), aborted, interrupted], 1)).toMatchObject({
    notificationsPerFailover: 1,
  });
  const none = { notificationsPerFailover: null, readsPerFailover: null, settledMs: null };
  expect(summariseTrial([aborted, interrupted], 1)).toMatchObject(none);
  expect(summariseTrial([], 1)).toMatchObject(none);
});
