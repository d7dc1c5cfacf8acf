/** What a trial comes to in one row: its failover times and its herd. */
import type { Failover } from "./failover.ts";
import { type Herd, herdOf } from "./herd.ts";
import { outliersOf } from "./outliers.ts";
import { type Statistics, summarise } from "./statistics.ts";

export interface TrialSummary extends Herd {
  /** `null` where nobody new led: because nobody had to, or because nobody did. */
  readonly failoverMs: Statistics | null;
  /** Failovers whose time lies far from the others', by their numbers. They are in all figures. */
  readonly outliers: readonly number[];
}

/** The seed is that of the intervals around the medians. */
export function summariseTrial(failovers: readonly Failover[], seed: number): TrialSummary {
  const timed = failovers.flatMap(({ failover, totalMs }) => (totalMs === null ? [] : { failover, totalMs }));
  const totals = timed.map(({ totalMs }) => totalMs);
  return {
    failoverMs: summarise(totals, seed),
    outliers: outliersOf(totals).flatMap((index) => timed[index]?.failover ?? []),
    ...herdOf(failovers, seed),
  };
}
