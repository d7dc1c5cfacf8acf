/**
 * The sum of two independent times, each uniform from 0 up to its own length. Its density is a trapezoid: it
 * rises over the shorter length, stays level, and falls over the shorter length again.
 */

/** The exact quantile; `share` is from 0 to 1. */
export function uniformSumQuantile(oneLength: number, otherLength: number, share: number): number {
  const shorter = Math.min(oneLength, otherLength);
  const longer = Math.max(oneLength, otherLength);
  // The probability of the rise, which is also that of the fall.
  const slope = longer === 0 ? 0 : shorter / (2 * longer);
  if (share < slope) return Math.sqrt(2 * shorter * longer * share);
  if (share <= 1 - slope) return share * longer + shorter / 2;
  return shorter + longer - Math.sqrt(2 * shorter * longer * (1 - share));
}
