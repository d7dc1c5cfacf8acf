/**
 * The herd effect: how many candidates a failover woke, how many lists they asked for, and how long it took
 * until all were quiet again. Counted over complete failovers only, as an interrupted one has not woken all.
 */
import type { Failover } from "./failover.ts";
import { type Statistics, summarise } from "./statistics.ts";

/** Counts are averages over a trial's failovers. All is `null` where none was complete. */
export interface Herd {
  readonly notificationsPerFailover: number | null;
  readonly readsPerFailover: number | null;
  readonly settledMs: Statistics | null;
}

/** The seed is that of the interval around the median. */
export function herdOf(failovers: readonly Failover[], seed: number): Herd {
  const complete = failovers.filter(({ end }) => end === "settled");
  const settled = complete.flatMap(({ settledMs }) => settledMs ?? []);
  return {
    notificationsPerFailover: average(complete.map(({ notifications }) => notifications)),
    readsPerFailover: average(complete.map(({ reads }) => reads)),
    settledMs: summarise(settled, seed),
  };
}

/** Of counts: a sum of whole numbers is exact, so equal counts average to just that count. */
function average(counts: readonly number[]): number | null {
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0) / counts.length;
}
