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
 * - With a delay, every message crosses the link once. From the fault to the claim at least the successor's
 *   notification does; at most the victim's last message, the notification, the request for the list and its
 *   answer. A leader whose round trip is longer than its pause syncs as soon as it has the answer.
 */
import { leadingMs } from "../election/pace.ts";
import type { Delay } from "../history/delay.ts";
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
  readonly expects: Pick<Expectation, "leader" | "silentMs" | "notifications" | "most" | "serversElect">;
  /** `null` if the ensemble does not report it. */
  readonly tickTimeMs: number | null;
  readonly servers: number;
  /** Between a candidate and its server; `null` if it is not known. */
  readonly delay: Delay | null;
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

const MOST_CROSSINGS = 4;

/**
 * `null` if theory says nothing: with an unknown tick, delay or silence, or unless one that is left has to
 * lead.
 */
export function bandOf({ expects, tickTimeMs, servers, delay }: FailoverTiming): Band | null {
  const { leader, silentMs, serversElect = false } = expects;
  const notifications = expects.most?.notifications ?? expects.notifications;
  if (leader !== "next" || silentMs === null || delay === null) return null;
  const protocolMs = PROTOCOL_MS + PROTOCOL_MS_PER_NOTIFICATION * notifications;
  const [shortest, longest] = [delay.ms - delay.jitterMs, delay.ms + delay.jitterMs];
  const crossingsMs = MOST_CROSSINGS * longest;
  // The contender is deleted at once, without waiting for a timer.
  if (silentMs === 0) return { low: shortest, high: protocolMs + crossingsMs };
  // The leader falls silent, and the ensemble has to miss it.
  if (tickTimeMs === null) return null;
  const passedOnMs = servers > 1 ? tickTimeMs / 2 : 0;
  const high = silentMs + tickTimeMs + passedOnMs + protocolMs + crossingsMs;
  // The whole timeout begins after the strike.
  if (serversElect) return { low: silentMs + shortest, high: high + SERVERS_ELECT_MS };
  // The last sign of life and the notification have to cross. On a busy machine a heartbeat is late, too.
  const low = silentMs - Math.max(leadingMs(tickTimeMs), 2 * longest) - PROTOCOL_MS + 2 * shortest;
  return { low, high };
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
