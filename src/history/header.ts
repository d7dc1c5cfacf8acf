import type { Conditions } from "./conditions.ts";

/**
 * What was tried, under the requested conditions: each strike records the fault's consequences, and the
 * observations record the session timeout that the ensemble granted.
 */
export interface TrialHeader extends Conditions {
  /** The first trial of a run has number 1. */
  readonly trial: number;
  readonly scheme: string;
  readonly failovers: number;
  /** Whether leaders keep writing to a counter, and whether a fence guards it. */
  readonly counter: CounterMode;
}

/** An old leader can be seen to act only if there is something to act on. */
export type CounterMode = "guarded" | "unguarded" | "none";
