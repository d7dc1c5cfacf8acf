import { expect, test } from "vitest";
import { sampleModel } from "../testing/samples.ts";
import { cappedTexts, costsText, forecastText, heldOutText, quantity, worstMiss } from "./growth-text.ts";

test.each([
  [0.0012, "ms", "1.2 µs"],
  [4.16, "ms", "4.2 ms"],
  [90_000, "ms", "1.5 min"],
  [1e12, "ms", "31.7 years"],
  [511, "bytes", "511 B"],
  [2.52e9, "bytes", "2.5 GB"],
  [49_500_000, "count", "49.5 million"],
  [99_999, "count", "99,999"],
  [12.34, "ms/s", "1.2 %"],
  [3600, "ms/s", "3.6 cores"],
  [0, "ms", "0 ns"],
] as const)("%d %s are %s", (value, unit, text) => {
  expect(quantity(value, unit)).toBe(text);
});

test("a model in words: what it consists of, how far it missed, what it foretells", () => {
  const model = sampleModel();
  expect(costsText(model)).toBe("1 ms + 1 µs × N (N − 1)");
  expect(heldOutText({ candidates: 1000, foretold: 1100, measured: 1000 }, model)).toBe(
    "foretold 1.1 s, measured 1 s: +10 %",
  );
  expect(worstMiss(sampleModel({ heldOut: [] }))).toBeNull();
  expect(worstMiss(sampleModel({ heldOut: [{ candidates: 9, foretold: 7, measured: 10 }] }))).toBeCloseTo(
    0.3,
    9,
  );
  expect(forecastText({ candidates: 1e5, foretold: 2e3, interval: [1e3, 4e3] }, model)).toBe(
    "2 s [1 s, 4 s]",
  );
});

test("who was measured with fewer candidates than others has a sentence, with what more would cost", () => {
  const of = (scheme: string, numbers: readonly number[]) =>
    sampleModel({
      ...{ scheme, measure: "responseBytes" },
      points: numbers.map((candidates) => ({ candidates, value: 1, fitted: 1 })),
      forecasts: [{ candidates: 3000, foretold: 441e6, interval: [1, 2] }],
    });
  expect(cappedTexts([of("leader", [10, 1000]), of("heir", [10, 3000])])).toEqual([
    "leader: measured with at most 1,000 candidates; with 3,000 the servers would answer 441 MB in each failover (foretold)",
  ]);
  expect(cappedTexts([of("leader", [10, 1000])])).toEqual([]);
});
