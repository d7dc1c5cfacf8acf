/**
 * Two samples of durations compared: the ratio of their medians, with an interval, and a rank test beside it.
 * The test is Mann & Whitney's (1947) in its normal approximation, corrected for ties and for continuity, as
 * scipy's `mannwhitneyu(method="asymptotic")`; with fewer than about eight values a sample it is rough.
 */
import { errorFunction, wilcoxonRankSum } from "simple-statistics";
import { ascending, bootstrapInterval, type Interval, medianSorted } from "./bootstrap.ts";

export interface Comparison {
  /** Median of the sample by the median of the baseline: above 1 the sample is slower. */
  readonly ratio: number;
  /** Where the true ratio lies, with 95 % confidence (bootstrap of both samples). */
  readonly interval: Interval;
  /** Of the two-sided Mann–Whitney test: how often samples from one and the same source differ as much. */
  readonly pValue: number;
  /** By the interval alone: where it spans 1, no difference is shown. */
  readonly conclusion: "slower" | "faster" | "no difference shown";
}

/** What the machine took for one and the same thing while each sample was taken. Neither is empty. */
export interface Pace {
  readonly values: readonly number[];
  readonly baseline: readonly number[];
}

/**
 * `null` where either is empty, or where the baseline's median is nothing to be a multiple of.
 * @param pace for samples that were not taken in turns: each counts by what the machine took meanwhile
 */
export function compare(
  values: readonly number[],
  baseline: readonly number[],
  seed: number,
  pace?: Pace,
): Comparison | null {
  if (values.length === 0 || baseline.length === 0) return null;
  if (medianOf(baseline) <= 0) return null;
  const paces = pace === undefined ? [] : [pace.values, pace.baseline];
  const interval = bootstrapInterval([values, baseline, ...paces], seed, (resamples) =>
    ratioOf(resamples.map(medianSorted)),
  );
  const [by, baselineBy] = pace === undefined ? [1, 1] : [medianOf(pace.values), medianOf(pace.baseline)];
  return {
    ratio: ratioOf([values, baseline, ...paces].map(medianOf)),
    interval,
    pValue: mannWhitney(
      values.map((value) => value / by),
      baseline.map((value) => value / baselineBy),
    ),
    conclusion: concludeFrom(interval),
  };
}

function ratioOf([value = 0, baseline = 0, pace = 1, baselinePace = 1]: readonly number[]): number {
  return value / baseline / (pace / baselinePace);
}

function medianOf(values: readonly number[]): number {
  return medianSorted(ascending(values));
}

function concludeFrom([low, high]: Interval): Comparison["conclusion"] {
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
