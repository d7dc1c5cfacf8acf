/**
 * Computes which session timeout T and which tick keep the failover of a crashed leader under a target. By
 * ZooKeeper's timing rules (see theory.ts) it takes T − age + phase + protocol. The age of the last sign of
 * life is anything up to tick/4, since a crash comes at any time; the phase of the server's clock is anything
 * up to a tick. The client's own limits are in `zookeeper_interest`: it is cut off after 2T/3 without an
 * answer. All of this is for one server: in an ensemble, a follower may pass on the last sign of life half a
 * tick later.
 */
import { leadingMs, longestSilenceMs, requestsPerSecond } from "../election/pace.ts";
import { uniformSumQuantile } from "./uniform-sum.ts";

export interface AdviceQuestion {
  /** The limit for the p99 of a crash failover. */
  readonly targetMs: number;
  readonly candidates: number;
  /** The time that the election itself takes, without any timer: measured, or assumed. */
  readonly protocolMs: number;
  readonly tickTimesMs?: readonly number[];
}

export interface AdviceRow {
  readonly sessionTimeoutMs: number;
  readonly tickTimeMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
  /** Requests of all candidates together, while nothing else happens. */
  readonly heartbeatsPerSecond: number;
  /**
   * The longest pause of a healthy client that certainly does not cost its session: the pause begins just
   * before a heartbeat.
   */
  readonly falseExpiryMarginMs: number;
  /** The time without an answer after which the client reports that it is cut off. */
  readonly suspendedAfterMs: number;
}

/** The time of a crash failover by the model, in milliseconds. */
export interface CrashFailover {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
}

/** ZooKeeper's sample configuration says 2000, its default is 3000; labs use the short ones. */
export const usualTickTimesMs = [100, 200, 500, 1000, 2000, 3000] as const;

/** A server's default bounds for session timeouts, in ticks (`minSessionTimeout`, `maxSessionTimeout`). */
const FEWEST_TICKS = 2;
const MOST_TICKS = 20;

/** A row for each tick, with the longest session timeout that reaches the target; none if none does. */
export function advise(question: AdviceQuestion): AdviceRow[] {
  const { candidates, protocolMs, tickTimesMs = usualTickTimesMs } = question;
  return tickTimesMs.flatMap((tickTimeMs) => {
    const sessionTimeoutMs = longestTimeout(question, tickTimeMs);
    if (sessionTimeoutMs === null) return [];
    return {
      sessionTimeoutMs,
      tickTimeMs,
      ...crashFailover(sessionTimeoutMs, tickTimeMs, protocolMs),
      heartbeatsPerSecond: requestsPerSecond(candidates, sessionTimeoutMs, tickTimeMs),
      falseExpiryMarginMs: sessionTimeoutMs - longestSilenceMs(candidates, sessionTimeoutMs),
      suspendedAfterMs: (2 * sessionTimeoutMs) / 3,
    };
  });
}

/** The p99 with the shortest tick and its shortest session timeout. */
export function smallestTargetMs({
  protocolMs,
  tickTimesMs = usualTickTimesMs,
}: Omit<AdviceQuestion, "targetMs">): number {
  const tickTimeMs = Math.min(...tickTimesMs);
  return crashFailover(FEWEST_TICKS * tickTimeMs, tickTimeMs, protocolMs).p99Ms;
}

export function crashFailover(
  sessionTimeoutMs: number,
  tickTimeMs: number,
  protocolMs: number,
): CrashFailover {
  const longestAgeMs = leadingMs(tickTimeMs);
  // longestAgeMs − age is distributed like the age itself: what remains is a sum.
  const quantile = (share: number) =>
    sessionTimeoutMs - longestAgeMs + uniformSumQuantile(longestAgeMs, tickTimeMs, share) + protocolMs;
  return {
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    worstMs: sessionTimeoutMs + tickTimeMs + protocolMs,
  };
}

/** A number of whole milliseconds; the p99 grows with the timeout, so a binary search finds the longest. */
function longestTimeout({ targetMs, protocolMs }: AdviceQuestion, tickTimeMs: number): number | null {
  const reaches = (timeoutMs: number) => crashFailover(timeoutMs, tickTimeMs, protocolMs).p99Ms <= targetMs;
  let reached = FEWEST_TICKS * tickTimeMs;
  let beyond = MOST_TICKS * tickTimeMs + 1;
  if (!reaches(reached)) return null;
  while (beyond - reached > 1) {
    const middle = Math.floor((reached + beyond) / 2);
    if (reaches(middle)) reached = middle;
    else beyond = middle;
  }
  return reached;
}
