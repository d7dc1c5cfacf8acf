/** The ZooKeeper ensemble that a run works on: the run's own, or the user's. */
import type { ServerSetUp } from "../history/own-servers.ts";
import type { LabError } from "../lab-error.ts";
import type { Network } from "../network/network.ts";
import type { Auth } from "../zookeeper/open-options.ts";
import type { Session } from "../zookeeper/session.ts";
import type { Member } from "./member.ts";
import type { Monitors } from "./monitors.ts";

export interface Ensemble {
  /** The servers that a client connects to: `host:port,…`, without a chroot. */
  readonly connect: string;
  /** The same for one of many candidates: our own servers in an order per candidate, see spread.ts. */
  readonly connectFor: (candidate: number) => string;
  /** The credentials of every session. */
  readonly auth: readonly Auth[];
  /** The znode below which everything of this run lives; it exists, and is removed when the run ends. */
  readonly root: string;
  readonly members: readonly Member[];
  readonly monitors: Monitors;
  /** The version that a server reports; `null` if it does not. */
  readonly version: string | null;
  readonly embedded: boolean;
  /** What the servers reach each other through, if there are relays between them. */
  readonly network?: Network | undefined;
  /** `null` if it is not known. */
  readonly tickTimeMs: number | null;
  /** Whether writes are on disk before they are answered; `null` if it is not known. */
  readonly forceSync: boolean | null;
  readonly setUp: ServerSetUp;
  /** How long the coordinator's session may look for a server; a few seconds by default. */
  readonly patienceMs?: number;
  /** The coordinator's own session: for preparing and looking, outside the measured windows. */
  readonly session: Session;
  /**
   * Makes that session live again if it has ended.
   * @throws when no server answers any more: the ensemble is gone
   */
  revive(): Promise<void>;
  /** Settles with a description if one of its servers ends by itself, as far as that can be seen. */
  readonly ended: Promise<string>;
  /** Removes the run's znodes as far as it can, and ends the coordinator's session. */
  close(): Promise<void>;
  /**
   * What would be left of the run if this process ended now; after {@link close}, what could not be removed.
   * The text is for a person, and says what to do about it.
   */
  readonly left: LabError | undefined;
}
