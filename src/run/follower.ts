import type { TrialHeader } from "../history/header.ts";
import type { Told } from "../history/told.ts";
import type { TrialProgress } from "./progress.ts";

/**
 * Follows trials while they run. Nothing of this happens inside a measured window: the next one waits for it.
 */
export interface Follower {
  progress(trial: number, progress: TrialProgress): void;
  /** A trial begins, for the first time or again. */
  begins(header: TrialHeader): void;
  /** The next strikes and events of a trial, in chronological order. */
  hears(trial: number, told: readonly Told[]): Promise<void>;
}
