/** A history is all that checkers and metrics see of a trial: what was tried, what happened, what remained. */
import type { Event } from "./event.ts";
import type { TrialHeader } from "./header.ts";
import type { Observations } from "./observations.ts";
import type { Strike } from "./strike.ts";

/** What a trial left behind after all its candidates had left; `null` if it could not be checked. */
export interface Remains {
  readonly znodes: number | null;
  readonly watches: number | null;
  readonly files: number | null;
  readonly processes: number | null;
}

/** Data known when a trial is over. */
export interface Ending {
  readonly remains: Remains | null;
  readonly observations: Observations | null;
}

export interface History extends Ending {
  readonly header: TrialHeader;
  /** Chronological. */
  readonly strikes: readonly Strike[];
  /** Chronological. */
  readonly events: readonly Event[];
}
