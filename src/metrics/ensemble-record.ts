/** Folds what is known of an ensemble in a trial: who led it, and how many candidates each server served. */
import type { Event, ServingServer } from "../history/event.ts";
import type { EnsembleRecord, RolesSeen } from "../history/own-servers.ts";

export class Service {
  /** The server of each candidate when all had settled for the first time. */
  readonly #servers = new Map<number, ServingServer>();
  #isBegun = false;

  event(event: Event): void {
    if (event.type === "enrolled") this.#isBegun = true;
    else if (event.type === "connected" && !this.#isBegun) this.#servers.set(event.candidate, event.server);
  }

  /** `null` if nobody noted roles: for one server, and for a user's own. */
  record(seen: readonly RolesSeen[]): EnsembleRecord | null {
    const [first, ...others] = seen;
    if (first === undefined) return null;
    const servers = first.roles.map((_, index) => String(index + 1));
    const leaderChanges: { failover: number; leader: number | null }[] = [];
    let leader = leaderOf(first);
    for (const later of others) {
      if (leaderOf(later) === leader) continue;
      leader = leaderOf(later);
      leaderChanges.push({ failover: later.failover, leader });
    }
    const served = [...this.#servers.values()];
    return {
      leader: leaderOf(first),
      leaderChanges,
      candidatesPerServer: served.includes("unknown")
        ? null
        : servers.map((server) => served.filter((one) => one === server).length),
    };
  }
}

/** The place of the only server that said that it leads, from 1. */
function leaderOf({ roles }: RolesSeen): number | null {
  const leaders = roles.flatMap((role, index) => (role === "leader" ? index + 1 : []));
  const [leader = null, other] = leaders;
  return other === undefined ? leader : null;
}
