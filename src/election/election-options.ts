/** How an election is made. */
import type { Acl } from "../zookeeper/session.ts";
import type { SuspendedPolicy } from "./ground.ts";
import type { Runtime } from "./runtime.ts";
import type { Scheme } from "./scheme.ts";

export interface ElectionOptions {
  /** The znode whose children are the contenders. It and its parents are created where they are missing. */
  readonly path: string;
  /** @default predecessor */
  readonly scheme?: Scheme;
  /** What others can read of this candidate, such as its address: 1024 bytes at most. @default "" */
  readonly data?: string;
  /** @default "strict" */
  readonly suspendedPolicy?: SuspendedPolicy;
  /**
   * Whether to open a new session when this one has expired, and to join again behind all others.
   * @default false
   */
  readonly rejoin?: boolean;
  /**
   * Milliseconds, as in the servers' configuration, for the lease: half of the session timeout at most.
   * @default 2000, and no more than half of the session timeout
   */
  readonly tickTimeMs?: number;
  /** For the contender, and for parents that are missing. @default open to all */
  readonly acl?: readonly Acl[];
  readonly runtime?: Runtime;
}

/** How a candidate resigns. */
export interface ResignOptions {
  /**
   * For how long it tries to remove the contender. Then it closes the session, and the contender
   * goes with it: at once where the ensemble can be reached, else when the session expires.
   * Whatever else uses the session loses it, too.
   * @default 2000
   */
  readonly timeoutMs?: number | undefined;
  /** Closes the session at once when it is aborted, as after the time. */
  readonly signal?: AbortSignal | undefined;
  /** The term ends at once, but the contender stays until this has settled: the next one leads only then. */
  readonly after?: Promise<unknown> | undefined;
}
