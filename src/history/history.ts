/** A history is all that checkers and metrics see of a trial: what was tried, what happened, what remained. */
import type { Event } from "./event.ts";
import type { TrialHeader } from "./header.ts";
import type { Observations } from "./observations.ts";
import type { Strike } from "./strike.ts";

/** What a trial left behind after all its candidates had left; `null` where it could not be looked at. */
export interface Remains {
  readonly znodes: number | null;
  readonly watches: number | null;
  readonly files: number | null;
  readonly processes: number | null;
}

/** What is known of a trial when it is over. */
export interface Ending {
  readonly remains: Remains | null;
  readonly observations: Observations | null;
}

export interface History extends Ending {
  readonly header: TrialHeader;
  /** In the order of time. */
  readonly strikes: readonly Strike[];
  /** In the order of time. */
  readonly events: readonly Event[];
}
