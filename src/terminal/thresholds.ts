/** Formats the outcome of each threshold. */
import type { ThresholdCheck, ThresholdOutcome } from "../metrics/threshold-check.ts";
import { hanging, type Paint } from "./format.ts";

/** A line for each threshold that holds, and one for each trial in which one was missed. */
export function thresholdsText(
  checks: readonly ThresholdCheck[],
  paint: Paint,
  columns = Infinity,
): string[] {
  return checks.flatMap(({ threshold: { text }, held, outcomes }) => {
    if (held) return hanging("✓", paint.green, holding(text, outcomes), columns);
    const missed = outcomes.filter((outcome) => !outcome.held).map(({ message }) => message);
    const reasons = missed.length > 0 ? missed : [`${text} is missed: none of its trials was completed.`];
    return reasons.map((reason) => hanging("✗", paint.red, reason, columns));
  });
}

/** Includes the margin. */
function holding(text: string, outcomes: readonly ThresholdOutcome[]): string {
  const [first, ...others] = outcomes;
  if (first !== undefined && others.length === 0) return first.message;
  const values = outcomes.flatMap(({ value }) => value ?? []);
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => Number(value.toPrecision(4)));
  return `${text} holds in ${outcomes.length} trials: it is ${low === high ? low : `${low} to ${high}`}.`;
}
