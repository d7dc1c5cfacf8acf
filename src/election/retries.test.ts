import { expect, test } from "vitest";
import { ConnectionLoss, NoAuth, SessionExpired, Throttled } from "../zookeeper/errors.ts";
import { passes, Retries } from "./retries.ts";
import { realRuntime } from "./runtime.ts";

const lost = new ConnectionLoss(-4, "lost");

/** Retries in virtual time, and what they reported. */
function scene() {
  const told: number[] = [];
  const clock = { now: 0 };
  const runtime = { ...realRuntime, now: () => clock.now };
  return { clock, told, retries: new Retries(runtime, (_, attempt) => told.push(attempt)) };
}

test("pauses double up to five seconds, and failures are reported from the third in a row on", () => {
  const { retries, told } = scene();
  const pauses = Array.from({ length: 9 }, () => retries.failed(lost));
  expect(pauses).toEqual([50, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  expect(told).toEqual([3, 4, 5, 6, 7, 8, 9]);
});

test("a failure after a minute without one is the first again", () => {
  const { clock, retries, told } = scene();
  retries.failed(lost);
  retries.failed(lost);
  clock.now += 60_001;
  expect(retries.failed(lost)).toBe(50);
  expect(told).toEqual([]);
});

test("a caller that waits for the end does not wait for a long pause", async () => {
  const { retries } = scene();
  for (let failures = 0; failures < 8; failures++) retries.failed(lost);
  const hurry = new AbortController();
  const pause = retries.pause(lost, hurry.signal);
  hurry.abort();
  await pause;
  const startedAt = performance.now();
  await retries.pause(lost, hurry.signal);
  // They still are pauses.
  expect(performance.now() - startedAt).toBeGreaterThan(20);
});

test.each([
  [lost, true],
  [new Throttled(-127, "too much to do"), true],
  [new SessionExpired(-112, "gone"), false],
  [new NoAuth(-102, "refused"), false],
  [new Error("something else"), false],
])("%s passes: %s", (error, may) => {
  expect(passes(error)).toBe(may);
});
