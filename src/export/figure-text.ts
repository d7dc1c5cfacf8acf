/** Formats figures in text for people: with no more digits than are meaningful. */

/** Three significant digits, and never finer than a hundredth of a millisecond. */
export function milliseconds(ms: number): string {
  // From here on a figure would be rounded up to one digit more.
  if (ms >= 99.95) return ms.toFixed(0);
  return ms >= 9.995 ? ms.toFixed(1) : ms.toFixed(2);
}

/** A count per failover: without decimals if it is whole, or so large that a tenth does not matter. */
export function count(value: number): string {
  return Number.isInteger(value) || value >= 99.95 ? value.toFixed(0) : value.toFixed(1);
}

/**
 * Finer near 1, where the question is whether there is a difference at all.
 * @param beside the ratio whose digits this one uses, as for the ends of an interval
 */
export function ratio(value: number, beside = value): string {
  if (beside >= 99.5) return value.toFixed(0);
  return beside >= 1.995 ? value.toFixed(1) : value.toFixed(2);
}
