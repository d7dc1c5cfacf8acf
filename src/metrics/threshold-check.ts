/** Checks whether a run kept a threshold: one outcome for each trial, or pair of trials, that it applies to. */

import { conditionShapes, conditionsOf, conditionText, sameConditions } from "../history/conditions.ts";
import { list, nullable, number, type Of, object, text, truth } from "../shape.ts";
import { tooFew, tooFewText } from "./comparison.ts";
import { concerns, keeps, type Threshold } from "./threshold.ts";
import { figureOf, type ThresholdTrial, timesOf } from "./threshold-measure.ts";

const thresholdOutcome = object({
  ...conditionShapes,
  value: nullable(
    number(),
    "`null` if the trial does not have the figure, or two have too few to compare: then the threshold is not held.",
  ),
  held: truth(),
  message: text("One sentence."),
});

export type ThresholdOutcome = Of<typeof thresholdOutcome>;

export const thresholdCheck = object({
  threshold: text("As given with `--ensure`."),
  held: truth("Held in every trial that it applies to, of which there was at least one."),
  outcomes: list(thresholdOutcome, "One for each trial that it applies to."),
});

export type ThresholdCheck = Of<typeof thresholdCheck>;

export function checkThreshold(threshold: Threshold, trials: readonly ThresholdTrial[]): ThresholdCheck {
  const outcomes = trials
    .filter((trial) => trial.scheme === threshold.scheme && concerns(threshold, trial))
    .map((trial) => outcomeOf(threshold, trial, trials));
  return {
    threshold: threshold.text,
    held: outcomes.length > 0 && outcomes.every(({ held }) => held),
    outcomes,
  };
}

function outcomeOf(
  threshold: Threshold,
  trial: ThresholdTrial,
  trials: readonly ThresholdTrial[],
): ThresholdOutcome {
  const { value, what } = measured(threshold, trial, trials);
  const held = value !== null && keeps(threshold, value);
  const verb = held ? "holds" : what.type === "undecided" ? "cannot be decided" : "is missed";
  const message = `${threshold.text} ${verb} with ${conditionText(trial)}: ${what.text}.`;
  return { ...conditionsOf(trial), value, held, message };
}

interface Measured {
  /** Also `null` for a ratio to zero, and for one with too few failovers. */
  readonly value: number | null;
  readonly what: { readonly type: "figure" | "undecided"; readonly text: string };
}

function measured(
  { divisor, measure }: Threshold,
  trial: ThresholdTrial,
  trials: readonly ThresholdTrial[],
): Measured {
  const counterpart =
    divisor === null
      ? undefined
      : trials.find((other) => other.scheme === divisor && sameConditions(trial, other));
  const few = counterpart && tooFew(timesOf(measure, trial) ?? [], timesOf(measure, counterpart) ?? []);
  if (few) return { value: null, what: { type: "undecided", text: tooFewText(few) } };
  const figure = figureOf(measure, trial);
  const unit = counterpart === undefined ? null : figureOf(measure, counterpart);
  const value = divisor === null ? figure : figure === null || !unit ? null : figure / unit;
  const text = value === null ? "the run has no such figure" : `it is ${Number(value.toPrecision(4))}`;
  return { value, what: { type: "figure", text } };
}
