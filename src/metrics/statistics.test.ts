import { expect, test } from "vitest";
import { summarise } from "./statistics.ts";

test("says nothing of nothing", () => {
  expect(summarise([], 1)).toBeNull();
});

test("a single value is everything", () => {
  expect(summarise([7.5], 1)).toEqual({
    n: 1,
    min: 7.5,
    p50: 7.5,
    p90: 7.5,
    p99: 7.5,
    max: 7.5,
    mad: 0,
    p50Interval: [7.5, 7.5],
  });
});

test("interpolates between values, whatever their order, and leaves them alone", () => {
  const values = [10, 1, 9, 2, 8, 3, 7, 4, 6, 5];
  const statistics = summarise(values, 1);
  expect(statistics).toMatchObject({ n: 10, min: 1, p50: 5.5, max: 10 });
  expect(statistics?.p90).toBeCloseTo(9.1, 12);
  expect(statistics?.p99).toBeCloseTo(9.91, 12);
  expect(values).toEqual([10, 1, 9, 2, 8, 3, 7, 4, 6, 5]);
});

test("orders by size, not by spelling", () => {
  expect(summarise([9, 10, 100], 1)).toMatchObject({ min: 9, p50: 10, max: 100 });
});

test("the spread is the median distance from the median, which an outlier does not move", () => {
  expect(summarise([1, 1, 2, 2, 4, 6, 9], 1)).toMatchObject({ p50: 2, mad: 1 });
  expect(summarise([1, 1, 2, 2, 4, 6, 9000], 1)).toMatchObject({ p50: 2, mad: 1 });
});

test("the interval lies where the order statistics of the binomial distribution say", () => {
  // The median of 100 values lies between the 40th and the 61st with 95 % (normal approximation: 50 ± 9.8).
  const [low, high] = summarise(
    Array.from({ length: 100 }, (_, index) => index + 1),
    42,
  )?.p50Interval ?? [0, 0];
  expect(low).toBeGreaterThan(38);
  expect(low).toBeLessThan(43);
  expect(high).toBeGreaterThan(58);
  expect(high).toBeLessThan(63);
});

test("is the same for the same seed, and another for another", () => {
  const values = Array.from({ length: 31 }, (_, index) => Math.sqrt(index));
  expect(summarise(values, 5)).toEqual(summarise(values, 5));
  const intervals = new Set(
    Array.from({ length: 10 }, (_, seed) => `${summarise(values, seed)?.p50Interval}`),
  );
  expect(intervals.size).toBeGreaterThan(1);
});
