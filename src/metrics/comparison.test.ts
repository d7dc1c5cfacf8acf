import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import { FEWEST_VALUES } from "./bootstrap.ts";
import { agreeingPValue, compare, mannWhitney, tooFew, tooFewText } from "./comparison.ts";

/** Standard normal values (Box & Muller), the same for the same seed. */
function normals(seed: number): () => number {
  const random = xoroshiro128plus(seed);
  return () =>
    Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random));
}

const sample = (n: number, draw: () => number) => Array.from({ length: n }, draw);

describe("the rank test", () => {
  test("gives the p-value of the example in scipy's manual", () => {
    // mannwhitneyu([19, 22, 16, 29, 24], [20, 11, 17, 12], method="asymptotic").pvalue
    expect(mannWhitney([19, 22, 16, 29, 24], [20, 11, 17, 12])).toBeCloseTo(0.11134688653314, 6);
  });

  test("corrects for ties", () => {
    // By hand: U = 8, ties of 2, 2, 4, 2 and 2, variance 4.667 × (16 − 84 / 210), z = 2.2854.
    expect(mannWhitney([1, 2, 2, 3, 4, 4, 5], [3, 4, 4, 5, 6, 6, 7, 8])).toBeCloseTo(0.0222873, 6);
  });

  test("is two-sided", () => {
    const [some, others] = [
      [1, 2, 2, 3, 4, 4, 5],
      [3, 4, 4, 5, 6, 6, 7, 8],
    ] as const;
    expect(mannWhitney(some, others)).toBeCloseTo(mannWhitney(others, some), 12);
  });

  test("keeps its digits where hardly anything is left", () => {
    const low = Array.from({ length: 30 }, (_, index) => index);
    const p = mannWhitney(
      low,
      low.map((value) => value + 100),
    );
    expect(p / 3.019859359e-11).toBeCloseTo(1, 4);
  });

  test("shows nothing where all are equal, or mirror each other", () => {
    expect(mannWhitney([2, 2, 2], [2, 2])).toBe(1);
    expect(mannWhitney([1, 4], [2, 3])).toBeCloseTo(1, 6);
  });
});

describe("the comparison", () => {
  test("is the ratio of the medians, and concludes where interval and test agree", () => {
    const baseline = [1.9, 2, 2.1, 2, 1.95, 2.05];
    const slower = baseline.map((value) => 3 * value);
    expect(compare(slower, baseline, 1)).toMatchObject({ ratio: 3, conclusion: "slower" });
    expect(compare(baseline, slower, 1)).toMatchObject({ ratio: 1 / 3, conclusion: "faster" });
    const same = compare(baseline, baseline, 1);
    expect(same).toMatchObject({ ratio: 1, conclusion: "no difference shown" });
    expect(same?.interval[0]).toBeLessThan(1);
    expect(same?.interval[1]).toBeGreaterThan(1);
  });

  test("of constants has an interval without width", () => {
    const [two, six] = [2, 6].map((ms) => Array.from({ length: 6 }, () => ms)) as [number[], number[]];
    expect(compare(six, two, 1)).toMatchObject({ ratio: 3, interval: [3, 3], conclusion: "slower" });
    expect(compare(two, two, 1)).toMatchObject({
      interval: [1, 1],
      pValue: 1,
      conclusion: "no difference shown",
    });
  });

  test("is the same for the same seed", () => {
    const draw = normals(3);
    const [some, others] = [sample(20, () => 10 + draw()), sample(20, () => 10 + draw())];
    expect(compare(some, others, 5)).toEqual(compare(some, others, 5));
    expect(compare(some, others, 5)?.interval).not.toEqual(compare(some, others, 6)?.interval);
  });

  test("there is none with nothing, nor to nothing", () => {
    expect(compare([], [1], 1)).toBeNull();
    expect(compare([1], [], 1)).toBeNull();
    expect(compare([1, 2, 1, 2, 1, 2], [0, 0, 0, 0, 3, 3], 1)).toBeNull();
  });

  test("of samples from one and the same source, 92 of 100 show no difference at the least", () => {
    let none = 0;
    for (let seed = 0; seed < 200; seed++) {
      const draw = normals(seed);
      const logNormal = () => 3 * Math.exp(0.5 * draw());
      const comparison = compare(sample(30, logNormal), sample(30, logNormal), seed);
      if (comparison?.conclusion === "no difference shown") none++;
    }
    expect(none).toBeGreaterThanOrEqual(184);
  });

  test("5 ms more, on 3 ms ± 0.5, are slower every time", () => {
    const conclusions = Array.from({ length: 200 }, (_, seed) => {
      const draw = normals(1000 + seed);
      const some = sample(30, () => 8 + 0.5 * draw());
      return compare(
        some,
        sample(30, () => 3 + 0.5 * draw()),
        seed,
      )?.conclusion;
    });
    expect(new Set(conclusions)).toEqual(new Set(["slower"]));
  });
});

