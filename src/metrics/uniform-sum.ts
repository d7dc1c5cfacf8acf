/**
 * The sum of two independent times, each of them uniform from 0 up to a length of its own. Its density is a
 * trapezoid: it rises over the shorter length, stays level, and falls over the shorter length again.
 */

/** The exact quantile; `share` is from 0 to 1. */
export function uniformSumQuantile(oneLength: number, otherLength: number, share: number): number {
  const shorter = Math.min(oneLength, otherLength);
  const longer = Math.max(oneLength, otherLength);
  // What the rise holds of the whole, and the fall as well.
  const slope = longer === 0 ? 0 : shorter / (2 * longer);
  if (share < slope) return Math.sqrt(2 * shorter * longer * share);
  if (share <= 1 - slope) return share * longer + shorter / 2;
  return shorter + longer - Math.sqrt(2 * shorter * longer * (1 - share));
}
