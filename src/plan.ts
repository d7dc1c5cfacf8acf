/** What a run is to try: lists multiply into trials, and trials that differ in their scheme alone go together. */
import { type SchemeName, schemes } from "./election/scheme.ts";
import { type FaultName, faults } from "./faults/fault.ts";
import { ONE_TURN, type TrialPlan, type Turns } from "./trial.ts";

/** Values that multiply: a trial for each combination. */
export interface Axes {
  readonly candidates: readonly number[];
  readonly schemes: readonly SchemeName[];
  readonly faults: readonly FaultName[];
  readonly sessionTimeoutsMs: readonly number[];
  readonly failovers: number;
}

/** Trials that are to be compared. */
export interface Group {
  readonly trials: readonly TrialPlan[];
  readonly turns: Turns;
}

/** Long enough to be worth the change, short enough that a slow minute does not hit one scheme alone. */
const TURNS: Turns = { failovers: 10, warmUps: 1 };

/** One trial after the other, everything measured. */
export function inARow(axes: Axes): Group[] {
  return numbered([axes]).map((trial) => ({ trials: [trial], turns: ONE_TURN }));
}

/** Schemes take turns under the same conditions, after a warm-up each time. */
export function inTurns(grid: readonly Axes[]): Group[] {
  const groups: { trials: TrialPlan[]; turns: Turns }[] = [];
  for (const trial of numbered(grid)) {
    const last = groups.at(-1);
    const [first] = last?.trials ?? [];
    const together =
      first?.candidates === trial.candidates &&
      first.fault === trial.fault &&
      first.sessionTimeoutMs === trial.sessionTimeoutMs;
    if (together) last?.trials.push(trial);
    else groups.push({ trials: [trial], turns: TURNS });
  }
  return groups;
}

function numbered(grid: readonly Axes[]): TrialPlan[] {
  return grid
    .flatMap(({ sessionTimeoutsMs, faults: faultNames, candidates, schemes: schemeNames, failovers }) =>
      sessionTimeoutsMs.flatMap((sessionTimeoutMs) =>
        faultNames.flatMap((fault) =>
          candidates.flatMap((count) =>
            schemeNames.map((name) => ({
              scheme: schemes[name],
              schemeSource: { name },
              fault: faults[fault],
              candidates: count,
              failovers,
              sessionTimeoutMs,
            })),
          ),
        ),
      ),
    )
    .map((trial, index) => ({ ...trial, trial: index + 1 }));
}
