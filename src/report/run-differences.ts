/** Compares runs with the first of them, trial by trial under the same conditions. */

import type { TrialResult } from "../export/result.ts";
import { compareTrials, isAlike } from "../export/run-comparison.ts";
import type { Comparison, TooFew } from "../metrics/comparison.ts";
import type { ReportRun } from "./report-run.ts";

export interface RunDifference {
  readonly run: number;
  readonly trial: TrialResult;
  readonly base: TrialResult;
  /** The machine's time for the same task, here divided by there; `null` if it is not known. */
  readonly machine: number | null;
  readonly comparison: Comparison | TooFew;
}

export function runDifferences([base, ...others]: readonly ReportRun[]): RunDifference[] {
  if (base === undefined) return [];
  return others.flatMap(({ result }, index) =>
    result.trials.flatMap((trial): RunDifference[] => {
      const same = base.result.trials.find((other) => isAlike(other, trial));
      if (same === undefined) return [];
      const { comparison, machine } = compareTrials(trial, same, base.result.run.seed);
      return comparison === null ? [] : [{ run: index + 1, trial, base: same, machine, comparison }];
    }),
  );
}
