/** Shows how far to trust the figures: theory beside measurement, and each kind of warning once. */
import { milliseconds } from "../export/figures.ts";
import type { TrialResult } from "../export/result.ts";
import { type WarningGroup, warningGroups, warningSentence } from "../export/warning-groups.ts";
import { conditionText } from "../metrics/conditions.ts";
import { hanging, type Paint, wrap } from "./format.ts";

/** For faults that a timer decides: how many failovers theory predicted. */
export function predictions(trials: readonly TrialResult[], columns: number): string[] {
  return trials.flatMap((trial) => {
    const { prediction } = trial;
    if (prediction === null || prediction.failoverMs.low === 0) return [];
    if (prediction.inside + prediction.outside.length === 0) return [];
    const { failoverMs, inside, outside } = prediction;
    const band = `${milliseconds(failoverMs.low)}–${milliseconds(failoverMs.high)} ms`;
    const share = `${inside} of ${inside + outside.length} failovers inside`;
    return wrap(`Theory for ${trial.scheme}, ${conditionText(trial)}: ${band}; ${share}.`, columns);
  });
}

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
