import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { realRuntime } from "../election/runtime.ts";
import { hushedRuntime } from "./hushed-runtime.ts";

let hushed: boolean;
const inFlight: number[] = [];
const runtime = hushedRuntime(
  () => hushed,
  100,
  (change) => void inFlight.push(change),
);

beforeEach(() => {
  vi.useFakeTimers();
  // Fake timers do not cover the runtime's own clock.
  vi.spyOn(realRuntime, "now").mockImplementation(() => Date.now());
  hushed = false;
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("a timer that falls due in a hush waits for its end, and calls once", () => {
  const callback = vi.fn();
  runtime.after(10, callback);
  hushed = true;
  vi.advanceTimersByTime(50);
  expect(callback).not.toHaveBeenCalled();
  hushed = false;
  vi.advanceTimersByTime(1);
  expect(callback).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(50);
  expect(callback).toHaveBeenCalledTimes(1);
});

test("without a hush it is on time", () => {
  const callback = vi.fn();
  runtime.after(10, callback);
  vi.advanceTimersByTime(10);
  expect(callback).toHaveBeenCalledTimes(1);
});

test("it can be cancelled while it waits", () => {
  const callback = vi.fn();
  const giveUp = runtime.after(10, callback);
  hushed = true;
  vi.advanceTimersByTime(20);
  giveUp();
  hushed = false;
  vi.advanceTimersByTime(20);
  expect(callback).not.toHaveBeenCalled();
});

test("an endless hush delays timers no longer than the limit", () => {
  const callback = vi.fn();
  hushed = true;
  runtime.after(10, callback);
  vi.advanceTimersByTime(10 + 99);
  expect(callback).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2);
  expect(callback).toHaveBeenCalledTimes(1);
});

test("names of contenders are 32 hexadecimal digits, and no two are alike", () => {
  const guids = Array.from({ length: 1000 }, () => runtime.guid());
  expect(guids.filter((one) => !/^[0-9a-f]{32}$/.test(one))).toEqual([]);
  expect(new Set(guids).size).toBe(guids.length);
});
