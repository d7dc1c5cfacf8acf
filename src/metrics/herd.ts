/**
 * The herd effect: how many candidates a failover woke, how many lists they asked for, and how long it took
 * until all were quiet again. Counted over complete failovers only, as an interrupted one has not woken all.
 */
import { quantile } from "simple-statistics";
import type { Failover } from "./failover.ts";

/** Averages over a trial's failovers; `null` where none was complete. */
export interface Herd {
  readonly notificationsPerFailover: number | null;
  readonly readsPerFailover: number | null;
  readonly settledMs: { readonly p50: number } | null;
}

export function herdOf(failovers: readonly Failover[]): Herd {
  const complete = failovers.filter(({ end }) => end === "settled");
  const settled = complete.flatMap(({ settledMs }) => settledMs ?? []);
  return {
    notificationsPerFailover: average(complete.map(({ notifications }) => notifications)),
    readsPerFailover: average(complete.map(({ reads }) => reads)),
    settledMs: settled.length === 0 ? null : { p50: quantile(settled, 0.5) },
  };
}

/** Of counts: a sum of whole numbers is exact, so equal counts average to just that count. */
function average(counts: readonly number[]): number | null {
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0) / counts.length;
}
