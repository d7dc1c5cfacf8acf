/**
 * What the servers count over one failover: looks before and after it, never during one. While a heartbeat is under
 * way nobody can tell whether the servers have counted it yet, so none begins meanwhile, and a look that meets one that
 * had begun before is taken again.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { ServerDifference } from "../history/observations.ts";
import type { Ensemble } from "./ensemble.ts";
import {
  type Between,
  countServers,
  countsBetween,
  type Heartbeats,
  type ServerCounts,
  subtract,
} from "./server-counts.ts";

/** After so long, the servers have cleared up after a look, and what was asked before has been answered. */
const REST_MS = 5;
/** As many as it takes until a busy machine has answered the last heartbeat. */
const LOOKS = 10;

/** What leaders and others ask for besides their election. */
export interface Leaders {
  readonly ask: "heartbeats" | "heartbeats-and-writes";
  /** How many heartbeats have been answered so far. */
  beats(): Heartbeats;
  /** Whose heartbeats have to wait from now on. */
  hush(who: number | "everybody" | "nobody"): void;
}

/** What else is known of what the lab itself asked meanwhile. */
export type OwnRequests = Omit<Between, "look" | "looks" | "heartbeats" | "quietMs"> & {
  /** Since when sessions may have sent nothing but pings (`performance.now()`). */
  readonly quietSince: number;
};

interface Look<T> {
  readonly counts: T;
  /** How many it took. */
  readonly looks: number;
  /** `null`: a heartbeat came between. */
  readonly beats: Heartbeats | null;
}

interface Start extends Look<ServerCounts> {
  /** What one look itself adds. */
  readonly look: ServerCounts;
}

export class CountedWindow {
  readonly #ensemble: Ensemble;
  readonly #leaders: Leaders;
  /** `null` where the servers do not tell. */
  readonly #start: Start | null;

  private constructor(ensemble: Ensemble, leaders: Leaders, start: Start | null) {
    this.#ensemble = ensemble;
    this.#leaders = leaders;
    this.#start = start;
  }

  /**
   * Settles when the servers have come to rest again.
   * @param victim begins no heartbeat from here on: nobody could tell whether it is still answered
   */
  static async open(ensemble: Ensemble, leaders: Leaders, victim: number): Promise<CountedWindow> {
    const { counts, ...seen } = await quietly(leaders, async () => {
      const first = await countServers(ensemble);
      const counts = await countServers(ensemble);
      return first && counts && { look: subtract(counts, first), counts };
    });
    if (leaders.ask === "heartbeats") leaders.hush(victim);
    // Those that had to wait come first.
    await delay(REST_MS);
    return new CountedWindow(ensemble, leaders, counts && { ...seen, ...counts });
  }

  /** `null` where the servers do not tell. */
  async close({ quietSince, ...between }: OwnRequests): Promise<ServerDifference | null> {
    const start = this.#start;
    if (start === null) return null;
    const { counts, looks, beats } = await quietly(this.#leaders, () => countServers(this.#ensemble));
    this.#leaders.hush("nobody");
    if (counts === null) return null;
    const known = start.beats !== null && beats !== null && this.#leaders.ask === "heartbeats";
    return countsBetween(start.counts, counts, {
      ...between,
      look: start.look,
      looks,
      heartbeats: known ? beatsBetween(start.beats, beats) : null,
      quietMs: performance.now() - quietSince,
    });
  }

  /** Closed or not, heartbeats go on. */
  [Symbol.dispose](): void {
    this.#leaders.hush("nobody");
  }
}

/** Where leaders write as well, there is no quiet moment to wait for. */
async function quietly<T>(leaders: Leaders, count: () => Promise<T>): Promise<Look<T>> {
  const quiet = leaders.ask === "heartbeats";
  if (quiet) leaders.hush("everybody");
  for (let looks = 1; ; looks++) {
    if (quiet) await delay(REST_MS);
    const beats = leaders.beats();
    const counts = await count();
    await delay(REST_MS);
    const alone = same(leaders.beats(), beats);
    if (alone || looks === LOOKS || !quiet) return { counts, looks, beats: alone ? beats : null };
  }
}

function same(a: Heartbeats, b: Heartbeats): boolean {
  return a.syncs === b.syncs && a.owns === b.owns;
}

function beatsBetween(before: Heartbeats, after: Heartbeats): Heartbeats {
  return { syncs: after.syncs - before.syncs, owns: after.owns - before.owns };
}
