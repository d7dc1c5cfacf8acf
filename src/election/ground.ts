/** What a candidacy stands on, and what it may do when its connection is lost. */
import type { EventEmitter } from "node:events";
import type { Session } from "../zookeeper/session.ts";
import type { ElectionEvents, ElectionState } from "./election-events.ts";
import type { Lease } from "./lease.ts";
import type { Runtime } from "./runtime.ts";
import type { Scheme } from "./scheme.ts";

/** Where a candidacy takes place, and whom it tells. */
export interface Ground {
  readonly session: Session;
  readonly lease: Lease;
  /** The znode of the election. */
  readonly path: string;
  readonly scheme: Scheme;
  readonly data: string;
  readonly suspendedPolicy: SuspendedPolicy;
  readonly runtime: Runtime;
  readonly events: EventEmitter<ElectionEvents>;
  become(state: ElectionState): void;
  /** The contender is not there any more, by nobody's doing here. */
  onGone(): void;
  /** What no retry mends. */
  onError(error: Error): void;
}

/** What a leader does when its connection is lost: step down at once, or lead on until its lease runs out. */
export const suspendedPolicies = ["strict", "session"] as const;

export type SuspendedPolicy = (typeof suspendedPolicies)[number];
