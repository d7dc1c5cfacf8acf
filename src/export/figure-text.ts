/** How figures are written in text that is meant for people: no more digits than they are worth. */

/** Three significant digits, and never more than a hundredth of a millisecond. */
export function milliseconds(ms: number): string {
  // From where on a figure would be rounded up to one digit more.
  if (ms >= 99.95) return ms.toFixed(0);
  return ms >= 9.995 ? ms.toFixed(1) : ms.toFixed(2);
}

/** A count per failover: whole where it is whole, or where a tenth says nothing any more. */
export function count(value: number): string {
  return Number.isInteger(value) || value >= 99.95 ? value.toFixed(0) : value.toFixed(1);
}

/**
 * Finer near 1, where it is about whether there is a difference at all.
 * @param beside the ratio whose digits this one takes, as the ends of an interval do
 */
export function ratio(value: number, beside = value): string {
  if (beside >= 99.5) return value.toFixed(0);
  return beside >= 1.995 ? value.toFixed(1) : value.toFixed(2);
}
