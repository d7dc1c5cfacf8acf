/** What a candidacy needs, and what it may do when its connection is lost. */
import type { EventEmitter } from "node:events";
import type { Session } from "../zookeeper/session.ts";
import type { ElectionEvents, ElectionState } from "./election-events.ts";
import type { Lease } from "./lease.ts";
import type { Runtime } from "./runtime.ts";
import type { Scheme } from "./scheme.ts";

/** A candidacy's surroundings: where it takes place, and which callbacks it notifies. */
export interface CandidacyContext {
  readonly session: Session;
  readonly lease: Lease;
  /** The znode of the election. */
  readonly path: string;
  readonly scheme: Scheme;
  readonly data: string;
  /** Identifies its contender after a lost reply, if it joins by number. */
  readonly guid: string | undefined;
  readonly suspendedPolicy: SuspendedPolicy;
  readonly runtime: Runtime;
  readonly events: EventEmitter<ElectionEvents>;
  become(state: ElectionState): void;
  /** The contender is gone, and nothing here removed it. */
  onGone(): void;
  /** An error that no retry resolves. */
  onError(error: Error): void;
}

/** A leader's reaction to a lost connection: step down at once, or keep leading until its lease runs out. */
export const suspendedPolicies = ["strict", "session"] as const;

export type SuspendedPolicy = (typeof suspendedPolicies)[number];
