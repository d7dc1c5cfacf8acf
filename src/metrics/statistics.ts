/**
 * Statistics of a sample of durations. Quantiles interpolate linearly between the two nearest values, so the
 * p99 of a small sample is close to its maximum; that is why `n` stands beside it.
 */
import { medianAbsoluteDeviation, quantileSorted } from "simple-statistics";
import { interval, type Of, object, positive, whole } from "../shape.ts";
import { ascending, bootstrapInterval, FEWEST_VALUES, type Interval, medianSorted } from "./bootstrap.ts";

export const statistics = object({
  n: whole(1),
  min: positive(),
  p50: positive(),
  p90: positive(),
  p99: positive(),
  max: positive(),
  mad: positive("Median absolute deviation from the median: the spread that outliers do not move."),
  /**
   * The interval that contains the true median with 95 % confidence; with few values less, see {@link
   * medianInterval}.
   */
  p50Interval: interval,
});

export type Statistics = Of<typeof statistics>;

/** `null` if there are too few values for 95 % confidence. */
export function medianInterval({ n, p50Interval }: Statistics): Interval | null {
  return n < FEWEST_VALUES ? null : p50Interval;
}

/** The same values and seed give the same statistics; no values give none. */
export function summarise(values: readonly number[], seed: number): Statistics | null {
  const sorted = ascending(values);
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return null;
  return {
    n: sorted.length,
    min,
    p50: medianSorted(sorted),
    p90: quantileSorted(sorted, 0.9),
    p99: quantileSorted(sorted, 0.99),
    max,
    mad: medianAbsoluteDeviation(sorted),
    p50Interval: bootstrapInterval([sorted], seed, ([resample = []]) => medianSorted(resample)),
  };
}
