/**
 * How a figure grows with the number of candidates: a straight line on log-log axes, fitted to the medians by
 * least squares. Its slope is the power of N that the figure follows.
 */
import { linearRegression } from "simple-statistics";
import { interval, number, type Of, object } from "../shape.ts";
import { ascending, bootstrapInterval, FEWEST_VALUES, medianSorted } from "./bootstrap.ts";

export const growth = object({
  exponent: number(
    "The figure grows like the number of candidates to this power: 0 is no growth, 1 is linear.",
  ),
  /**
   * The interval that contains the true exponent with 95 % confidence (bootstrap within each number of
   * candidates).
   */
  interval,
  factor: number("The line itself: figure = factor × candidates ^ exponent."),
});

export type Growth = Of<typeof growth>;

/** The measurements with this many candidates. */
export interface GrowthPoint {
  readonly candidates: number;
  readonly values: readonly number[];
}

/** Any two points lie on a line: only a third one can contradict it. */
const FEWEST_POINTS = 3;

/**
 * `null` with fewer than three different numbers of candidates, and if a median is not positive: then it has no
 * logarithm. Points with too few values for an interval are left out.
 */
export function fitGrowth(points: readonly GrowthPoint[], seed: number): Growth | null {
  const known = points.filter(({ values }) => values.length >= FEWEST_VALUES);
  if (new Set(known.map(({ candidates }) => candidates)).size < FEWEST_POINTS) return null;
  const lineThrough = (samples: readonly number[][]) =>
    linearRegression(
      known.map(({ candidates }, index) => [
        Math.log(candidates),
        Math.log(medianSorted(samples[index] ?? [])),
      ]),
    );
  const line = lineThrough(known.map(({ values }) => ascending(values)));
  if (!Number.isFinite(line.m)) return null;
  const range = bootstrapInterval(
    known.map(({ values }) => values),
    seed,
    (resamples) => lineThrough(resamples).m,
  );
  return { exponent: line.m, interval: range, factor: Math.exp(line.b) };
}
