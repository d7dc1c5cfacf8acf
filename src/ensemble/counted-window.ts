/**
 * Counts what the servers do over one failover, with looks before and after it, never during it. While a
 * heartbeat is in flight nobody can tell whether the servers have counted it yet, so none begins meanwhile, and
 * a look that meets an earlier one is repeated. None of this may cost a leader its lease: if the servers do not
 * answer in time, or one is known not to answer, there are no counts.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { ServerDifference } from "../history/server-difference.ts";
import type { Ensemble } from "./ensemble.ts";
import {
  type Between,
  type Counted,
  countServers,
  countsBetween,
  type Heartbeats,
  haveCountedOn,
  type ServerCounts,
  subtract,
} from "./server-counts.ts";

/** The time after which the servers have cleaned up after a look, and have answered earlier requests. */
const REST_MS = 5;
/** Enough for a busy machine to answer the last heartbeat. */
const LOOKS = 10;

/** Requests of leaders and others besides their election. */
export interface Leaders {
  readonly ask: "heartbeats" | "heartbeats-and-writes";
  /** How long their heartbeats may wait, in milliseconds. */
  readonly patienceMs: number;
  /** The number of heartbeats answered so far, and of those that are not answered yet. */
  beats(): Heartbeats & { readonly inFlight: number };
  /** Sets whose heartbeats have to wait from now on. */
  hush(who: number | "everybody" | "nobody"): void;
}

/** Other requests that the lab itself made meanwhile. */
export type OwnRequests = Omit<Between, "look" | "looks" | "heartbeats" | "quietMs"> & {
  /** The time since when sessions may have sent nothing but pings (`performance.now()`). */
  readonly quietSince: number;
};

interface Look<Seen> {
  readonly seen: Seen;
  /** The number of looks that it took. */
  readonly looks: number;
  /** `null`: a heartbeat came in between. */
  readonly beats: Heartbeats | null;
}

interface Start extends Look<Counted> {
  /** The counts that one look itself adds. */
  readonly look: ServerCounts;
}

export class CountedWindow {
  readonly #ensemble: Ensemble;
  readonly #leaders: Leaders;
  /** `null` if the servers do not report counts. */
  readonly #start: Start | null;

  private constructor(ensemble: Ensemble, leaders: Leaders, start: Start | null) {
    this.#ensemble = ensemble;
    this.#leaders = leaders;
    this.#start = start;
  }

  /**
   * Settles when the servers are at rest again.
   * @param victim begins no heartbeat from here on, since nobody could tell whether it is still answered
   */
  static async open(ensemble: Ensemble, leaders: Leaders, victim: number): Promise<CountedWindow> {
    await ensemble.monitors.callLate();
    const start = ensemble.monitors.allTell ? await begin(ensemble, leaders) : null;
    leaders.hush(start !== null && leaders.ask === "heartbeats" ? victim : "nobody");
    // Heartbeats that had to wait go first.
    await delay(REST_MS);
    return new CountedWindow(ensemble, leaders, start);
  }

  /** `null` if the servers do not report counts. */
  async close({ quietSince, ...between }: OwnRequests): Promise<ServerDifference | null> {
    const start = this.#start;
    if (start === null) return null;
    const { seen, looks, beats } = await quietly(this.#leaders, (withinMs) =>
      countServers(this.#ensemble, withinMs),
    );
    this.#leaders.hush("nobody");
    if (seen === null || !haveCountedOn(start.seen, seen)) return null;
    const known = start.beats !== null && beats !== null && this.#leaders.ask === "heartbeats";
    return countsBetween(start.seen.counts, seen.counts, {
      ...between,
      look: start.look,
      looks,
      heartbeats: known ? beatsBetween(start.beats, beats) : null,
      quietMs: performance.now() - quietSince,
    });
  }

  /** Heartbeats go on, whether or not the window was closed. */
  [Symbol.dispose](): void {
    this.#leaders.hush("nobody");
  }
}

/** Two looks in a row. */
async function begin(ensemble: Ensemble, leaders: Leaders): Promise<Start | null> {
  const { seen, ...rest } = await quietly(leaders, async (withinMs) => {
    const deadline = performance.now() + withinMs;
    const first = await countServers(ensemble, withinMs);
    const second = first && (await countServers(ensemble, deadline - performance.now()));
    return first && second && { first, second };
  });
  if (seen === null || !haveCountedOn(seen.first, seen.second)) return null;
  return { ...rest, seen: seen.second, look: subtract(seen.second.counts, seen.first.counts) };
}

/** If leaders write as well, there is no quiet moment to wait for. */
async function quietly<Seen>(
  leaders: Leaders,
  look: (withinMs: number) => Promise<Seen>,
): Promise<Look<Seen>> {
  const quiet = leaders.ask === "heartbeats";
  const deadline = performance.now() + (quiet ? leaders.patienceMs : Number.POSITIVE_INFINITY);
  const leftMs = () => deadline - performance.now();
  if (quiet) leaders.hush("everybody");
  for (let looks = 1; ; looks++) {
    if (quiet) await untilAnswered(leaders, performance.now() + leftMs() / 2);
    const beats = leaders.beats();
    const before = leftMs();
    const seen = await look(before);
    await delay(REST_MS);
    const after = leaders.beats();
    const alone = same(after, beats) && beats.inFlight === 0 && after.inFlight === 0;
    // Another look would take as long as this one.
    const last = looks === LOOKS || leftMs() < before - leftMs() + REST_MS;
    if (alone || last || !quiet || seen === null) return { seen, looks, beats: alone ? beats : null };
  }
}

/** Nobody begins a heartbeat: a look while one is in flight would tell nothing. */
async function untilAnswered(leaders: Leaders, deadline: number): Promise<void> {
  do await delay(REST_MS);
  while (leaders.beats().inFlight > 0 && performance.now() < deadline);
}

function same(a: Heartbeats, b: Heartbeats): boolean {
  return a.syncs === b.syncs && a.owns === b.owns;
}

function beatsBetween(before: Heartbeats, after: Heartbeats): Heartbeats {
  return { syncs: after.syncs - before.syncs, owns: after.owns - before.owns };
}