describe("too few values", () => {
  const rising = (n: number, from: number) => Array.from({ length: n }, (_, index) => from + index / 100);

  test("are compared with nothing, however far apart they lie", () => {
    for (const [n, baselineN] of [
      [1, 1],
      [3, 3],
      [5, 30],
      [30, 5],
    ] as const) {
      const [some, others] = [rising(n, 9), rising(baselineN, 1)];
      expect(compare(some, others, 1)).toBeNull();
      expect(tooFew(some, others)).toEqual({ n, baselineN });
    }
    expect(tooFewText({ n: 5, baselineN: 30 })).toBe(
      "5 and 30 failovers are too few to compare, it takes 6 of each",
    );
  });

  test("six are enough", () => {
    expect(compare(rising(6, 9), rising(6, 1), 1)).toMatchObject({ conclusion: "slower" });
    expect(tooFew(rising(6, 9), rising(6, 1))).toBeNull();
  });

  test("five are not: their range holds the median with less than 95 %, as that of six does not", () => {
    // Each value lies above the median with a probability of one half.
    const inRange = (n: number) => 1 - 2 * 0.5 ** n;
    expect(inRange(FEWEST_VALUES - 1)).toBeLessThan(0.95);
    expect(inRange(FEWEST_VALUES)).toBeGreaterThanOrEqual(0.95);
  });

  test("of nothing there are not too few: nobody expects a comparison", () => {
    expect(tooFew([], [1, 2])).toBeNull();
    expect(tooFew([1, 2], [])).toBeNull();
  });
});

describe("no word stands beside a p value that says otherwise", () => {
  /**
   * Half of the values are far off, half about the same: their ranks do not differ except by chance, or hardly.
   */
  const samples = Array.from({ length: 400 }, (_, seed) => {
    const draw = normals(seed);
    const n = 6 + (seed % 5);
    const shift = (seed % 8) / 4;
    return compare(
      sample(n, () => 10 + draw() + shift),
      sample(n, () => 10 + draw()),
      seed,
    );
  }).flatMap((one) => one ?? []);

  test("a difference that is shown has a p below 5 %, and an interval without 1", () => {
    const shown = samples.filter(({ conclusion }) => conclusion !== "no difference shown");
    expect(shown.length).toBeGreaterThan(20);
    for (const one of shown) {
      expect(one.pValue).toBeLessThan(0.05);
      expect(one.interval[0] > 1 || one.interval[1] < 1).toBe(true);
      expect(agreeingPValue(one)).toBe(one.pValue);
    }
  });

  test("where they disagree no difference is shown, and no p that says there is one", () => {
    const [alone, apart] = [
      samples.filter(({ interval: [low, high], pValue }) => low <= 1 && high >= 1 && pValue < 0.05),
      samples.filter(({ interval: [low, high], pValue }) => (low > 1 || high < 1) && pValue >= 0.05),
    ];
    expect([alone.length > 0, apart.length > 0]).toEqual([true, true]);
    for (const one of [...alone, ...apart]) expect(one.conclusion).toBe("no difference shown");
    for (const one of alone) expect(agreeingPValue(one)).toBeNull();
    for (const one of apart) expect(agreeingPValue(one)).toBe(one.pValue);
  });
});

test("the p value of what cannot be told apart is 1, and no more", () => {
  expect(mannWhitney([1, 4], [2, 3])).toBe(1);
});

test("samples that were taken on a machine of changing speed count by what the machine took meanwhile", () => {
  const sample = [2, 2.2, 1.8, 2.1, 1.9, 2.05, 1.95, 2.15, 1.85, 2];
  const twice = sample.map((value) => 2 * value);
  const calibrations = { values: [3, 3.1, 2.9], baseline: [1.5, 1.55, 1.45] };
  expect(compare(twice, sample, 1)?.conclusion).toBe("slower");
  expect(compare(twice, sample, 1, calibrations)).toMatchObject({
    ratio: 1,
    pValue: 1,
    conclusion: "no difference shown",
  });
  // A run that slowed down more than its machine still shows.
  expect(
    compare(
      twice.map((value) => value + 5),
      sample,
      1,
      calibrations,
    )?.conclusion,
  ).toBe("slower");
});

test("calibrations that are not steady widen the interval", () => {
  const sample = Array.from({ length: 30 }, (_, index) => 2 + (index % 7) / 20);
  const steady = { values: [1, 1, 1], baseline: [1, 1, 1] };
  const unsteady = { values: [0.5, 1, 2, 0.7, 1.5], baseline: [1, 1, 1] };
  const width = (interval: readonly number[] | undefined) => (interval?.[1] ?? 0) - (interval?.[0] ?? 0);
  expect(width(compare(sample, sample, 1, unsteady)?.interval)).toBeGreaterThan(
    3 * width(compare(sample, sample, 1, steady)?.interval),
  );
});
