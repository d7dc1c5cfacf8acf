/** What became of each threshold, as a person reads it. */
import type { ThresholdCheck } from "../metrics/threshold-check.ts";
import { type Paint, wrap } from "./format.ts";

/** A line for each that holds, and one for each trial in which it was missed. */
export function thresholdsText(
  checks: readonly ThresholdCheck[],
  paint: Paint,
  columns = Infinity,
): string[] {
  return checks.flatMap(({ threshold: { text }, held, outcomes }) => {
    if (held) return `${paint.green("✓")} ${text} holds.`;
    const missed = outcomes.filter((outcome) => !outcome.held).map(({ message }) => message);
    const reasons =
      missed.length > 0 ? missed : [`${text} is missed: no trial that it is about came to its end.`];
    return reasons.map((reason) => wrap(`${paint.red("✗")} ${reason}`, columns));
  });
}
