/**
 * What is said of a sample of durations. Quantiles interpolate linearly between the two nearest values, so the
 * p99 of a small sample lies near its maximum; `n` stands beside it for that reason.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { quantileSorted } from "simple-statistics";

const RESAMPLES = 1000;
const CONFIDENCE = 0.95;

export interface Statistics {
  readonly n: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
  /** Where the true median lies, with 95 % confidence. */
  readonly p50Interval: readonly [low: number, high: number];
}

/** The same values and seed give the same statistics; no values give none. */
export function summarise(values: readonly number[], seed: number): Statistics | null {
  const sorted = [...values].sort((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return null;
  return {
    n: sorted.length,
    min,
    p50: quantileSorted(sorted, 0.5),
    p90: quantileSorted(sorted, 0.9),
    p99: quantileSorted(sorted, 0.99),
    max,
    p50Interval: medianInterval(sorted, seed),
  };
}

/** Percentile bootstrap: the medians of samples drawn from the sample, with replacement. */
function medianInterval(sorted: number[], seed: number): [low: number, high: number] {
  const random = xoroshiro128plus(seed);
  const medians = Array.from({ length: RESAMPLES }, () => {
    const sample = sorted.map(() => sorted[uniformInt(random, 0, sorted.length - 1)] ?? Number.NaN);
    return quantileSorted(
      sample.sort((a, b) => a - b),
      0.5,
    );
  }).sort((a, b) => a - b);
  const tail = (1 - CONFIDENCE) / 2;
  return [quantileSorted(medians, tail), quantileSorted(medians, 1 - tail)];
}
