/** The ZooKeeper ensemble that a run works on: one of its own, or the user's. */

import type { LabError } from "../lab-error.ts";
import type { Auth } from "../zookeeper/open-options.ts";
import type { Session } from "../zookeeper/session.ts";
import type { Member } from "./member.ts";
import type { Monitors } from "./monitors.ts";

export interface Ensemble {
  /** What a client connects to: `host:port,…`, without a chroot. */
  readonly connect: string;
  /** The same for one of many: our own servers in an order of its own, so that candidates spread evenly. */
  readonly connectFor: (candidate: number) => string;
  /** Who every session has to be. */
  readonly auth: readonly Auth[];
  /** The znode below which everything of this run lives; it exists, and goes when the run ends. */
  readonly root: string;
  readonly members: readonly Member[];
  readonly monitors: Monitors;
  /** As a server tells it; `null` when it does not. */
  readonly version: string | null;
  readonly embedded: boolean;
  /** `null` when it is not known. */
  readonly tickTimeMs: number | null;
  /** Whether writes are on disk before they are answered; `null` when it is not known. */
  readonly forceSync: boolean | null;
  /** The coordinator's own session: for preparing and looking, outside the measured windows. */
  readonly session: Session;
  /**
   * Has that session alive again, should it have ended.
   * @throws when no server answers any more: the ensemble is gone
   */
  revive(): Promise<void>;
  /** Settles, in words, if one of its servers ends by itself, as far as that can be seen. */
  readonly ended: Promise<string>;
  /** Removes what the run made on it as far as it can, and ends the coordinator's session. */
  close(): Promise<void>;
  /**
   * What would stay of the run if this process ended now; after {@link close}, what could not be removed. In
   * words for a person, with what to do about it.
   */
  readonly left: LabError | undefined;
}
