import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { clockCostNs, cpuTimes, foreignShare } from "./machine.ts";

const cores = availableParallelism();
const before = { busyMs: 1000, ownMs: 200, at: 0 };

test("time that neither this process nor its servers used was used by others", () => {
  const after = { busyMs: 1000 + 90 * cores, ownMs: 200 + 30 * cores, at: 100 };
  expect(foreignShare(before, after, 20 * cores)).toBeCloseTo(0.4, 10);
});

test("is never below 0 or above 1, although the system counts in steps", () => {
  expect(foreignShare(before, { busyMs: 1000, ownMs: 210, at: 100 }, 0)).toBe(0);
  expect(foreignShare(before, { busyMs: 1e6, ownMs: 200, at: 100 }, 0)).toBe(1);
});

test("its own work does not count as foreign", () => {
  const start = cpuTimes([]);
  const used = process.cpuUsage();
  while (process.cpuUsage(used).user < 200_000);
  const end = cpuTimes([]);
  expect(end.ownMs - start.ownMs).toBeGreaterThanOrEqual(200);
  // The system counts in steps.
  expect(end.busyMs - start.busyMs).toBeGreaterThan(150);
});

test("a reading of the clock costs something, but less than a microsecond", () => {
  expect(clockCostNs()).toBeGreaterThan(5);
  expect(clockCostNs()).toBeLessThan(5000);
});
