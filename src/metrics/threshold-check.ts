/** Whether a run kept a threshold: one outcome for each trial, or pair of trials, that it is about. */
import { type Conditions, sameConditions } from "./analysis.ts";
import { concerns, keeps, type Threshold } from "./threshold.ts";
import { figureOf, type ThresholdTrial } from "./threshold-measure.ts";

export interface ThresholdOutcome extends Conditions {
  /** `null` where the trial does not have the figure: then the threshold is missed. */
  readonly value: number | null;
  readonly held: boolean;
  /** One sentence. */
  readonly message: string;
}

export interface ThresholdCheck {
  readonly threshold: Threshold;
  /** In every trial that it is about, of which there was one at least. */
  readonly held: boolean;
  readonly outcomes: readonly ThresholdOutcome[];
}

export function checkThreshold(threshold: Threshold, trials: readonly ThresholdTrial[]): ThresholdCheck {
  const outcomes = trials
    .filter((trial) => trial.scheme === threshold.scheme && concerns(threshold, trial))
    .map((trial) => outcomeOf(threshold, trial, trials));
  return { threshold, held: outcomes.length > 0 && outcomes.every(({ held }) => held), outcomes };
}

function outcomeOf(
  threshold: Threshold,
  trial: ThresholdTrial,
  trials: readonly ThresholdTrial[],
): ThresholdOutcome {
  const { candidates, fault, sessionTimeoutMs } = trial;
  const value = measured(threshold, trial, trials);
  const held = value !== null && keeps(threshold, value);
  const where = `with ${candidates} candidates, ${fault}, a timeout of ${sessionTimeoutMs} ms`;
  const what = value === null ? "the run has no such figure" : `it is ${Number(value.toPrecision(4))}`;
  const message = `${threshold.text} ${held ? "holds" : "is missed"} ${where}: ${what}.`;
  return { candidates, fault, sessionTimeoutMs, value, held, message };
}

/** `null` as well for a ratio to nothing. */
function measured(
  { divisor, measure }: Threshold,
  trial: ThresholdTrial,
  trials: readonly ThresholdTrial[],
): number | null {
  const figure = figureOf(measure, trial);
  if (divisor === null || figure === null) return figure;
  const counterpart = trials.find((other) => other.scheme === divisor && sameConditions(trial, other));
  const unit = counterpart === undefined ? null : figureOf(measure, counterpart);
  return unit === null || unit === 0 ? null : figure / unit;
}
