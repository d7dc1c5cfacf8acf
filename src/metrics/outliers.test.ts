import { expect, test } from "vitest";
import { outliersOf } from "./outliers.ts";

test("a value whose modified z-score is above 3.5, slow or fast, by its index", () => {
  // Median 2, MAD 0.1: the limit is 3.5 × 0.1 / 0.6745 = 0.519 away from the median.
  expect(outliersOf([1.9, 2.53, 2, 2.1, 2.51, 1.9, 2, 1.49, 1.47, 2.1, 2])).toEqual([1, 8]);
});

test("the limit is 3.5 itself", () => {
  // Median 0, MAD 1: 5.19 has the score 3.5007, 5.18 has 3.494.
  const unit = [-1, 1, -1, 1, -1, 1, -1, 1, 0];
  expect(outliersOf([...unit, 5.19, -5.18])).toEqual([9]);
});

test("where more than half are equal, the mean distance is the unit", () => {
  // Mean distance 10 / 10 = 1: the score of 10 is 10 / 1.253314 = 8; a 4 among four others is not far.
  expect(outliersOf([0, 0, 0, 0, 0, 0, 0, 0, 0, 10])).toEqual([9]);
  expect(outliersOf([0, 0, 0, 4])).toEqual([]);
});

test("none where all are equal, nor of nothing", () => {
  expect(outliersOf([2, 2, 2, 2])).toEqual([]);
  expect(outliersOf([2])).toEqual([]);
  expect(outliersOf([])).toEqual([]);
});

test("leaves the values alone", () => {
  const values = [3, 1, 2];
  outliersOf(values);
  expect(values).toEqual([3, 1, 2]);
});
