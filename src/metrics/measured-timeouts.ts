/**
 * What a saved run adds to the advice on timeouts: how long the election itself takes, and whether the model
 * agrees with the measurement.
 */

import { type Conditions, conditionsOf } from "../history/conditions.ts";
import type { Outcome } from "../history/strike.ts";
import type { Failover } from "./figures.ts";
import { summarise } from "./statistics.ts";
import { crashFailover } from "./timeout-advice.ts";

/** The parts of a saved trial that are used. */
export interface SavedTrial extends Conditions {
  readonly scheme: string;
  readonly expects: Outcome | null;
  readonly failovers: readonly Failover[];
}

export interface MeasuredRow extends Conditions {
  readonly scheme: string;
  readonly tickTimeMs: number;
  /** The number of measured failovers. */
  readonly n: number;
  readonly measuredP99Ms: number;
  /**
   * The model's p99, from the time that the election itself took under the same scheme with as many candidates;
   * `null` if that was not tried, or if there were several servers.
   */
  readonly modelP99Ms: number | null;
  /**
   * The worst case of the model: the measured p99 lies above the model's if leaders fell silent soon after a
   * sign of life.
   */
  readonly modelWorstMs: number | null;
}

/** The time that the election itself takes, without any timer, and how it is known. */
export type Protocol =
  | { readonly type: "assumed"; readonly ms: number }
  /** The p99 of `n` failovers with as many candidates. */
  | { readonly type: "measured"; readonly ms: number; readonly n: number }
  /** Assumed, because the run did not try that many candidates, only these numbers of them. */
  | { readonly type: "not-tried"; readonly ms: number; readonly tried: readonly number[] };

/** The advice is for ZooKeeper's own recipe. */
export const ADVISED_SCHEME = "predecessor";

/** Assumed without measurements: more than any scheme needs, except for a herd of hundreds. */
const ASSUMED_MS = 50;

/** @param trials a saved run's; without them, nothing was measured */
export function protocolOf(trials: readonly SavedTrial[] | undefined, candidates: number): Protocol {
  if (trials === undefined) return { type: "assumed", ms: ASSUMED_MS };
  const servers = Math.min(...trials.map((trial) => trial.servers));
  const totalsWith = (count: number) =>
    untimedTotals(trials, { scheme: ADVISED_SCHEME, candidates: count, servers });
  const totals = totalsWith(candidates);
  const ms = p99Of(totals);
  if (ms !== null) return { type: "measured", ms, n: totals.length };
  const counts = new Set(trials.map((trial) => trial.candidates));
  const tried = [...counts].filter((count) => totalsWith(count).length > 0);
  return { type: "not-tried", ms: ASSUMED_MS, tried: tried.sort((a, b) => a - b) };
}

/** One row for each trial in which leaders fell silent; none if the servers' tick is not known. */
export function measuredRows(trials: readonly SavedTrial[], tickTimeMs: number | null): MeasuredRow[] {
  if (tickTimeMs === null) return [];
  return trials.flatMap((trial) => {
    const totals = totalsOf(trial);
    const measuredP99Ms = p99Of(totals);
    const { scheme, sessionTimeoutMs, expects } = trial;
    if (expects?.leader !== "next" || !expects.silentMs || measuredP99Ms === null) return [];
    // The model is that of one server: a follower passes on what it hears only every half tick.
    const protocolMs = trial.servers === 1 ? p99Of(untimedTotals(trials, trial)) : null;
    const model = protocolMs === null ? null : crashFailover(sessionTimeoutMs, tickTimeMs, protocolMs);
    return {
      ...conditionsOf(trial),
      ...{ scheme, tickTimeMs, n: totals.length, measuredP99Ms },
      modelP99Ms: model?.p99Ms ?? null,
      modelWorstMs: model?.worstMs ?? null,
    };
  });
}

/** Total times of trials in which the contender ended at once: they measure the election itself. */
function untimedTotals(
  trials: readonly SavedTrial[],
  alike: Pick<SavedTrial, "scheme" | "candidates" | "servers">,
): number[] {
  const under = trials.filter(
    ({ scheme, candidates, servers }) =>
      scheme === alike.scheme && candidates === alike.candidates && servers === alike.servers,
  );
  const untimed = under.filter(({ expects }) => expects?.leader === "next" && expects.silentMs === 0);
  return untimed.flatMap(totalsOf);
}

function totalsOf({ failovers }: SavedTrial): number[] {
  return failovers.flatMap(({ end, totalMs }) => (end === "settled" ? (totalMs ?? []) : []));
}

/** Only the interval around the median would need a seed. */
function p99Of(values: readonly number[]): number | null {
  return summarise(values, 0)?.p99 ?? null;
}
