/**
 * What a saved run says to a plan: what the election itself takes, and whether the model meets the measurement.
 */
import type { Conditions } from "./analysis.ts";
import type { Failover } from "./failover.ts";
import { crashFailover } from "./planner.ts";
import { summarise } from "./statistics.ts";

/** What is looked at of a saved trial. */
export interface SavedTrial extends Conditions {
  readonly scheme: string;
  readonly failovers: readonly Failover[];
}

export interface MeasuredRow extends Conditions {
  readonly scheme: string;
  readonly tickTimeMs: number;
  /** Measured failovers. */
  readonly n: number;
  readonly measuredP99Ms: number;
  readonly modelP99Ms: number;
  /**
   * By the model: the measured p99 lies above the model's where leaders fell silent soon after a sign of life.
   */
  readonly modelWorstMs: number;
}

/** These end the contender at once: what is measured is the election itself. */
const faultsWithoutTimer: readonly string[] = ["resign", "close", "expire"];

/**
 * The p99 of the recipe's own scheme, with the number of candidates that is
 * nearest; `null` where none was tried.
 */
export function measuredProtocolMs(trials: readonly SavedTrial[], candidates: number): number | null {
  const usable = trials.filter(
    (trial) =>
      trial.scheme === "predecessor" &&
      faultsWithoutTimer.includes(trial.fault) &&
      totalsOf(trial).length > 0,
  );
  const distanceOf = (trial: SavedTrial) => Math.abs(trial.candidates - candidates);
  const nearest = Math.min(...usable.map(distanceOf));
  const totals = usable.filter((trial) => distanceOf(trial) === nearest).flatMap(totalsOf);
  return p99Of(totals);
}

/** One for each trial of the fault `freeze`; none where the servers' tick is not known. */
export function measuredRows(
  trials: readonly SavedTrial[],
  { tickTimeMs, protocolMs }: { readonly tickTimeMs: number | null; readonly protocolMs: number },
): MeasuredRow[] {
  if (tickTimeMs === null) return [];
  return trials.flatMap((trial) => {
    const totals = totalsOf(trial);
    const measuredP99Ms = p99Of(totals);
    if (trial.fault !== "freeze" || measuredP99Ms === null) return [];
    const { scheme, candidates, fault, sessionTimeoutMs } = trial;
    const model = crashFailover(sessionTimeoutMs, tickTimeMs, protocolMs);
    return {
      ...{ scheme, candidates, fault, sessionTimeoutMs, tickTimeMs, n: totals.length, measuredP99Ms },
      modelP99Ms: model.p99Ms,
      modelWorstMs: model.worstMs,
    };
  });
}

function totalsOf({ failovers }: SavedTrial): number[] {
  return failovers.flatMap(({ end, totalMs }) => (end === "settled" ? (totalMs ?? []) : []));
}

/** Only the interval around the median would need a seed. */
function p99Of(values: readonly number[]): number | null {
  return summarise(values, 0)?.p99 ?? null;
}
