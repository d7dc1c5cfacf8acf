/**
 * How often a contender syncs. The heartbeat keeps to it, the theory predicts by it, and a recording has room
 * for what comes of it. Times in milliseconds.
 */

export const paces = ["leading", "waiting"] as const;
export type Pace = (typeof paces)[number];

/** Of a tick: see lease.ts. */
const LEADING = 1 / 4;

/** Of the session timeout: see lease.ts. The client never has to ping. */
export const WAITING = 1 / 7;

/** So much of a pause is left to chance, lest all who were woken together sync together ever after. */
export const SPREAD = 0.2;

const SHORTEST_MS = 10;

/** From one sync of a leader, or an heir, to the next, at the most. */
export function leadingMs(tickTimeMs: number): number {
  return Math.max(SHORTEST_MS, tickTimeMs * LEADING);
}

/** The same of all others. */
export function waitingMs(sessionTimeoutMs: number): number {
  return Math.max(SHORTEST_MS, sessionTimeoutMs * WAITING);
}
