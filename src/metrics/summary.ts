/** What a trial comes to in one row: its failover times, its herd, and its old leaders. */
import type { Failover } from "./failover.ts";
import { type Herd, herdOf } from "./herd.ts";
import type { StaleWrites } from "./old-leader.ts";
import { outliersOf } from "./outliers.ts";
import { type Statistics, summarise } from "./statistics.ts";

export interface TrialSummary extends Herd {
  /** `null` where nobody new led: because nobody had to, or because nobody did. */
  readonly failoverMs: Statistics | null;
  /** Failovers whose time lies far from the others', by their numbers. They are in all figures. */
  readonly outliers: readonly number[];
  /** Of the failovers in which they are known. */
  readonly overlapMs: Statistics | null;
  readonly unsafeMs: Statistics | null;
  /** Of all failovers together; `null` where there was no counter. */
  readonly staleWrites: StaleWrites | null;
}

/** The seed is that of the intervals around the medians. */
export function summariseTrial(failovers: readonly Failover[], seed: number): TrialSummary {
  const timed = failovers.flatMap(({ failover, totalMs }) => (totalMs === null ? [] : { failover, totalMs }));
  const totals = timed.map(({ totalMs }) => totalMs);
  return {
    failoverMs: summarise(totals, seed),
    outliers: outliersOf(totals).flatMap((index) => timed[index]?.failover ?? []),
    ...herdOf(failovers, seed),
    overlapMs: summarise(
      failovers.flatMap(({ overlapMs }) => overlapMs ?? []),
      seed,
    ),
    unsafeMs: summarise(
      failovers.flatMap(({ unsafeMs }) => unsafeMs ?? []),
      seed,
    ),
    staleWrites: sumOf(failovers.flatMap(({ staleWrites }) => staleWrites ?? [])),
  };
}

function sumOf(counts: readonly StaleWrites[]): StaleWrites | null {
  if (counts.length === 0) return null;
  return {
    attempted: counts.reduce((sum, { attempted }) => sum + attempted, 0),
    accepted: counts.reduce((sum, { accepted }) => sum + accepted, 0),
  };
}
