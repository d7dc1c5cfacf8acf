/**
 * What a run is to try: lists multiply into trials, and trials that differ in their scheme alone go together.
 */
import { type Scheme, type SchemeName, schemes } from "./election/scheme.ts";
import { type FaultName, faults } from "./faults/fault.ts";
import { ONE_TURN, type TrialPlan, type Turns } from "./trial.ts";

/** A scheme, and where the candidates' threads get it from. */
export interface PlannedScheme {
  readonly scheme: Scheme;
  readonly source: TrialPlan["schemeSource"];
  /** Of a user's own: where it was read. */
  readonly file?: string;
}

/** Schemes of the lab. */
export function ours(...names: readonly SchemeName[]): PlannedScheme[] {
  return names.map((name) => ({ scheme: schemes[name], source: { name } }));
}

/** Values that multiply: a trial for each combination. */
export interface Axes {
  readonly candidates: readonly number[];
  readonly schemes: readonly PlannedScheme[];
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
    .flatMap(({ sessionTimeoutsMs, faults: faultNames, candidates, schemes: planned, failovers }) =>
      sessionTimeoutsMs.flatMap((sessionTimeoutMs) =>
        faultNames.flatMap((fault) =>
          candidates.flatMap((count) =>
            planned.map(({ scheme, source }) => ({
              scheme,
              schemeSource: source,
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
