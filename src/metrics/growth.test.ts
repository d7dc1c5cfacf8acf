import { expect, test } from "vitest";
import { fitExponent, fitGrowth } from "./growth.ts";

/** Enough for an interval. */
const six = (value: number) => Array.from({ length: 6 }, () => value);

const points = (figure: (candidates: number) => number[]) =>
  [10, 50, 100, 200].map((candidates) => ({ candidates, values: figure(candidates) }));

test.each([
  ["not at all", 0, 7],
  ["in proportion", 1, 0.4],
  ["like the square", 2, 49],
  ["like the root", 0.5, 3],
])("finds the power and the factor of what grows %s", (_name, power, factor) => {
  const growth = fitGrowth(
    points((candidates) => six(factor * candidates ** power)),
    1,
  );
  expect(growth?.exponent).toBeCloseTo(power, 12);
  expect(growth?.factor).toBeCloseTo(factor, 10);
  expect(growth?.interval[0]).toBeCloseTo(power, 12);
  expect(growth?.interval[1]).toBeCloseTo(power, 12);
});

test("goes through the medians, by least squares", () => {
  // Medians 2, 4, 16 at 1, 2, 4: in powers of two, 1, 2, 4 at 0, 1, 2. Slope 3 / 2, height 5 / 6.
  const values = [
    { candidates: 1, values: [2, 1, 1, 900, 1, 900, 2] },
    { candidates: 2, values: six(4) },
    { candidates: 4, values: [15, 17, 15, 17, 15, 17] },
  ];
  const growth = fitGrowth(values, 1);
  expect(growth?.exponent).toBeCloseTo(1.5, 12);
  expect(growth?.factor).toBeCloseTo(2 ** (5 / 6), 12);
});

test("the interval holds the power, is wider for wider samples, and the same for the same seed", () => {
  const scattered = (spread: number) =>
    points((candidates) =>
      [-2, -1, 0, 1, 2, -2, -1, 0, 1, 2].map((step) => candidates * Math.exp(spread * step)),
    );
  const [narrow, wide] = [fitGrowth(scattered(0.05), 1), fitGrowth(scattered(0.3), 1)];
  const width = ([low, high]: readonly [number, number] = [0, 0]) => high - low;
  expect(width(wide?.interval)).toBeGreaterThan(3 * width(narrow?.interval));
  expect(narrow?.interval[0]).toBeLessThan(1);
  expect(narrow?.interval[1]).toBeGreaterThan(1);
  expect(fitGrowth(scattered(0.3), 1)).toEqual(wide);
});

test("says nothing of fewer than three numbers of candidates", () => {
  const [ten, fifty, hundred] = points(six);
  if (ten === undefined || fifty === undefined || hundred === undefined) throw new Error("there are four");
  expect(fitGrowth([ten, fifty], 1)).toBeNull();
  expect(fitGrowth([ten, fifty, fifty], 1)).toBeNull();
  expect(fitGrowth([ten, fifty, hundred], 1)).not.toBeNull();
  // With fewer values the interval of the exponent would have no width, and so false certainty.
  for (const values of [[], six(100).slice(1)])
    expect(fitGrowth([ten, fifty, { ...hundred, values }], 1)).toBeNull();
  expect(fitGrowth([], 1)).toBeNull();
});

test("says nothing where a median is not positive", () => {
  expect(
    fitGrowth(
      points((candidates) => (candidates === 50 ? [0, 0, 0, 0, 1, 1] : six(1))),
      1,
    ),
  ).toBeNull();
});

test("single values have an exponent whose interval widens where they bend", () => {
  const exact = [10, 30, 100, 300].map((candidates) => ({ candidates, value: 3 * candidates ** 2 }));
  expect(fitExponent(exact)?.exponent).toBeCloseTo(2, 10);
  expect(fitExponent(exact)?.interval[1]).toBeCloseTo(2, 5);
  // By hand: logs 0, 1, 2 and 0, 1, 3 have slope 3 / 2, squares of errors 1 / 6, and t(1) = 12.706.
  const bent = [0, 1, 3].map((log, index) => ({ candidates: Math.E ** index, value: Math.E ** log }));
  const { exponent, interval } = fitExponent(bent) ?? { exponent: 0, interval: [0, 0] };
  expect(exponent).toBeCloseTo(1.5, 10);
  expect(interval[1] - exponent).toBeCloseTo(12.706 * Math.sqrt(1 / 6 / 2), 3);
  expect(fitExponent(exact.slice(0, 2))).toBeNull();
  expect(fitExponent([...exact, { candidates: 5, value: 0 }])).toBeNull();
});
