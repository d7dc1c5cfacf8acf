/** Theory beside measurement. */
import { milliseconds } from "../export/figure-text.ts";
import type { TrialResult } from "../export/result.ts";
import { conditionText } from "../history/conditions.ts";
import { wrap } from "./format.ts";

/** How many failovers theory has foreseen, where a timer decides. */
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
