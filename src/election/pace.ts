/**
 * How often a contender syncs. The heartbeat follows it, the theory predicts with it, and a recording reserves
 * room for it. Times are in milliseconds.
 */

export const paces = ["leading", "waiting"] as const;
export type Pace = (typeof paces)[number];

/** A fraction of a tick: see lease.ts. */
const LEADING = 1 / 4;

/** A fraction of the session timeout: see lease.ts. The client never has to ping. */
export const WAITING = 1 / 7;

/** This share of a pause is random, so that candidates woken together do not keep syncing together. */
export const SPREAD = 0.2;

const SHORTEST_MS = 10;

/** The longest interval between two syncs of a leader or an heir. */
export function leadingMs(tickTimeMs: number): number {
  return Math.max(SHORTEST_MS, tickTimeMs * LEADING);
}

/** The same for all others. */
export function waitingMs(sessionTimeoutMs: number): number {
  return Math.max(SHORTEST_MS, sessionTimeoutMs * WAITING);
}
