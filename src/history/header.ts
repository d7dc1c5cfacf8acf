import type { Conditions } from "./conditions.ts";

/**
 * What was tried, under the conditions that were asked for: what follows from the fault, each strike says, and
 * what session timeout the ensemble granted, the observations do.
 */
export interface TrialHeader extends Conditions {
  /** 1 for the first trial of a run. */
  readonly trial: number;
  readonly scheme: string;
  readonly failovers: number;
  /** Whether leaders write to a counter all the time, and whether a fence guards it. */
  readonly counter: CounterMode;
}

/** An old leader can only be seen to act where there is something to act on. */
export type CounterMode = "guarded" | "unguarded" | "none";
