/** Reasons to trust the figures less, each kind of warning once. */
import type { TrialResult } from "../export/result.ts";
import { type WarningGroup, warningGroups, warningSentence } from "../export/warning-groups.ts";
import { hanging, type Paint } from "./format.ts";

/**
 * A terminal shows the measurements first: if there are several kinds of warnings, the report says what to do
 * about each.
 */
export function warnings(trials: readonly TrialResult[], paint: Paint, columns: number): string[] {
  const groups = warningGroups(trials);
  const isShort = columns < Infinity && groups.length > 1;
  const lines = groups.map((group) => {
    const text = isShort ? seen(group, trials.length) : warningSentence(group);
    return hanging("!", paint.yellow, text, columns);
  });
  return isShort ? [...lines, paint.dim("The report says what to do about each.")] : lines;
}

function seen({ warning: { type, message }, where, trials }: WarningGroup, all: number): string {
  const text = `${type}: ${message}`;
  if (trials < all) return `${text} (${where})`;
  return all === 1 ? text : `${text} (all trials)`;
}
