/**
 * A fault strikes one candidate. It knows threads and sessions, and nothing of the election's recipe. Whatever
 * tells of a fault reads it here: no other file knows one by its name. So nothing here imports anything that
 * runs.
 */
import type { Blow } from "../candidates/blows.ts";
import type { Expectation } from "../history/strike.ts";
import type { Session } from "../zookeeper/session.ts";

/** What a fault may do. */
export interface Arena {
  /** Counts from 1; 0 is a warm-up. */
  readonly failover: number;
  readonly timing: Timing;
  /** The coordinator's own session. */
  readonly session: Pick<Session, "remove">;
  /** The znode of a candidate's contender, as it stood before the window of the failover. */
  contender(candidate: number): string;
  /** Records that the fault strikes, immediately before it does. */
  record(victim: number): void;
  /** Has the candidate's own thread strike itself, and record that; nobody waits for it. */
  strike(candidate: number, blow: Blow): void;
  /** Ends a candidate's session from outside, and records that the fault strikes. */
  expire(victim: number): Promise<void>;
}

export interface Timing {
  readonly sessionTimeoutMs: number;
  /** `null` for an ensemble that does not tell it. */
  readonly tickTimeMs: number | null;
  /** For how long who stands still does so, where it is not left to the fault. */
  readonly freezeForMs?: number | undefined;
}

/** What a trial must offer; what does not is refused with the reason, before anything starts. */
export interface Need {
  readonly what: "candidates";
  readonly fewest: number;
  /** The end of a sentence: "it strikes …". */
  readonly because: string;
}

export interface Fault {
  readonly name: string;
  readonly needs: readonly Need[];
  /** The victim's place in a line of so many candidates, the leader at 0. */
  position(candidates: number): number;
  readonly leader: Expectation["leader"];
  /** Whether the ensemble has to miss the victim; otherwise it is told at once that its contender ends. */
  readonly fallsSilent: boolean;
  /** What becomes of the victim, whatever the election does; who joins again does so by itself. */
  readonly victim: "loses-its-session" | "leaves" | "joins-again";
  /** Who may believe that he leads when his successor does already, and act on it. */
  readonly leavesBehind: "nobody" | "an-old-leader";
  /** What follows a strike, in words: "per …". */
  readonly occasion: string;
  /** A sentence: what was done to the victim. */
  struck(victim: number): string;
  /**
   * Of the requests by which it strikes, as a server counts them, given the length of the victim's path; `null`
   * where that is not known. Syntax of the requests: ZooKeeper's `zookeeper.jute`.
   */
  requestBytes(victimPath: number): number | null;
  /** Settles when the fault has been let loose, which may be before it has had its effect. */
  strike(victim: number, arena: Arena): Promise<void>;
}
