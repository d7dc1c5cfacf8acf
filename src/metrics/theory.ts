/**
 * The predictions of ZooKeeper's timing rules for a failover, before anything is measured. T is the session
 * timeout.
 * - A leader syncs every quarter of a tick (election/pace.ts), so its last sign of life is no older than that
 *   when it falls silent.
 * - The server rounds a session's end up to its next tick, `(⌊(now + T) / tick⌋ + 1) · tick` (`ExpiryQueue`):
 *   the session expires within (T, T + tick] of its last sign of life.
 * - A new leader of the ensemble gives every session its whole timeout anew when it has been elected
 *   (`LeaderSessionTracker`); followers notice at once if the connection to the old one breaks.
 * - A follower passes on what it heard when the ensemble's leader pings it, twice a tick (`Leader.lead`): with
 *   several servers, the last sign of life may count for half a tick longer.
 */
import { leadingMs } from "../election/pace.ts";
import type { Expectation } from "../history/strike.ts";
import { count, list, number, type Of, object, whole } from "../shape.ts";
import type { Failover } from "./figures.ts";

/** Times in milliseconds. */
const band = object({ low: number(), high: number() });

export type Band = Of<typeof band>;

export const prediction = object({
  failoverMs: band,
  inside: count("Failovers inside the band."),
  outside: list(whole(1), "The numbers of failovers outside it."),
});

export type Prediction = Of<typeof prediction>;

/** The factors of a failover's time. */
export interface FailoverTiming {
  readonly expects: Pick<Expectation, "leader" | "silentMs" | "notifications" | "serversElect">;
  /** `null` if the ensemble does not report it. */
  readonly tickTimeMs: number | null;
  readonly servers: number;
}

/**
 * The time that the election itself may take: to commit, notify, list and claim. This is not theory but our own
 * allowance, and a generous one: a quiet machine needs 2 ms, and about half a millisecond for each woken
 * candidate.
 */
const PROTOCOL_MS = 50;
const PROTOCOL_MS_PER_NOTIFICATION = 2;

/**
 * The time that the servers may take to elect a leader of their own. Not theory either: it takes three servers
 * 0.35 to 0.58 s, of which 0.2 s are a fixed wait (`FastLeaderElection`).
 */
const SERVERS_ELECT_MS = 2000;

/** `null` if theory says nothing: with an unknown tick, or if nobody new has to lead. */
export function bandOf({ expects, tickTimeMs, servers }: FailoverTiming): Band | null {
  const { leader, silentMs, notifications, serversElect = false } = expects;
  if (leader === "same") return null;
  const protocolMs = PROTOCOL_MS + PROTOCOL_MS_PER_NOTIFICATION * notifications;
  // The contender is deleted at once, without waiting for a timer.
  if (silentMs === 0) return { low: 0, high: protocolMs };
  // The leader falls silent, and the ensemble has to miss it.
  if (tickTimeMs === null) return null;
  const relayMs = servers > 1 ? tickTimeMs / 2 : 0;
  const high = silentMs + tickTimeMs + relayMs + protocolMs;
  // The whole timeout begins after the strike.
  if (serversElect) return { low: silentMs, high: high + SERVERS_ELECT_MS };
  // On a busy machine a heartbeat is late, too.
  return { low: silentMs - leadingMs(tickTimeMs) - PROTOCOL_MS, high };
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
