/** What was tried. Times in milliseconds. */
export interface TrialHeader {
  /** 1 for the first trial of a run. */
  readonly trial: number;
  readonly scheme: string;
  readonly candidates: number;
  readonly fault: string;
  readonly failovers: number;
  /** As asked for: the observations have what the ensemble granted. */
  readonly sessionTimeoutMs: number;
  /** Whether the fault unseats the leader, so that another candidate must lead. */
  readonly unseatsLeader: boolean;
  /** From the fault on, a new leader must lead within this time. */
  readonly boundMs: number;
  /** Watch notifications that one failover must cause, by the scheme's own rule: those of a contender's end. */
  readonly expectedNotifications: number;
  /** Those that the successor's announcement must cause besides, after its claim. */
  readonly expectedAnnouncements: number;
  /** Whether leaders write to a counter all the time, and whether a fence guards it. */
  readonly counter: CounterMode;
}

/** An old leader can only be seen to act where there is something to act on. */
export type CounterMode = "guarded" | "unguarded" | "none";
