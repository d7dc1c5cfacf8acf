/**
 * Who leads the run's own servers, noted between failovers. Usually nobody is asked for it: the monitors that
 * are read for the servers' counts say it as well.
 */
import { isDeepStrictEqual } from "node:util";
import type { RolesSeen } from "../history/own-servers.ts";
import type { Limit } from "./awake.ts";
import type { Ensemble } from "./ensemble.ts";

/** A server on the loopback interface answers at once, unless it stands still. */
const LIMIT: Limit = { awakeMs: 500 };

export class ServerRoles {
  readonly #ensemble: Ensemble;
  readonly #now: () => number;
  /** Each entry differs from the one before. */
  readonly seen: RolesSeen[] = [];

  /** @param now the time in nanoseconds since the run's origin */
  constructor(ensemble: Ensemble, now: () => number) {
    this.#ensemble = ensemble;
    this.#now = now;
  }

  /**
   * @param failover the last one; 0 before the first
   * @param since what a server has said from then on is still true (`performance.now()`)
   */
  async note(failover: number, since: number): Promise<void> {
    const { embedded, members, monitors } = this.#ensemble;
    if (!embedded || members.length === 1) return;
    const told = monitors.rolesSince(since);
    const roles = await Promise.all(members.map((member, index) => told[index] ?? member.role(LIMIT)));
    if (!isDeepStrictEqual(roles, this.seen.at(-1)?.roles))
      this.seen.push({ failover, at: this.#now(), roles });
  }
}
