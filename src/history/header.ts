/** What was tried. Times in milliseconds. */
export interface TrialHeader {
  /** 1 for the first trial of a run. */
  readonly trial: number;
  readonly scheme: string;
  readonly candidates: number;
  /**
   * What was to strike: a name for the trial's conditions. What follows from it, each strike says (strike.ts).
   */
  readonly fault: string;
  readonly failovers: number;
  /** As asked for: the observations have what the ensemble granted. */
  readonly sessionTimeoutMs: number;
  /** Whether leaders write to a counter all the time, and whether a fence guards it. */
  readonly counter: CounterMode;
}

/** An old leader can only be seen to act where there is something to act on. */
export type CounterMode = "guarded" | "unguarded" | "none";
