/** The coordinator's way to command a trial's candidates, whatever they live in. */
import type { PacketCounts } from "../history/packet-counts.ts";
import type { SessionIdentity } from "../zookeeper/native-session.ts";
import type { Blow } from "./blows.ts";
import type { TrialContext } from "./protocol.ts";

export interface CandidatePool extends AsyncDisposable {
  /** Whether any have been started. */
  readonly started: boolean;
  /** The session timeouts that the ensemble has granted, each one once, in milliseconds. */
  readonly grantedTimeoutsMs: readonly number[];
  /** Sessions that live on after their candidates have left. */
  readonly brokenOff: readonly SessionIdentity[];
  /** The processes that they live in, apart from this one. */
  readonly pids: readonly number[];
  /** Whether their heartbeats wait while the board says so. */
  readonly canHush: boolean;
  /**
   * What their packets have come to so far, apart from heartbeats; `null` if nobody stands in their paths to
   * the servers.
   */
  readonly packets: PacketCounts | null;
  /**
   * Makes all candidates join, and starts those that are not there yet. The first one joins alone, and leads.
   * @param onJoined is called with the number that have joined
   * @throws {CandidateFailed} when one cannot join, or too many have lost their sessions meanwhile
   */
  join(trial: TrialContext, onJoined: (joined: number) => void, signal: AbortSignal): Promise<void>;
  /**
   * Each sees everything that the ensemble has decided up to now.
   * @returns why some could not, each reason once
   */
  catchUp(candidates: readonly number[]): Promise<string[]>;
  /** These join once more, a few at a time. */
  rejoin(candidates: readonly number[]): Promise<void>;
  /** One joins once more, at once. */
  joinAgain(candidate: number): Promise<void>;
  /** All leave the election but stay alive. */
  standDown(): Promise<void>;
  /**
   * Its own code stands still until it is let go.
   * @returns lets it go
   * @throws when it does not hear that
   */
  hold(candidate: number, signal: AbortSignal): Promise<() => void>;
  /** Makes a fault strike, and does not wait for it. */
  strike(candidate: number, blow: Blow): void;
  /** Identifies the candidate's current session, to end it from outside. */
  identity(candidate: number): SessionIdentity;
}
