/**
 * What the servers count over one failover: looks before and after it, never during one. While a heartbeat is under
 * way nobody can tell whether the servers have counted it yet, so a look that meets one is taken again.
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

/** After so long, the servers have cleared up after a look, and what was asked during it has been answered. */
const REST_MS = 5;
/** As many as it takes to find a quiet moment between the heartbeats of a short tick. */
const LOOKS = 10;
/** No heartbeat is longer in coming. */
const NEXT_BEAT_MS = 500;

/** What leaders ask for besides their election. */
export interface Leaders {
  readonly ask: "heartbeats" | "heartbeats-and-writes";
  /** How many heartbeats have been answered so far. */
  beats(): Heartbeats;
}

/** What else is known of what the lab itself asked meanwhile. */
export type OwnRequests = Omit<Between, "look" | "looks" | "heartbeats" | "quietMs"> & {
  /** Since when sessions may have sent nothing but pings (`performance.now()`). */
  readonly quietSince: number;
};

interface Start {
  readonly look: ServerCounts;
  readonly counts: ServerCounts;
  /** `null`: a heartbeat came between. */
  readonly beats: Heartbeats | null;
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

  /** Settles when the servers have come to rest again. */
  static async open(ensemble: Ensemble, leaders: Leaders): Promise<CountedWindow> {
    for (let looks = 1; ; looks++) {
      const beats = leaders.beats();
      const first = await countServers(ensemble);
      const counts = await countServers(ensemble);
      await delay(REST_MS);
      if (first === null || counts === null) return new CountedWindow(ensemble, leaders, null);
      const alone = same(leaders.beats(), beats);
      if (alone || looks === LOOKS || leaders.ask !== "heartbeats") {
        const start = { look: subtract(counts, first), counts, beats: alone ? beats : null };
        return new CountedWindow(ensemble, leaders, start);
      }
      await untilBeat(leaders);
    }
  }

  /** `null` where the servers do not tell. */
  async close({ quietSince, ...between }: OwnRequests): Promise<ServerDifference | null> {
    const start = this.#start;
    const { ask } = this.#leaders;
    for (let looks = 1; start !== null; looks++) {
      const beats = this.#leaders.beats();
      const after = await countServers(this.#ensemble);
      const quietMs = performance.now() - quietSince;
      await delay(REST_MS);
      if (after === null) return null;
      const alone = same(this.#leaders.beats(), beats);
      if (alone || looks === LOOKS || ask !== "heartbeats") {
        const known = alone && start.beats !== null && ask === "heartbeats";
        const heartbeats = known ? beatsBetween(start.beats, beats) : null;
        return countsBetween(start.counts, after, {
          ...between,
          look: start.look,
          looks,
          heartbeats,
          quietMs,
        });
      }
      await untilBeat(this.#leaders);
    }
    return null;
  }
}

/** The longest quiet comes right after one. */
async function untilBeat({ beats }: Leaders): Promise<void> {
  const before = beats();
  for (let waited = 0; waited < NEXT_BEAT_MS && same(beats(), before); waited++) await delay(1);
}

function same(a: Heartbeats, b: Heartbeats): boolean {
  return a.syncs === b.syncs && a.owns === b.owns;
}

function beatsBetween(before: Heartbeats, after: Heartbeats): Heartbeats {
  return { syncs: after.syncs - before.syncs, owns: after.owns - before.owns };
}
