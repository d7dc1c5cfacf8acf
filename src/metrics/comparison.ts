/**
 * Compares two samples of durations: the ratio of their medians, with an interval, and a rank test. A
 * difference is shown only if both show it, and samples with too few values are not compared at all
 * (bootstrap.ts). The test is Mann & Whitney's (1947) in its normal approximation, corrected for ties and for
 * continuity, like scipy's `mannwhitneyu(method="asymptotic")`; with fewer than about eight values per sample
 * it is rough.
 */
import { errorFunction, wilcoxonRankSum } from "simple-statistics";
import { interval, type Of, object, oneOf, positive, whole } from "../shape.ts";
import { ascending, bootstrapInterval, FEWEST_VALUES, type Interval, medianSorted } from "./bootstrap.ts";

export const comparison = object({
  ratio: positive("The median of the sample divided by that of the baseline: above 1 the sample is slower."),
  /** The interval that contains the true ratio with 95 % confidence (bootstrap of both samples). */
  interval,
  pValue: positive(
    "From the two-sided Mann–Whitney test: how often samples from the same source differ as much.",
  ),
  /** A difference is shown if the interval excludes 1 and the test's p-value is below 5 %. */
  conclusion: oneOf(["slower", "faster", "no difference shown"]),
});

export type Comparison = Of<typeof comparison>;

/** Two samples that are not compared: each has at least one value, and one has too few. */
export const fewValues = object({ n: whole(1), baselineN: whole(1) });

export type TooFew = Of<typeof fewValues>;

/** `null` if there are enough, or if one sample is empty: then there is nothing to compare. */
export function tooFew(values: readonly number[], baseline: readonly number[]): TooFew | null {
  const [fewest = 0] = ascending([values.length, baseline.length]);
  if (fewest === 0 || fewest >= FEWEST_VALUES) return null;
  return { n: values.length, baselineN: baseline.length };
}

export function isCompared(one: Comparison | TooFew): one is Comparison {
  return "conclusion" in one;
}

/** The end of a sentence. */
export function tooFewText({ n, baselineN }: TooFew): string {
  return `${n} and ${baselineN} failovers are too few to compare, it takes ${FEWEST_VALUES} of each`;
}

/** The time that the machine needed for one fixed task while each sample was taken. Neither is empty. */
export interface Calibrations {
  readonly values: readonly number[];
  readonly baseline: readonly number[];
}

/**
 * `null` if either has too few values, or if the baseline's median is zero.
 * @param calibrations for samples that were not taken in turns: each is scaled by the machine's time meanwhile
 */
export function compare(
  values: readonly number[],
  baseline: readonly number[],
  seed: number,
  calibrations?: Calibrations,
): Comparison | null {
  if (Math.min(values.length, baseline.length) < FEWEST_VALUES) return null;
  if (medianOf(baseline) <= 0) return null;
  const pair = calibrations === undefined ? [] : [calibrations.values, calibrations.baseline];
  const range = bootstrapInterval([values, baseline, ...pair], seed, (resamples) =>
    ratioOf(resamples.map(medianSorted)),
  );
  const [by, baselineBy] =
    calibrations === undefined ? [1, 1] : [medianOf(calibrations.values), medianOf(calibrations.baseline)];
  const pValue = mannWhitney(
    values.map((value) => value / by),
    baseline.map((value) => value / baselineBy),
  );
  return {
    ratio: ratioOf([values, baseline, ...pair].map(medianOf)),
    interval: range,
    pValue,
    conclusion: concludeFrom(range, pValue),
  };
}

function ratioOf([value = 0, baseline = 0, took = 1, baselineTook = 1]: readonly number[]): number {
  return value / baseline / (took / baselineTook);
}

function medianOf(values: readonly number[]): number {
  return medianSorted(ascending(values));
}

/**
 * The p-value if it agrees with the conclusion. If the interval contains 1 but the test alone would see a
 * difference, this is `null`, so that nobody reads one beside the other.
 */
export function agreeingPValue({ pValue, conclusion }: Comparison): number | null {
  return conclusion === "no difference shown" && pValue < SIGNIFICANT ? null : pValue;
}

const SIGNIFICANT = 0.05;

function concludeFrom([low, high]: Interval, pValue: number): Comparison["conclusion"] {
  if (pValue >= SIGNIFICANT) return "no difference shown";
  if (low > 1) return "slower";
  return high < 1 ? "faster" : "no difference shown";
}

/** The two-sided p-value. Neither sample is empty. */
export function mannWhitney(some: readonly number[], others: readonly number[]): number {
  const n = some.length + others.length;
  const pairs = some.length * others.length;
  const u = wilcoxonRankSum([...some], [...others]) - (some.length * (some.length + 1)) / 2;
  const ties = tiesOf([...some, ...others]).reduce((sum, tied) => sum + tied ** 3 - tied, 0);
  const variance = (pairs / 12) * (n + 1 - ties / (n * (n - 1)));
  // All values are equal.
  if (variance <= 0) return 1;
  const z = Math.max(0, Math.abs(u - pairs / 2) - 0.5) / Math.sqrt(variance);
  // The error function is an approximation, a billionth below 0 at 0.
  return Math.min(1, 1 - errorFunction(z / Math.SQRT2));
}

/** How often each value occurs. */
function tiesOf(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()];
}
