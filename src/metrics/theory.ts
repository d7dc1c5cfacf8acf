/**
 * What ZooKeeper's timing rules say of a failover, before anything is measured. T is the session timeout.
 * - A leader syncs every quarter of a tick (election/heartbeat.ts), so that its last sign of life is no older
 *   than that when it falls silent.
 * - The server rounds a session's end up to its next tick, `(⌊(now + T) / tick⌋ + 1) · tick` (`ExpiryQueue`):
 *   it expires within (T, T + tick] of its last sign of life.
 * - A follower hands on what it heard when the ensemble's leader pings it, twice a tick (`Leader.lead`): where
 *   there are several servers, the last sign of life may count for half a tick later than it was.
 */
import type { Failover } from "./failover.ts";

/** Times in milliseconds. */
export interface Band {
  readonly low: number;
  readonly high: number;
}

export interface Prediction {
  readonly failoverMs: Band;
  /** Failovers inside the band. */
  readonly inside: number;
  /** Failovers outside of it, by their numbers. */
  readonly outside: readonly number[];
}

/** What a failover's time depends on. */
export interface FailoverTiming {
  readonly fault: string;
  readonly sessionTimeoutMs: number;
  /** `null` for an ensemble that does not tell it. */
  readonly tickTimeMs: number | null;
  readonly servers: number;
  /** Watch notifications that one failover must cause, by the scheme's own rule. */
  readonly expectedNotifications: number;
}

/**
 * What the election itself may take: to commit, notify, list and claim. No theory, but our own allowance, and
 * a generous one: a quiet machine needs 2 ms, and about half a millisecond for each candidate that is woken.
 */
const PROTOCOL_MS = 50;
const PROTOCOL_MS_PER_NOTIFICATION = 2;

const BEATS_PER_TICK = 4;
const SHORTEST_BEAT_MS = 10;

/** How old a leader's last sign of life is at the most. Milliseconds. */
export function leaderBeatMs(tickTimeMs: number): number {
  return Math.max(SHORTEST_BEAT_MS, tickTimeMs / BEATS_PER_TICK);
}

/** Whether a timer decides how long a failover takes, and not the machine. */
export function waitsForTimer(fault: string): boolean {
  return fault === "freeze";
}

/** `null` where theory says nothing: of an unknown fault or tick, and where nobody new has to lead. */
export function bandOf(timing: FailoverTiming): Band | null {
  const { fault, sessionTimeoutMs, tickTimeMs, servers, expectedNotifications } = timing;
  const protocolMs = PROTOCOL_MS + PROTOCOL_MS_PER_NOTIFICATION * expectedNotifications;
  switch (fault) {
    // The contender is deleted at once: no timer is in the way.
    case "resign":
    case "close":
    case "expire":
      return { low: 0, high: protocolMs };
    // The leader falls silent, and the ensemble has to miss it.
    case "freeze": {
      if (tickTimeMs === null) return null;
      const relayMs = servers > 1 ? tickTimeMs / 2 : 0;
      return {
        // A busy machine is late with a heartbeat, too.
        low: sessionTimeoutMs - leaderBeatMs(tickTimeMs) - PROTOCOL_MS,
        high: sessionTimeoutMs + tickTimeMs + relayMs + protocolMs,
      };
    }
    default:
      return null;
  }
}

/** Failovers without a successor are neither inside nor outside. */
export function predict(timing: FailoverTiming, failovers: readonly Failover[]): Prediction | null {
  const band = bandOf(timing);
  if (band === null) return null;
  const timed = failovers.filter(({ totalMs }) => totalMs !== null);
  const outside = timed.flatMap(({ failover, totalMs }) =>
    totalMs !== null && (totalMs < band.low || totalMs > band.high) ? failover : [],
  );
  return { failoverMs: band, inside: timed.length - outside.length, outside };
}
