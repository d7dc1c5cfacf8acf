/** The outcome of each threshold as text: a line if it holds, and one for each trial in which it was missed. */
import type { ThresholdCheck, ThresholdOutcome } from "../metrics/threshold-check.ts";

export interface ThresholdLine {
  readonly held: boolean;
  readonly text: string;
}

export function thresholdLines(checks: readonly ThresholdCheck[]): ThresholdLine[] {
  return checks.flatMap(({ threshold, held, outcomes }): ThresholdLine[] => {
    if (held) return [{ held, text: holding(threshold, outcomes) }];
    const missed = outcomes.filter((outcome) => !outcome.held).map(({ message }) => message);
    const reasons =
      missed.length > 0 ? missed : [`${threshold} is missed: none of its trials was completed.`];
    return reasons.map((reason) => ({ held, text: reason }));
  });
}

/** Includes the margin. */
function holding(threshold: string, outcomes: readonly ThresholdOutcome[]): string {
  const [first, ...others] = outcomes;
  if (first !== undefined && others.length === 0) return first.message;
  const values = outcomes.flatMap(({ value }) => value ?? []);
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => Number(value.toPrecision(4)));
  return `${threshold} holds in ${outcomes.length} trials: it is ${low === high ? low : `${low} to ${high}`}.`;
}
