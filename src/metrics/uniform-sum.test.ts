import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { quantileSorted } from "simple-statistics";
import { expect, test } from "vitest";
import { uniformSumQuantile } from "./uniform-sum.ts";

test.each([
  // In the rise x² / 2ab, on the level part (x − 100) / 600, in the fall 1 − (800 − x)² / 2ab.
  [600, 200, 0.05, 109.545],
  [600, 200, 0.5, 400],
  [600, 200, 0.99, 751.01],
  [200, 600, 0.99, 751.01],
  [300, 300, 0.5, 300],
  [600, 200, 0, 0],
  [600, 200, 1, 800],
  [600, 0, 0.25, 150],
  [0, 0, 0.5, 0],
])("of lengths %d and %d, at %d: %d", (one, other, share, quantile) => {
  expect(uniformSumQuantile(one, other, share)).toBeCloseTo(quantile, 2);
});

test("agrees with a simulation", () => {
  const random = xoroshiro128plus(11);
  const sums = Array.from(
    { length: 100_000 },
    () => 600 * uniformFloat64(random) + 250 * uniformFloat64(random),
  );
  sums.sort((a, b) => a - b);
  for (const share of [0.01, 0.1, 0.3, 0.5, 0.9, 0.99]) {
    expect(
      Math.abs(uniformSumQuantile(600, 250, share) - quantileSorted(sums, share)),
      `at ${share}`,
    ).toBeLessThan(4);
  }
});
