/**
 * How a figure grows with the number of candidates: a straight line on log-log axes, fitted to the medians by
 * least squares. Its slope is the power of N that the figure follows.
 */
import { linearRegression, mean } from "simple-statistics";
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

/**
 * The quantile of Student's t distribution that 97.5 % lie below, by degrees of freedom from 1; it approaches
 * the normal one.
 */
const T_QUANTILES = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];
const NORMAL_QUANTILE = 1.96;

/**
 * The power of N that single values follow, with the interval that contains it with 95 % confidence if a power
 * is what they follow: a bend makes it wide. `null` with fewer than three points, or if one is not positive.
 */
export function fitExponent(
  points: readonly { readonly candidates: number; readonly value: number }[],
): Pick<Growth, "exponent" | "interval"> | null {
  if (points.length < FEWEST_POINTS || points.some(({ value }) => value <= 0)) return null;
  const logs = points.map(({ candidates, value }): [number, number] => [
    Math.log(candidates),
    Math.log(value),
  ]);
  const { m: exponent, b } = linearRegression(logs);
  const middle = mean(logs.map(([x]) => x));
  const spread = logs.reduce((sum, [x]) => sum + (x - middle) ** 2, 0);
  const misfit = logs.reduce((sum, [x, y]) => sum + (y - b - exponent * x) ** 2, 0);
  const freedom = logs.length - 2;
  const half = (T_QUANTILES[freedom - 1] ?? NORMAL_QUANTILE) * Math.sqrt(misfit / freedom / spread);
  return { exponent, interval: [exponent - half, exponent + half] };
}
