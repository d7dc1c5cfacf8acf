/** What a trial comes to in one row: its failover times and its herd. */
import type { Failover } from "./failover.ts";
import { type Herd, herdOf } from "./herd.ts";
import { type Statistics, summarise } from "./statistics.ts";

export interface TrialSummary extends Herd {
  /** `null` where nobody new led: because nobody had to, or because nobody did. */
  readonly failoverMs: Statistics | null;
}

/** The seed is that of the interval around the median. */
export function summariseTrial(failovers: readonly Failover[], seed: number): TrialSummary {
  const totals = failovers.flatMap(({ totalMs }) => totalMs ?? []);
  return { failoverMs: summarise(totals, seed), ...herdOf(failovers) };
}
