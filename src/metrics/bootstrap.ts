/**
 * The percentile bootstrap (Efron 1979): how far a figure would stray if the samples had come out otherwise is
 * seen by drawing them anew from themselves, with replacement. The seed is the run's, so that an interval can
 * be had again to its last digit.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { quantileSorted } from "simple-statistics";

const RESAMPLES = 1000;
const CONFIDENCE = 0.95;

/**
 * Of fewer values nothing is said with that confidence. The median lies between the smallest and the largest of
 * n values with a probability of 1 − 2^(1 − n): of five that is 94 %, so that not even their whole range is
 * enough. Two samples of six are also enough for a rank test to speak, whose smallest p is 2 in 924 then; of
 * three it is 1 in 10.
 */
export const FEWEST_VALUES = 6;

export type Interval = readonly [low: number, high: number];

/** Gets a resample of each sample, in their order; each is sorted. */
export type Figure = (resamples: readonly number[][]) => number;

/**
 * Where the figure lies with 95 % confidence. The order of the values within a sample
 * does not matter. Resamples of which the figure is not finite are left out, as are a
 * ratio to nothing and a logarithm of nothing.
 * @param samples none of them empty
 */
export function bootstrapInterval(
  samples: readonly (readonly number[])[],
  seed: number,
  figure: Figure,
): Interval {
  const random = xoroshiro128plus(seed);
  const originals = samples.map(ascending);
  const figures = Array.from({ length: RESAMPLES }, () =>
    figure(
      originals.map((values) =>
        ascending(values.map(() => values[uniformInt(random, 0, values.length - 1)] ?? Number.NaN)),
      ),
    ),
  );
  const sorted = ascending(figures.filter(Number.isFinite));
  const tail = (1 - CONFIDENCE) / 2;
  return [quantileSorted(sorted, tail), quantileSorted(sorted, 1 - tail)];
}

/** Sorted by size, as a copy. */
export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** Of values that are sorted already. */
export function medianSorted(sorted: number[]): number {
  return quantileSorted(sorted, 0.5);
}
