/**
 * Finds values that are far from the others, by the modified z-score (Iglewicz & Hoaglin 1993, "How to Detect
 * and Handle Outliers"): distances from the median count in units of the median absolute deviation (MAD), which
 * the outliers themselves do not move. hyperfine uses it too.
 */
import { mean, median, medianAbsoluteDeviation } from "simple-statistics";

/** Their limit: a value beyond it is labelled as a potential outlier. */
const LIMIT = 3.5;
/** The normal distribution's 0.75 quantile: it turns the MAD into an estimate of the standard deviation. */
const MAD_FACTOR = 0.6745;
/** √(π/2), which does the same for the mean absolute deviation. */
const MEAN_DEVIATION_FACTOR = 1.253314;

/** The indexes of outliers, in order. */
export function outliersOf(values: readonly number[]): number[] {
  if (values.length === 0) return [];
  const middle = median([...values]);
  const deviations = values.map((value) => Math.abs(value - middle));
  const unit = unitOf([...values], deviations);
  // All are equal.
  if (unit === 0) return [];
  return deviations.flatMap((deviation, index) => (deviation / unit > LIMIT ? index : []));
}

/** If more than half of the values are equal, the MAD is 0 and the mean absolute deviation replaces it. */
function unitOf(values: number[], deviations: number[]): number {
  const mad = medianAbsoluteDeviation(values);
  return mad > 0 ? mad / MAD_FACTOR : MEAN_DEVIATION_FACTOR * mean(deviations);
}
