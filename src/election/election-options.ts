/** Options of an election. */
import type { Acl } from "../zookeeper/session.ts";
import type { SuspendedPolicy } from "./candidacy-context.ts";
import type { JoinMode } from "./join-mode.ts";
import type { Runtime } from "./runtime.ts";
import type { Scheme } from "./scheme.ts";

export interface ElectionOptions {
  /** The znode whose children are the contenders. It and its parents are created if they are missing. */
  readonly path: string;
  /** @default predecessor */
  readonly scheme?: Scheme;
  /**
   * How a candidate learns who is before it when it joins.
   * @default "by-list"
   */
  readonly join?: JoinMode;
  /**
   * What others can read about this candidate, such as its address: 1024 bytes at most.
   * @default ""
   */
  readonly data?: string;
  /** @default "strict" */
  readonly suspendedPolicy?: SuspendedPolicy;
  /**
   * Whether to open a new session when this one has expired, and to join again behind all others.
   * @default false
   */
  readonly rejoin?: boolean;
  /**
   * The tick of the servers' configuration in milliseconds, for the lease: half of the session timeout at most.
   * @default 2000, and no more than half of the session timeout
   */
  readonly tickTimeMs?: number;
  /**
   * Applies to the contender, and to parents that are missing.
   * @default open to all
   */
  readonly acl?: readonly Acl[];
  readonly runtime?: Runtime;
}

/** Options with what applies where none is given. */
export type SettledOptions = ElectionOptions & Required<Pick<ElectionOptions, "scheme" | "join">>;

/** How a candidate resigns. */
export interface ResignOptions {
  /**
   * How long it tries to remove the contender. Then it closes the session, and the contender goes with it: at
   * once if the ensemble can be reached, else when the session expires. Other users of the session lose it,
   * too.
   * @default 2000
   */
  readonly timeoutMs?: number | undefined;
  /** Closes the session at once when it is aborted, as it would after `timeoutMs`. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The term ends at once, but the contender stays until this promise has settled: only then can the next one
   * lead.
   */
  readonly after?: Promise<unknown> | undefined;
}
