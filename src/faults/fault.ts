/** A fault strikes one candidate. It knows threads and sessions, and nothing of the election's recipe. */
import type { Strike } from "../candidates/protocol.ts";

/** What a fault may do. */
export interface Arena {
  /** Counts from 1. */
  readonly failover: number;
  readonly timing: Timing;
  /** Has the candidate's own thread strike itself; nobody waits for it. */
  strike(candidate: number, strike: Strike): void;
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

export interface Fault {
  readonly name: string;
  /** Whether the ensemble ends the victim's session, so that its contender goes, whatever the election does. */
  readonly endsSession: boolean;
  /** Whether another candidate must lead afterwards. */
  readonly unseatsLeader: boolean;
  /** Who may believe that he leads when his successor does already, and act on it. */
  readonly leavesBehind: "nobody" | "an-old-leader";
  /** The victim's place in a line of so many candidates, the leader at 0. */
  position(candidates: number): number;
  /** From the strike until the ensemble has removed the contender, at the most. Milliseconds. */
  removalMs(timing: Timing): number;
  /**
   * Of the requests by which it strikes, as a server counts them, given the length of the victim's path; `null`
   * where that is not known. Syntax of the requests: ZooKeeper's `zookeeper.jute`.
   */
  requestBytes(victimPath: number): number | null;
  /** Settles when the fault has been let loose, which may be before it has had its effect. */
  strike(victim: number, arena: Arena): Promise<void>;
}
