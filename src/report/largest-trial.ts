/** The trial that a sentence about a whole run is told of. */
import type { TrialResult } from "../export/result.ts";

/** The first of those with the most candidates that have a figure. */
export function largestOf(trials: readonly TrialResult[]): TrialResult | undefined {
  const told = trials.filter(
    ({ summary }) => summary.failoverMs !== null || summary.notificationsPerFailover !== null,
  );
  const largest = Math.max(...told.map(({ candidates }) => candidates));
  return told.find((trial) => trial.candidates === largest);
}
