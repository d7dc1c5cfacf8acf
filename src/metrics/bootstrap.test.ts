import { expect, test } from "vitest";
import { bootstrapInterval, medianSorted } from "./bootstrap.ts";

const median = ([resample = []]: readonly number[][]) => medianSorted(resample);
const values = Array.from({ length: 31 }, (_, index) => Math.sqrt(index));

test("the same values and seed give the same interval to the last digit, in whatever order the values are", () => {
  expect(bootstrapInterval([values], 7, median)).toEqual(bootstrapInterval([values], 7, median));
  expect(bootstrapInterval([values.toReversed()], 7, median)).toEqual(bootstrapInterval([values], 7, median));
});

test("the interval of a mean is what the normal distribution says", () => {
  // The values 1 to 100: mean 50.5, standard deviation 28.9, so 95 % lie within ± 1.96 × 2.89 = 5.66.
  const sample = Array.from({ length: 100 }, (_, index) => index + 1);
  const mean = ([resample = []]: readonly number[][]) =>
    resample.reduce((sum, value) => sum + value, 0) / resample.length;
  const [low, high] = bootstrapInterval([sample], 1, mean);
  expect(Math.abs(low - 44.84)).toBeLessThan(0.6);
  expect(Math.abs(high - 56.16)).toBeLessThan(0.6);
});

test("each sample is drawn from itself, in its own length, and comes sorted", () => {
  const seen = (resamples: readonly number[][]) => {
    const [some = [], others = []] = resamples;
    expect(some).toHaveLength(3);
    expect(some.every((value) => value < 10)).toBe(true);
    expect(some).toEqual(some.toSorted((a, b) => a - b));
    expect(others).toEqual([20, 20]);
    return 0;
  };
  expect(
    bootstrapInterval(
      [
        [3, 1, 2],
        [20, 20],
      ],
      1,
      seen,
    ),
  ).toEqual([0, 0]);
});

test("leaves out what is not finite", () => {
  const ratio = ([some = [], others = []]: readonly number[][]) => medianSorted(some) / medianSorted(others);
  expect(bootstrapInterval([[4], [0, 2, 2]], 1, ratio)).toEqual([2, 2]);
});
